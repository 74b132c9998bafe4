package guard

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"testing/synctest"
	"time"
)

// The simulation knows the truth: which client is alive, which session and which topic exists, what each server holds. It
// drives the real runtime in a bubble of synctest, and judges each destruction at the moment when it takes place.
//
// One goroutine, the driver, owns all of the model. It takes events from a queue of its own in which no two share a
// moment, lets everything else in the bubble come to rest at each, and acts. Calls are split where a generated wrapper is
// split (Begin, the call, Settle), so that they wait in the queue and not in goroutines; only what may block, asking the
// gate, has a goroutine, which hands its answer back to the driver.

// simStep is the distance of two moments of the model. simPhase sets them off the moments of the runtime's ticks.
const (
	simStep  = time.Microsecond
	simPhase = 137 * time.Nanosecond
)

// simEvent is something that is to happen.
type simEvent struct {
	at time.Duration // since the start
	do func()
}

// simQueue holds events, each at a moment of its own: a later comer moves on to the next free step.
type simQueue struct {
	heap []simEvent
	used map[time.Duration]struct{}
}

// push adds an event at the first free moment from at on.
func (q *simQueue) push(at time.Duration, do func()) {
	at = (at+simStep-simPhase-1)/simStep*simStep + simPhase
	for {
		if _, taken := q.used[at]; !taken {
			break
		}
		at += simStep
	}
	q.used[at] = struct{}{}
	q.heap = append(q.heap, simEvent{at, do})
	for i := len(q.heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if q.heap[parent].at <= q.heap[i].at {
			break
		}
		q.heap[parent], q.heap[i] = q.heap[i], q.heap[parent]
		i = parent
	}
}

// pop takes the earliest event.
func (q *simQueue) pop() simEvent {
	first, last := q.heap[0], len(q.heap)-1
	q.heap[0] = q.heap[last]
	q.heap[last] = simEvent{}
	q.heap = q.heap[:last]
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < last; child++ {
			if q.heap[child].at < q.heap[least].at {
				least = child
			}
		}
		if least == i {
			break
		}
		q.heap[i], q.heap[least] = q.heap[least], q.heap[i]
		i = least
	}
	delete(q.used, first.at)
	return first
}

// sim is one run of a story.
type sim struct {
	*story

	kind    protectionKind
	rnd     *rand.Rand
	started time.Time
	now     time.Duration // since started; advanced by the driver only
	shift   time.Duration // what the wall clock is ahead of that
	queue   simQueue
	answers chan gateAnswer // of the gate, on their way to the driver
	asked   int             // questions so far: their numbers order answers that come at one moment

	api, redis *simServer
	processes  []*process // the guarded service, and for some stories its peer
	clients    []*simClient

	result outcome
	trace  trace
}

// gateAnswer is what the gate said to one question.
type gateAnswer struct {
	number int
	tell   func()
}

// newSim sets the stage. It must run in the bubble.
func newSim(st *story, kind protectionKind) *sim {
	s := &sim{
		story: st, kind: kind, rnd: rand.New(rand.NewPCG(st.seed, 0xd1ce)), started: time.Now(),
		queue:   simQueue{used: make(map[time.Duration]struct{})},
		answers: make(chan gateAnswer, 4096),
		trace:   trace{hash: fnv.New64a()},
	}
	s.api, s.redis = newSimServer(s, "api"), newSimServer(s, "redis")
	for i := range max(1, st.processes) {
		s.processes = append(s.processes, newProcess(s, i))
	}
	for id := range st.sessions {
		s.clients = append(s.clients, newSimClient(s, id))
	}
	for _, p := range s.processes {
		p.start()
	}
	for _, plot := range st.plots {
		plot(s)
	}
	return s
}

// after lets do happen d from now.
func (s *sim) after(d time.Duration, do func()) { s.queue.push(s.now+max(d, simStep), do) }

// at lets do happen at a moment of the story.
func (s *sim) at(moment time.Duration, do func()) { s.queue.push(max(moment, s.now+simStep), do) }

// between draws a duration.
func (s *sim) between(least, most time.Duration) time.Duration {
	return between(s.rnd, least, most)
}

func between(rnd *rand.Rand, least, most time.Duration) time.Duration {
	if most <= least {
		return least
	}
	return least + time.Duration(rnd.Int64N(int64(most-least)))/simStep*simStep
}

// jitter is the chance of the runtime: a number that the seed and the moment determine, so that it does not depend on who
// of two that draw at one moment is first.
func (s *sim) jitter() float64 {
	at := time.Since(s.started)
	return rand.New(rand.NewPCG(s.seed, uint64(at))).Float64()
}

// wall is what a wall clock shows now.
func (s *sim) wall() time.Time { return s.started.Add(s.now + s.shift) }

// setWall sets the wall clock of the machine.
func (s *sim) setWall(by time.Duration) {
	s.note("wall clock", -1, by.String())
	s.shift += by
	for _, p := range s.processes {
		if p.registry != nil {
			p.registry.clock.wallShift.Add(int64(by))
		}
	}
}

// run plays the story to its end and closes what is open.
func (s *sim) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for len(s.queue.heap) > 0 && s.queue.heap[0].at <= s.length {
		s.advance(timer)
		s.queue.pop().do()
	}
	for _, p := range s.processes {
		p.stop()
	}
	synctest.Wait()
	s.result.hash = s.trace.hash.Sum64()
}

// advance lets virtual time pass until the next event is due. Answers that come meanwhile may bring earlier ones.
func (s *sim) advance(timer *time.Timer) {
	for {
		next := s.queue.heap[0].at
		timer.Reset(next - time.Since(s.started))
		select {
		case <-timer.C:
			s.now = next
			s.takeIn()
			return
		case answer := <-s.answers:
			s.now = time.Since(s.started)
			s.takeIn(answer)
		}
	}
}

// takeIn waits until all that is due at this moment has happened, and tells the driver what the gate has answered, in the
// order of the questions.
func (s *sim) takeIn(said ...gateAnswer) {
	synctest.Wait()
	for len(s.answers) > 0 {
		said = append(said, <-s.answers)
	}
	slices.SortFunc(said, func(a, b gateAnswer) int { return a.number - b.number })
	for _, answer := range said {
		answer.tell()
	}
}

// ask runs a question that may block, and tells its answer in the driver.
func (s *sim) ask(question func() (tell func())) {
	s.asked++
	number := s.asked
	go func() { s.answers <- gateAnswer{number, question()} }()
	synctest.Wait() // so that questions are asked one after the other, as far as the gate goes without waiting
}

// trace is what happened, as a hash that two equal runs share and, when a run is told, as lines.
type trace struct {
	hash  hash.Hash64
	tell  bool
	lines []string
}

// note adds something that happened. who is the number of a session, or -1.
func (s *sim) note(what string, who int, detail string) {
	var head [16]byte
	binary.LittleEndian.PutUint64(head[:8], uint64(s.now))
	binary.LittleEndian.PutUint64(head[8:], uint64(who))
	s.trace.hash.Write(head[:])
	s.trace.hash.Write([]byte(what))
	s.trace.hash.Write([]byte(detail))
	if s.trace.tell {
		s.trace.lines = append(s.trace.lines, fmt.Sprintf("%12s %-16s %4d %s", s.now.Truncate(simStep), what, who, detail))
	}
}

// scoped is the context of a new unit of work.
func scoped() context.Context { return NewScope(context.Background()) }
