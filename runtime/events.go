package guard

import (
	"encoding/json"
	"sync"
	"time"
)

// EventKind tells events apart.
type EventKind string

const (
	// EventTransition: the state of a dependency or of its breaker changed.
	EventTransition EventKind = "transition"
	// EventEpisode: an episode of ill health ended, and the gate opens after hold; or one began while the breaker is
	// closed, because probes fail or are not fully served.
	EventEpisode EventKind = "episode"
	// EventDenial: destructive calls were denied, or would have been in observe mode. The first of an operation and
	// reason, then one for each 10 s.
	EventDenial EventKind = "denial"
	// EventOverride: break-glass let a destructive call pass.
	EventOverride EventKind = "override"
	// EventGeneration: a dependency was restarted, emptied or replaced, which opened an episode if none was open.
	EventGeneration EventKind = "generation"
	// EventStall: the process stood still, which opened an episode for every dependency.
	EventStall EventKind = "stall"
	// EventMode: the gate was switched between enforce and observe.
	EventMode EventKind = "mode"
	// EventControl: a person acted on the registry, with success or without: see [HealthRegistry.Control].
	EventControl EventKind = "control"
)

// Event is something that happened to a registry. Fields that do not apply are zero.
type Event struct {
	Seq        uint64          `json:"seq"` // counts from 1 in each registry
	Time       time.Time       `json:"time"`
	Kind       EventKind       `json:"kind"`
	Dependency string          `json:"dependency,omitempty"`
	From       DependencyState `json:"from"`
	To         DependencyState `json:"to"`
	Breaker    string          `json:"breaker,omitempty"`   // "closed", "open" or "half-open", after the transition
	Reason     string          `json:"reason,omitempty"`    // in words; the Reason of a denial
	RetryAfter time.Duration   `json:"-"`                   // until the next trial of an open breaker, or until asking again makes sense
	Backoff    time.Duration   `json:"-"`                   // the whole delay of an open breaker
	Stall      time.Duration   `json:"-"`                   // how long the process stood still
	Episode    int             `json:"episode,omitempty"`   // number of the episode within its dependency
	Operation  string          `json:"operation,omitempty"` // of a denial, an override, a mode or a control; several of a control stand side by side
	Key        string          `json:"key,omitempty"`       // of a denial: the suspect one, of the last call
	Count      uint64          `json:"count,omitempty"`     // denials since the last event of this operation and reason
	Mode       Mode            `json:"mode"`                // of a denial: Observe if the call ran all the same; of a mode: the new one
	Actor      string          `json:"actor,omitempty"`     // who broke the glass, or acted
	Action     Action          `json:"action,omitempty"`    // of a control
	Err        error           `json:"-"`                   // the last error of the dependency; why a control came to nothing
	Dropped    uint64          `json:"dropped,omitempty"`   // events that this subscriber missed just before, because it was too slow
}

// MarshalJSON implements [json.Marshaler], with durations in seconds.
func (e Event) MarshalJSON() ([]byte, error) {
	type plain Event
	return json.Marshal(struct {
		plain

		RetryAfter float64 `json:"retry_after_s,omitempty"`
		Backoff    float64 `json:"backoff_s,omitempty"`
		Stall      float64 `json:"stall_s,omitempty"`
		Error      string  `json:"error,omitempty"`
	}{plain(e), e.RetryAfter.Seconds(), e.Backoff.Seconds(), e.Stall.Seconds(), errorText(e.Err)})
}

const (
	ringSize        = 256  // events that Events remembers
	subscriberQueue = 1024 // events that wait for a subscriber: a thousand dependencies may fail at once
	logQueue        = 4096 // events that wait for the log
)

// events numbers what happens, remembers the last of it, and hands it to subscribers. Safe for concurrent use.
type events struct {
	mu          sync.Mutex
	seq         uint64
	ring        eventQueue
	subscribers map[*subscriber]struct{}
	changed     chan struct{} // closed at the next event; nil if nobody waits
}

func (e *events) init() {
	e.ring.limit = ringSize
	e.subscribers = make(map[*subscriber]struct{})
}

// publish numbers an event, which nobody changes any more. It may be called with a dependency's lock held: it only appends
// to queues.
func (e *events) publish(event *Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seq++
	event.Seq = e.seq
	e.ring.push(event)
	for s := range e.subscribers {
		s.push(event)
	}
	if e.changed != nil {
		close(e.changed)
		e.changed = nil
	}
}

// wait returns a channel that is closed at the next event.
func (e *events) wait() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.changed == nil {
		e.changed = make(chan struct{})
	}
	return e.changed
}

func (e *events) last() []Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	last := make([]Event, e.ring.len)
	for i := range last {
		last[i] = *e.ring.at(i)
	}
	return last
}

func (e *events) subscribe(f func(Event), queue int) *subscriber {
	s := &subscriber{deliver: f, queue: eventQueue{limit: queue}}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.subscribers[s] = struct{}{}
	return s
}

func (e *events) unsubscribe(s *subscriber) {
	e.mu.Lock()
	delete(e.subscribers, s)
	e.mu.Unlock()
	s.cancel()
}

// subscriber is one receiver with its own queue, so that one which blocks or panics harms nobody. Its goroutine lives
// only while there is something to deliver. Safe for concurrent use.
type subscriber struct {
	deliver func(Event)

	mu      sync.Mutex
	queue   eventQueue
	dropped uint64
	idle    chan struct{} // closed when the goroutine ends; nil if none runs
	gone    bool
}

func (s *subscriber) push(event *Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return
	}
	if s.queue.push(event) {
		s.dropped++
	}
	if s.idle == nil {
		s.idle = make(chan struct{})
		go s.run()
	}
}

func (s *subscriber) run() {
	for {
		event, ok := s.pop()
		if !ok {
			return
		}
		s.give(event)
	}
}

// give delivers one event. A receiver that panics has had it; so has one that ends its goroutine, as t.FailNow does, and
// the rest is delivered by another.
func (s *subscriber) give(event Event) {
	returned := false
	defer func() {
		if recover() == nil && !returned {
			go s.run()
		}
	}()
	s.deliver(event)
	returned = true
}

func (s *subscriber) pop() (Event, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.len == 0 || s.gone {
		close(s.idle)
		s.idle = nil
		return Event{}, false
	}
	event := *s.queue.pop()
	event.Dropped, s.dropped = s.dropped, 0
	return event, true
}

// cancel drops what is queued. A delivery that is under way ends when the receiver returns.
func (s *subscriber) cancel() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone, s.queue = true, eventQueue{}
}

// drain waits until everything queued has been delivered, as long as Close is patient.
func (s *subscriber) drain() {
	s.mu.Lock()
	idle := s.idle
	s.mu.Unlock()
	if idle != nil {
		await(idle)
	}
}

// announce publishes a transition, if there was one since the last. Requires d.mu.
func (d *Dependency) announce(now moment, reason string) {
	seen := view{d.state(), d.mode, d.isolated}
	if seen == d.shown {
		return
	}
	event := &Event{
		Kind: EventTransition, From: d.shown.state, To: seen.state, Breaker: seen.mode.String(), Reason: reason, Err: d.lastError,
	}
	if seen.mode == open && seen.isolated == "" {
		event.Backoff = d.delay
		event.RetryAfter = d.openUntil.sub(now)
		event.Episode = d.episode
	}
	if seen.state == Healthy || seen.isolated != "" {
		event.Err = nil
	}
	if seen.state != d.shown.state {
		d.changedAt = now
	}
	d.shown = seen
	d.emit(now, event)
}

// emit publishes an event of d.
func (d *Dependency) emit(now moment, event *Event) {
	event.Time = d.registry.clock.wall(now)
	event.Dependency = d.name
	d.registry.events.publish(event)
}
