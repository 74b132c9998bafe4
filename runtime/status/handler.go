package status

import (
	"encoding/json"
	"net/http"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// Option changes what [Handler] serves.
type Option func(*handler)

// WithService says whose health it is: the name of the service and its release, shown on the page and in the report.
// Default: neither.
func WithService(name, release string) Option {
	return func(h *handler) { h.service, h.release = name, release }
}

// WithControl lets people act on the registry: isolate, restore and probe a dependency, switch the gate between enforce and
// observe. Each request is put to authorise first, and each action is an event with its actor and reason. Default: nobody
// may.
func WithControl(authorise Authoriser) Option {
	return func(h *handler) { h.authorise = authorise }
}

// handler serves one registry. Safe for concurrent use.
type handler struct {
	registry         *guard.HealthRegistry
	service, release string
	authorise        Authoriser // nil: control is off
	origins          *http.CrossOriginProtection
	mux              *http.ServeMux
	feed             feed
	history          history
	reports          reports
	streams          chan struct{} // a place for each event stream
	patience         time.Duration // of a write to an event stream
}

const (
	// streamLimit bounds the event streams that are open at a time.
	streamLimit = 512
	// streamPatience is how long an event stream may take to accept a write before it is dropped.
	streamPatience = 10 * time.Second
)

// Handler serves the health of registry; the package's documentation lists what. It remembers the events and the last hour
// from now on, so make one when the program starts. Its event streams end with their requests, or when the registry is
// closed. It panics if registry is nil, which is a mistake in the program. Safe for concurrent use.
func Handler(registry *guard.HealthRegistry, options ...Option) http.Handler {
	return newHandler(registry, options...)
}

func newHandler(registry *guard.HealthRegistry, options ...Option) *handler {
	if registry == nil {
		panic("status: Handler: the registry is nil")
	}
	h := &handler{
		registry: registry, origins: http.NewCrossOriginProtection(), mux: http.NewServeMux(),
		streams: make(chan struct{}, streamLimit), patience: streamPatience,
	}
	for _, option := range options {
		if option != nil {
			option(h)
		}
	}
	h.history.init()
	h.feed.init()
	h.feed.follow(registry, h.history.event)
	h.mux.HandleFunc("GET /{$}", h.page)
	h.mux.HandleFunc("GET /livez", h.live)
	h.mux.HandleFunc("GET /readyz", h.ready)
	h.mux.HandleFunc("GET /readyz/{check...}", h.readyCheck)
	h.mux.HandleFunc("GET /status", h.status)
	h.mux.HandleFunc("GET /events", h.events)
	h.mux.HandleFunc("GET /denials", h.denials)
	h.mux.HandleFunc("GET /explain", h.explain)
	h.mux.HandleFunc("POST /control/{action}", h.control)
	return h
}

// ServeHTTP implements [http.Handler].
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff") // what an error says is never taken for a page
	header.Set("Referrer-Policy", "no-referrer")
	h.mux.ServeHTTP(w, r)
}

// send answers with a value as JSON.
func send(w http.ResponseWriter, code int, contentType string, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	sendBytes(w, code, contentType, append(body, '\n'))
}

func sendBytes(w http.ResponseWriter, code int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(code)
	w.Write(body) // an error means that the client has gone
}

// problem is an error for programs, as of RFC 9457.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// fail answers with an error.
func fail(w http.ResponseWriter, code int, detail string) {
	send(w, code, "application/problem+json", problem{http.StatusText(code), code, detail})
}
