package guard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// witness sees the probes of a dependency to which ordeals happen. Safe for concurrent use.
type witness struct {
	mu       sync.Mutex
	server   string // the generation that the probe reads
	stubborn bool   // probes ignore that their time is over
	release  chan struct{}
	flying   map[context.Context]bool // of the probes that have not returned
	most     int                      // of them at once whose time was not over
	all      int
}

// begin counts a probe, and says whether it is to ignore its end.
func (s *witness) begin(ctx context.Context) (stubborn bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all++
	s.flying[ctx] = true
	live := 0
	for other := range s.flying {
		if other.Err() == nil {
			live++
		}
	}
	s.most = max(s.most, live)
	return s.stubborn
}

// probe pings through c.
func (s *witness) probe(ctx context.Context, c *client) error {
	stubborn := s.begin(ctx)
	defer s.set(func() { delete(s.flying, ctx) })
	if stubborn {
		<-s.release
		return nil
	}
	return c.ping(ctx)
}

func (s *witness) generation(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.server, nil
}

func (s *witness) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// suffer lets a history of ordeals happen to a dependency with a probe, beside many asks, requests for probes, stalls,
// suspends, and other generations.
func suffer(w *world, recognised bool, history []ordeal, numbers []int, look func() string) (s *witness, wrong string) {
	w.repeatable(len(history))
	s = &witness{release: make(chan struct{}), server: "first", flying: make(map[context.Context]bool)}
	defer sleep(time.Minute) // all that was begun ends
	defer close(s.release)
	o := &ordealed{w: w, guarded: w.guard("redis", policy(func(p *Policy) {
		p.Classify = func(ctx context.Context, err error) Outcome {
			if errors.Is(err, errReadOnly) {
				return OutcomeDegraded
			}
			return Classify(ctx, err)
		}
	}))}
	o.probeWith(func(ctx context.Context) error { return s.probe(ctx, o.client) })
	if recognised {
		_, _ = w.Dependency("redis", Policy{}, WithGeneration(s.generation))
	}
	crowd := func(do func()) {
		for range 10 {
			go do()
		}
	}
	for i, happens := range history {
		happens.do(o)
		switch n := numbers[i%len(numbers)]; n {
		case 0:
			crowd(func() { _ = o.w.Probe(context.Background(), "redis") })
		case 1, 2, 3:
			crowd(func() {
				ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
				defer cancel()
				_ = o.Drop(NewScope(ctx), fmt.Sprintf("session:%d", i))
			})
		case 4:
			crowd(func() {
				ctx, cancel := context.WithTimeout(context.Background(), time.Second)
				defer cancel()
				_ = o.w.WaitHealthy(ctx)
			})
		case 5:
			w.standStill(stallLimit + time.Second)
			w.goOn()
		case 6:
			w.clock.wallShift.Add(int64(time.Hour))
		case 7:
			w.clock.wallShift.Add(int64(-time.Hour))
		case 8:
			s.set(func() { s.server = fmt.Sprint(i) })
		case 9:
			s.set(func() { s.stubborn = !s.stubborn })
		}
		synctest.Wait()
		if wrong = look(); wrong == "" {
			wrong = o.dependency.coherent()
		}
		if wrong != "" {
			return s, fmt.Sprintf("after step %d, %s and %d: %s", i, happens, numbers[i%len(numbers)], wrong)
		}
	}
	o.set(nil)
	return s, ""
}

// withoutCalls are the ordeals that bring no probe of their own.
func withoutCalls() (list []ordeal) {
	for _, o := range ordeals {
		if o.name != "call with a probe" {
			list = append(list, o)
		}
	}
	return list
}

var (
	ordealsDrawn = rapid.SliceOfN(rapid.SampledFrom(withoutCalls()), 25, 80)
	crowdsDrawn  = rapid.SliceOfN(rapid.IntRange(0, 24), 30, 60)
)

func TestAtMostOneProbeIsInTheAirWhateverHappens(t *testing.T) {
	probes := 0
	rapid.Check(t, func(rt *rapid.T) {
		history, numbers, recognised := ordealsDrawn.Draw(rt, "history"), crowdsDrawn.Draw(rt, "crowds"), rapid.Bool().Draw(rt, "recognised")
		wrong := ""
		inWorld(t, func(t *testing.T, w *world) {
			var s *witness
			s, wrong = suffer(w, recognised, history, numbers, func() string { return "" })
			probes += s.all
			if wrong == "" && s.most > 1 {
				wrong = fmt.Sprintf("%d probes were in the air at once", s.most)
			}
		})
		if wrong != "" {
			rt.Fatal(wrong)
		}
	})
	if probes < 1000 {
		t.Errorf("%d probes: too few to tell", probes)
	}
}

// chronicle is what one subscriber was told, and what is wrong with it. Safe for concurrent use.
type chronicle struct {
	whole bool // nothing may be missing

	mu      sync.Mutex
	n       int
	last    Event // of any kind
	shown   Event // the last transition
	at      time.Time
	episode int // the number of the last one that was told of
	over    int // the number of the last one that is over
	missed  uint64
	wrong   string
}

func (c *chronicle) note(e Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if wrong := c.check(e); wrong != "" && c.wrong == "" {
		c.wrong = fmt.Sprintf("event %d (%s %q), after %d (%s): %s", e.Seq, e.Kind, e.Reason, c.last.Seq, c.last.Kind, wrong)
	}
	c.n++
	c.last = e
	c.missed += e.Dropped
}

// moves are the states of a breaker, and what may follow them.
var moves = map[string][]string{
	"closed": {"closed", "open"}, "open": {"open", "half-open", "closed"}, "half-open": {"half-open", "open", "closed"},
}

// check says what is wrong with e as the next event. Requires c.mu.
func (c *chronicle) check(e Event) string {
	if e.Seq != c.last.Seq+1+e.Dropped {
		return fmt.Sprintf("%d were dropped", e.Dropped)
	}
	if e.Time.IsZero() || e.Time.After(time.Now()) {
		return fmt.Sprintf("it is of %s", e.Time)
	}
	if e.Kind != EventDenial { // denials that were held back are of the last one's time
		if e.Time.Before(c.at) {
			return fmt.Sprintf("it is %s older", c.at.Sub(e.Time))
		}
		c.at = e.Time
	}
	if !c.whole {
		return ""
	}
	switch e.Kind {
	case EventTransition:
		from := c.shown
		c.shown = e
		if from.Breaker == "" {
			from.Breaker = "closed"
		}
		switch {
		case e.From != from.To:
			return fmt.Sprintf("it goes from %s, and was %s", e.From, from.To)
		case !slices.Contains(moves[from.Breaker], e.Breaker):
			return fmt.Sprintf("the breaker went from %s to %s", from.Breaker, e.Breaker)
		case e.From == e.To && e.Breaker == from.Breaker && e.To != Unhealthy: // isolated while open
			return "nothing changed"
		case e.Breaker != "closed" && e.To != Unhealthy:
			return fmt.Sprintf("%s, and the breaker %s", e.To, e.Breaker)
		}
		if e.Episode != 0 {
			if e.Episode < c.episode || e.Episode == c.over {
				return fmt.Sprintf("it belongs to episode %d, after %d", e.Episode, c.episode)
			}
			c.episode = e.Episode
		}
	case EventEpisode:
		began := e.RetryAfter == 0
		switch {
		case began && e.Episode <= max(c.episode, c.over):
			return fmt.Sprintf("episode %d began, after %d", e.Episode, c.episode)
		case !began && (e.Episode < c.episode || e.Episode <= c.over):
			return fmt.Sprintf("episode %d is over, after %d, of which %d was over", e.Episode, c.episode, c.over)
		}
		c.episode = e.Episode
		if !began {
			c.over = e.Episode
		}
	}
	return ""
}

func TestEventsAreInOrderWhateverHappens(t *testing.T) {
	var told int
	var missed uint64
	rapid.Check(t, func(rt *rapid.T) {
		history, numbers, recognised := ordealsDrawn.Draw(rt, "history"), crowdsDrawn.Draw(rt, "crowds"), rapid.Bool().Draw(rt, "recognised")
		wrong := ""
		inWorld(t, func(t *testing.T, w *world) {
			prompt, slow := &chronicle{whole: true}, &chronicle{}
			w.Subscribe(prompt.note)
			w.events.subscribe(func(e Event) {
				slow.note(e)
				time.Sleep(3 * time.Second)
			}, 3)
			look := func() string {
				for _, c := range []*chronicle{prompt, slow} {
					c.mu.Lock()
					found := c.wrong
					c.mu.Unlock()
					if found != "" {
						return found
					}
				}
				return ""
			}
			_, wrong = suffer(w, recognised, history, numbers, look)
			w.Close() // which tells what was held back
			sleep(time.Minute)
			told += prompt.n
			missed += slow.missed
			if events := w.Events(); wrong == "" && len(events) > 0 && slow.last.Seq != events[len(events)-1].Seq {
				wrong = fmt.Sprintf("the slow one was last told of %d, of %d", slow.last.Seq, events[len(events)-1].Seq)
			}
			if wrong == "" {
				wrong = look()
			}
		})
		if wrong != "" {
			rt.Fatal(wrong)
		}
	})
	if told < 1000 || missed < 100 {
		t.Errorf("%d events, of which the slow one missed %d: too few to tell", told, missed)
	}
}
