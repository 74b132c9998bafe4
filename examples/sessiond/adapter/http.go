// Package adapter is how people and programs reach the service: over HTTP, and by the operator's command.
package adapter

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/guardgen/guardgen/examples/sessiond/service"
	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

const (
	// confirmedBy is the header with the name of the person who has just asked for the request. Without it a destructive
	// request is one that a program thought of. A service on a network would take the name from its authentication.
	confirmedBy = "Confirmed-By"

	bodyLimit      = 1 << 20 // bytes of a message
	defaultHistory = 20      // messages
	maxHistory     = 1000
)

// Handler serves the service to its users. Each request is a scope of its own: when something in it has failed, nothing
// in it destroys.
func Handler(s *service.Service) http.Handler {
	h := &handler{service: s}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /sessions", h.open)
	mux.HandleFunc("GET /sessions", h.list)
	mux.HandleFunc("DELETE /sessions/{id}", h.end)
	mux.HandleFunc("POST /sessions/{id}/heartbeat", h.heartbeat)
	mux.HandleFunc("POST /sessions/{id}/messages", h.notify)
	mux.HandleFunc("DELETE /sessions/{id}/channel", h.deleteChannel)
	mux.HandleFunc("POST /topics/{topic}/messages", h.deliver)
	mux.HandleFunc("GET /topics/{topic}/messages", h.history)
	mux.HandleFunc("DELETE /topics/{topic}", h.deleteTopic)
	return unixhttp.Scope(mux)
}

// handler translates between HTTP and the service.
type handler struct {
	service *service.Service
}

func (h *handler) open(w http.ResponseWriter, r *http.Request) {
	var question struct{ Owner, Topic string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyLimit)).Decode(&question); err != nil {
		http.Error(w, "body: "+err.Error(), http.StatusBadRequest)
		return
	}
	opened, err := h.service.Open(r.Context(), question.Owner, question.Topic)
	reply(w, opened, err)
}

func (h *handler) list(w http.ResponseWriter, _ *http.Request) {
	reply(w, h.service.Sessions(), nil)
}

func (h *handler) heartbeat(w http.ResponseWriter, r *http.Request) {
	reply(w, nil, h.service.Heartbeat(r.Context(), r.PathValue("id")))
}

// end takes ?how=closed|terminated|ended (closed) and ?reason=.
func (h *handler) end(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	how := session.Ending(query.Get("how"))
	if how == "" {
		how = session.Closed
	}
	reply(w, nil, h.service.End(r.Context(), r.PathValue("id"), how, r.Header.Get(confirmedBy), query.Get("reason")))
}

func (h *handler) notify(w http.ResponseWriter, r *http.Request) {
	body, ok := message(w, r)
	if ok {
		reply(w, nil, h.service.Notify(r.Context(), r.PathValue("id"), body))
	}
}

// deliver takes ?session=.
func (h *handler) deliver(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("session")
	body, ok := message(w, r)
	if ok {
		reply(w, nil, h.service.Deliver(r.Context(), id, r.PathValue("topic"), body))
	}
}

// history takes ?limit=.
func (h *handler) history(w http.ResponseWriter, r *http.Request) {
	limit := defaultHistory
	if text := r.URL.Query().Get("limit"); text != "" {
		var err error
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > maxHistory {
			http.Error(w, "limit: want a number from 1 to "+strconv.Itoa(maxHistory), http.StatusBadRequest)
			return
		}
	}
	messages, err := h.service.History(r.Context(), r.PathValue("topic"), limit)
	reply(w, messages, err)
}

func (h *handler) deleteTopic(w http.ResponseWriter, r *http.Request) {
	reply(w, nil, h.service.DeleteTopic(r.Context(), r.PathValue("topic"), r.Header.Get(confirmedBy)))
}

func (h *handler) deleteChannel(w http.ResponseWriter, r *http.Request) {
	reply(w, nil, h.service.DeleteChannel(r.Context(), r.PathValue("id"), r.Header.Get(confirmedBy)))
}

// message reads the body of the request. If it reports false, the request has been answered.
func message(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		http.Error(w, "body: "+err.Error(), http.StatusBadRequest)
	}
	return body, err == nil
}

// reply answers with value, or with nothing if that is nil; or says what err is about.
func reply(w http.ResponseWriter, value any, err error) {
	if err != nil {
		complain(w, err)
		return
	}
	if value == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(value)
}

// complain answers with an error. What the guard refused goes out as problem details with the time to come again;
// what a dependency failed at is a 502, because it is not the user's fault.
func complain(w http.ResponseWriter, err error) {
	code := http.StatusBadGateway
	if answer, ok := errors.AsType[*unixhttp.StatusError](err); ok && answer.Code < http.StatusInternalServerError {
		code = answer.Code
	} else if errors.Is(err, transport.ErrNoTopic) {
		code = http.StatusNotFound
	}
	unixhttp.Error(w, err, code)
}
