package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/session"
)

// Server keeps the sessions in memory and serves the session API. Safe for concurrent use.
type Server struct {
	http    *http.Server
	serving sync.WaitGroup
	onEnd   func(session.Session, session.Ending)

	mu       sync.Mutex
	sessions map[string]session.Session
	created  int
}

// createRequest is the body of a request for a new session.
type createRequest struct {
	Owner string `json:"owner"`
	Topic string `json:"topic,omitempty"`
}

// NewServer has no sessions. If onEnd is not nil, it hears of each session that ended and how; it must be quick, and
// may be called from several goroutines.
func NewServer(onEnd func(session.Session, session.Ending)) *Server {
	s := &Server{sessions: make(map[string]session.Session), onEnd: onEnd}
	s.http = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 5 * time.Second}
	return s
}

// Serve starts serving on the listener and returns. Close ends it.
func (s *Server) Serve(listener net.Listener) {
	s.serving.Go(func() { s.http.Serve(listener) })
}

// ListenAndServe starts serving at the unix socket and returns.
func (s *Server) ListenAndServe(socket string) error {
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return fmt.Errorf("session api: %w", err)
	}
	s.Serve(listener)
	return nil
}

// Close ends every connection and waits until serving has ended.
func (s *Server) Close() error {
	err := s.http.Close()
	s.serving.Wait()
	return err
}

// handler routes the requests of Client.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ping", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /sessions", s.create)
	mux.HandleFunc("GET /sessions", s.list)
	mux.HandleFunc("GET /sessions/{id}", s.get)
	mux.HandleFunc("PUT /sessions/{id}/seen", s.touch)
	mux.HandleFunc("DELETE /sessions/{id}", s.end)
	return mux
}

func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	var question createRequest
	if err := json.NewDecoder(r.Body).Decode(&question); err != nil {
		http.Error(w, "body: "+err.Error(), http.StatusBadRequest)
		return
	}
	if question.Owner == "" {
		http.Error(w, "a session needs an owner", http.StatusBadRequest)
		return
	}
	now := time.Now()
	s.mu.Lock()
	s.created++
	created := session.Session{
		ID:        fmt.Sprintf("s%05d", s.created),
		Owner:     question.Owner,
		Topic:     question.Topic,
		CreatedAt: now,
		LastSeen:  now,
	}
	s.sessions[created.ID] = created
	s.mu.Unlock()
	answer(w, created)
}

func (s *Server) list(w http.ResponseWriter, _ *http.Request) {
	answer(w, s.Sessions())
}

func (s *Server) get(w http.ResponseWriter, r *http.Request) {
	found, ok := s.Session(r.PathValue("id"))
	if !ok {
		notFound(w)
		return
	}
	answer(w, found)
}

func (s *Server) touch(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.mu.Lock()
	found, ok := s.sessions[id]
	if ok {
		found.LastSeen = time.Now()
		s.sessions[id] = found
	}
	s.mu.Unlock()
	if !ok {
		notFound(w)
	}
}

func (s *Server) end(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.mu.Lock()
	gone, ok := s.sessions[id]
	delete(s.sessions, id)
	s.mu.Unlock()
	if !ok {
		notFound(w)
		return
	}
	if s.onEnd != nil {
		s.onEnd(gone, session.Ending(r.URL.Query().Get("how")))
	}
}

// Session returns the session if it exists.
func (s *Server) Session(id string) (session.Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.sessions[id]
	return found, ok
}

// Sessions returns every session, in the order of their creation.
func (s *Server) Sessions() []session.Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.sessions), func(a, b session.Session) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
}

// answer writes value as JSON. A client that has gone away is no concern of ours.
func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(value)
}

// notFound says that the session does not exist.
func notFound(w http.ResponseWriter) {
	http.Error(w, "no such session", http.StatusNotFound)
}
