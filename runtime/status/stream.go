package status

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	// heartbeat is how often a silent event stream says that it is alive.
	heartbeat = 15 * time.Second
	// breath is the least time between two writes to an event stream, so that a storm of events is written in batches.
	breath = 50 * time.Millisecond
	// batchSize bounds the events of one write.
	batchSize = 128
	// reconnect is how long a browser waits before it connects again.
	reconnect = time.Second
)

// events streams the event log, or lists what is remembered of it.
func (h *handler) events(w http.ResponseWriter, r *http.Request) {
	since := r.Header.Get("Last-Event-ID")
	if since == "" {
		since = r.URL.Query().Get("since")
	}
	listed := accepts(r, "application/json")
	if since == "" {
		since = h.feed.id(h.feed.newest()) // a stream begins now
		if listed {
			since = "0"
		}
	}
	seq, foreign, err := h.feed.parse(since)
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	if listed {
		h.list(w, seq)
		return
	}
	select {
	case h.streams <- struct{}{}:
		defer func() { <-h.streams }()
	default:
		w.Header().Set("Retry-After", "10")
		fail(w, http.StatusServiceUnavailable, fmt.Sprintf("%d event streams are open, which is the most: close some", streamLimit))
		return
	}
	s := &stream{handler: h, w: w, control: http.NewResponseController(w), seq: seq, restarted: foreign}
	s.run(r)
}

// accepts reports whether a request asks for a media type by name.
func accepts(r *http.Request, mediaType string) bool {
	for _, accept := range r.Header.Values("Accept") {
		if strings.Contains(accept, mediaType) {
			return true
		}
	}
	return false
}

// list answers with what is remembered after the event of a number.
func (h *handler) list(w http.ResponseWriter, seq uint64) {
	items, _, _ := h.feed.after(seq)
	entries := make([]json.RawMessage, len(items))
	for i, item := range items {
		entries[i] = h.feed.json(item)
	}
	send(w, http.StatusOK, "application/json", entries)
}

// stream is one client of the event log.
type stream struct {
	handler   *handler
	w         http.ResponseWriter
	control   *http.ResponseController
	seq       uint64 // the last event that it has
	restarted bool   // its last event is of the process before, which is to be told first
}

// run streams until the client goes, is too slow, or the registry is closed.
func (s *stream) run(r *http.Request) {
	header := s.w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("X-Accel-Buffering", "no") // proxies that gather would hold it back
	s.w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return // there is nothing to wait for
	}
	if !s.write(fmt.Appendf(nil, "retry: %d\n\n", reconnect.Milliseconds())) {
		return
	}
	for first := true; ; first = false {
		items, forgotten, changed := s.handler.feed.after(s.seq)
		if forgotten && !first { // it does not keep up
			s.write(message("dropped", Gap{Missed: items[0].event.Seq - s.seq - 1}))
			return
		}
		batch := items[:min(len(items), batchSize)]
		if !s.send(batch) || !s.wait(r, changed, len(batch) < len(items)) {
			return
		}
	}
}

// send writes what is missing before it, and a batch of items.
func (s *stream) send(batch []*item) bool {
	var text []byte
	if s.restarted {
		text = message("gap", Gap{Restarted: true})
		s.restarted = false
	}
	for _, i := range batch {
		if missed := i.event.Seq - s.seq - 1; missed > 0 {
			text = append(text, message("gap", Gap{Missed: missed})...)
		}
		text = fmt.Appendf(text, "id: %s\ndata: %s\n\n", s.handler.feed.id(i.event.Seq), s.handler.feed.json(i))
		s.seq = i.event.Seq
	}
	return len(text) == 0 || s.write(text)
}

// wait takes a breath, and then waits until there is more to send, with a heartbeat now and then.
func (s *stream) wait(r *http.Request, changed <-chan struct{}, more bool) bool {
	timer := time.NewTimer(breath)
	defer timer.Stop()
	breathing := true
	for {
		news := changed
		if breathing {
			news = nil
		}
		select {
		case <-r.Context().Done():
			return false
		case <-s.handler.registry.Done():
			return false
		case <-news:
			return true
		case <-timer.C:
			switch {
			case breathing && more:
				return true
			case !breathing && !s.write([]byte(": alive\n\n")):
				return false
			}
			breathing = false
			timer.Reset(heartbeat)
		}
	}
}

// write writes in the time that the handler is patient.
func (s *stream) write(text []byte) bool {
	s.control.SetWriteDeadline(time.Now().Add(s.handler.patience)) // where there is none, the server's own holds
	if _, err := s.w.Write(text); err != nil {
		return false
	}
	return s.control.Flush() == nil
}

// message is an event of a type of its own, without an ID, so that the client's last one stays.
func message(kind string, gap Gap) []byte {
	data, _ := json.Marshal(gap) // numbers and booleans cannot fail
	return fmt.Appendf(nil, "event: %s\ndata: %s\n\n", kind, data)
}
