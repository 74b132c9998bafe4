//go:build !race

package guard

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestStepsAloneDoWhatTheRuntimeDoes keeps the steps from drifting away from the code: in states that the explorer reaches,
// an actor that takes all the steps of a call, a refusal, a look or a probe's end without anybody between them must come to
// where the real methods come to.
func TestStepsAloneDoWhatTheRuntimeDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := plot{roles: [actors]role{{calls: 1, contact: asksBare}, {}, reads}, threshold: 2, budget: 1, losses: 2}
		x := newExplorer(&p)
		twin := &twin{explorer: newExplorer(&p), t: t, compared: make(map[string]int)}
		twin.raw = true
		seen := 0
		x.visit = func(s *situation) {
			if seen++; s.holder == nobody && seen%4 == 0 {
				twin.compare(*s)
			}
		}
		if f := x.search(); f.broken != kept {
			t.Fatal(f)
		}
		for _, what := range []string{"success", "failure", "refusal", "look", "landing"} {
			if twin.compared[what] < 100 {
				t.Errorf("%d times compared: %s", twin.compared[what], what)
			}
		}
		t.Log(twin.compared)
	})
}

// twin takes the steps and runs the real methods, from the same states.
type twin struct {
	*explorer

	t        *testing.T
	compared map[string]int
}

func (w *twin) compare(s situation) {
	const first = 0
	switch a := &s.actor[first]; {
	case a.at == calling:
		w.same("success", &s, first, "is answered", func(m *Method, _ *stand) { w.settle(a, m, nil) })
		w.same("failure", &s, first, "gets an error", func(m *Method, _ *stand) { w.settle(a, m, errDown) })
	case a.at == idle && a.calls > 0 && uint64(s.guard.flags)&refusing != 0:
		w.same("refusal", &s, first, "begins a call", func(m *Method, _ *stand) {
			_ = m.Begin(context.Background()).Settle(context.Background(), nil, w.keys...)
		})
	}
	if s.guard.flying && s.answer == unanswered {
		w.same("landing", &s, inAir, "is answered", func(_ *Method, st *stand) { st.landed(st.flight, answer{}) })
		w.same("landing", &s, inAir, "gets no answer, and is given up", func(_ *Method, st *stand) {
			st.landed(st.flight, answer{outcome: OutcomeFailure, err: errFlown})
		})
	}
	w.look(&s)
}

// settle ends a call as a generated wrapper does.
func (w *twin) settle(a *actor, m *Method, err error) {
	call := Attempt{method: m, word: a.begun.word()}
	if a.trait&long != 0 {
		call = Attempt{method: m, detail: &attemptDetail{ctx: context.Background(), word: a.begun.word()}}
	}
	if !call.Succeeded(err) {
		_ = call.Settle(context.Background(), err, w.keys...)
	}
}

// same takes the step that begins so, and all that follow by the same actor, and compares.
func (w *twin) same(what string, s *situation, who int, begin string, really func(*Method, *stand)) {
	n, found := w.stepsAlone(*s, who, begin)
	if !found {
		return
	}
	st := w.enter(s.guard)
	m := newMethod(st.Dependency, MethodSpec{})
	w.putSuspects(s, m)
	really(m, st)
	real := n
	real.suspects = w.suspectsOf(m)
	guard, _ := st.leave(w.engineRoom)
	real.guard = guard
	real.normalise()
	n.normalise()
	if n != real {
		w.t.Fatalf("%s (%s): from\n%+v\nthe steps lead to\n%+v %+v\nand the runtime to\n%+v %+v", what, begin, s.guard, n.guard, n.suspects, real.guard, real.suspects)
	}
	w.compared[what]++
}

// stepsAlone lets who take the step that begins so, and then go on until it waits or is done.
func (w *twin) stepsAlone(s situation, who int, begin string) (situation, bool) {
	take := func(wanted string) bool {
		for _, m := range w.steps(&s) {
			if (m.who == who || m.what == publishes) && (wanted == "" || m.what == wanted) {
				s = m.to
				return true
			}
		}
		return false
	}
	if !take(begin) {
		return s, false
	}
	over := func() bool {
		if s.holder != nobody {
			return false
		}
		if who == inAir {
			return !s.guard.flying
		}
		return s.actor[who].at == done || s.actor[who].at >= gateMind
	}
	for !over() {
		if !take("") {
			return s, false
		}
	}
	return s, true
}

// putSuspects makes the real registry remember what s remembers of the first actor's method, which is m.
func (w *twin) putSuspects(s *situation, m *Method) {
	r := w.registry
	r.suspects.init()
	r.suspects.size = 0
	for method, mark := range s.suspects {
		if mark.left > 0 {
			of := m
			if method == 1 {
				of = w.methods[1]
			}
			now := r.clock.now()
			r.suspects.add(of, w.keys, epochOf(begun{epoch: mark.epoch}.word()), now, now.add(time.Duration(mark.left)*pace), errDown)
		}
	}
}

func (w *twin) suspectsOf(m *Method) (marks [2]mark) {
	for i, of := range []*Method{m, w.methods[1]} {
		if found := w.registry.suspects.find(w.keys[0], of); found != nil {
			marks[i] = mark{epoch: uint8(found.epoch - epochBase), left: paces(found.until.sub(w.registry.clock.now()))}
		}
	}
	return marks
}

// look compares what the gate sees at one moment with what the steps of a look see.
func (w *twin) look(s *situation) {
	st := w.enter(s.guard)
	saw := requirement{"redis", st.Dependency}.standing(st.now)
	_, _ = st.leave(w.engineRoom)
	g := &s.guard
	proven := g.proof.epoch == g.epoch && g.proof.age <= freshAge
	open, held := saw.episodeEnded == forever, after(saw.episodeEnded, w.policy.Hold) > st.now
	if saw.refusing != (uint64(g.flags)&refusing != 0) || open != (g.ended == ever) || !open && held != (g.ended > 0) ||
		saw.provenUntil >= st.now != proven || after(saw.failedAt, saw.quiet) > st.now != (g.noise > 0) {
		w.t.Fatalf("from\n%+v\nthe gate sees\n%+v", *g, saw)
	}
	w.compared["look"]++
}
