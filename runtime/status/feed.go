package status

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// feedSize is how many events are remembered for streams that come back: an outage of a thousand dependencies is some two
// thousand of them, in less time than a stream takes to breathe.
const feedSize = 4096

// Entry is one line of the event log.
type Entry struct {
	ID         string          `json:"id"` // for Last-Event-ID; of this process and no other
	Time       time.Time       `json:"time"`
	Kind       guard.EventKind `json:"kind"`
	Level      Level           `json:"level"`
	Text       string          `json:"text"` // for people
	Dependency string          `json:"dependency,omitempty"`
	Event      json.RawMessage `json:"event"` // the [guard.Event], for programs
}

// Gap stands in an event stream, under the event type "gap", where entries are missing: because they were too many between
// two connections, or because the process is another one. Under the type "dropped" it is the last message to a client that
// was too slow.
type Gap struct {
	Missed    uint64 `json:"missed"`
	Restarted bool   `json:"restarted,omitempty"` // all that the process before had is gone
}

// feed remembers the last events for everybody who reads them. What has been encoded once is shared. Safe for concurrent
// use.
type feed struct {
	instance string // tells this process from the one before, whose numbers were the same

	mu        sync.Mutex
	items     []*item // oldest first, at most feedSize
	last      uint64  // number of the newest, 0 before the first
	forgotten uint64  // number of the newest that is no longer among the items
	changed   chan struct{}
}

// item is an event with its number, encoded when it is first asked for.
type item struct {
	event   guard.Event
	once    sync.Once
	encoded []byte // an Entry
}

func (f *feed) init() {
	f.instance = strings.ToLower(rand.Text()[:8])
	f.changed = make(chan struct{})
}

// follow takes in all events of a registry, those that it remembers first, and passes each on.
func (f *feed) follow(registry *guard.HealthRegistry, pass func(guard.Event)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	take := func(e guard.Event) { // requires f.mu
		if e.Seq > f.last {
			f.push(e)
			pass(e)
		}
	}
	registry.Subscribe(func(e guard.Event) {
		f.mu.Lock()
		defer f.mu.Unlock()
		take(e)
	})
	for _, e := range registry.Events() {
		take(e)
	}
}

// push requires f.mu.
func (f *feed) push(e guard.Event) {
	f.last = e.Seq
	if len(f.items) == feedSize {
		f.forgotten = f.items[0].event.Seq
		f.items = slices.Delete(f.items, 0, 1)
	}
	f.items = append(f.items, &item{event: e})
	close(f.changed)
	f.changed = make(chan struct{})
}

// after returns what came after the event of a number, whether some of that is forgotten already, and a channel that is
// closed at the next event.
func (f *feed) after(seq uint64) (items []*item, forgotten bool, changed <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	from, _ := slices.BinarySearchFunc(f.items, seq+1, func(i *item, seq uint64) int { return cmp.Compare(i.event.Seq, seq) })
	return slices.Clone(f.items[from:]), f.forgotten > seq, f.changed
}

// newest is the number of the newest event, 0 before the first.
func (f *feed) newest() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}

// id names an event for clients.
func (f *feed) id(seq uint64) string { return f.instance + "-" + strconv.FormatUint(seq, 10) }

// parse reads an ID: the number of the event, and whether it is of another process. "0" stands before the first event.
func (f *feed) parse(id string) (seq uint64, foreign bool, err error) {
	if id == "0" {
		return 0, false, nil
	}
	instance, number, _ := strings.Cut(id, "-")
	seq, err = strconv.ParseUint(number, 10, 64)
	switch {
	case err != nil:
		return 0, false, fmt.Errorf("event ID %q: want one that this handler has sent, or 0 for all that it remembers", id)
	case instance != f.instance:
		return 0, true, nil
	default:
		return min(seq, f.newest()), false, nil
	}
}

// json is the Entry of an item.
func (f *feed) json(i *item) []byte {
	i.once.Do(func() {
		event, err := json.Marshal(i.event)
		if err != nil { // the text of an error cannot cause it
			event = []byte("null")
		}
		level, text := describe(i.event)
		i.encoded, _ = json.Marshal(Entry{
			ID: f.id(i.event.Seq), Time: i.event.Time, Kind: i.event.Kind, Level: level, Text: text,
			Dependency: i.event.Dependency, Event: event,
		})
	})
	return i.encoded
}
