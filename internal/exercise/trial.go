package exercise

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// trial is one call of one method.
type trial struct {
	*testing.T
	registry   *guard.HealthRegistry
	dependency string
	recorder   *Recorder
	name       string
	method     reflect.Value
	make       maker
	cancels    []context.CancelFunc
	broken     error         // what the client says when it fails
	limit      time.Duration // how long a call may take; 0 is no bound
	keys       []string      // as those of a Subject
	shift      int           // of the seeds of the arguments, for other ones

	arguments []reflect.Value
	asserted  asserted
}

// hold notes what the trial asserts.
func (t *trial) hold(c claim) { t.asserted.hold(c, t.name) }

func (t *trial) isolate() {
	if err := t.registry.Isolate(t.dependency, "test"); err != nil {
		t.Fatal(err)
	}
}

func (t *trial) restore() {
	if err := t.registry.Restore(t.dependency); err != nil {
		t.Fatal(err)
	}
}

func (t *trial) degrade() {
	if err := t.registry.SetState(t.dependency, guard.Degraded, "test"); err != nil {
		t.Fatal(err)
	}
}

func (t *trial) reports() []report { return reportsOf(t.method.Type()) }

// isLazy reports whether the call begins when its result is ranged over.
func (t *trial) isLazy() bool {
	reports := t.reports()
	return len(reports) == 1 && reports[0].form == lazily
}

// passes calls the method twice: the first success proves that the dependency is healthy, and the second takes the short
// way. A budget may be smaller than that.
func (t *trial) passes() {
	for i := range 2 {
		t.recorder.calls, t.arguments = nil, nil
		if i == 0 || t.hasBudget() {
			t.passesOnce()
		}
	}
}

// hasBudget reports whether the method may be called once more.
func (t *trial) hasBudget() bool {
	return t.registry.Explain(context.Background(), t.name).Reason != guard.ReasonBudget
}

func (t *trial) passesOnce() {
	t.recorder.answer = t.answer(-1)
	results := t.call()
	if t.isLazy() && len(t.recorder.calls) == 0 {
		t.passesLazily(results[0])
		return
	}
	t.wantForwarded()
	t.wantResults(results)
	if n := t.failures(); n != 0 {
		t.Errorf("%d failures recorded, want none", n)
	}
}

// passesLazily is passes for a method that calls its client once for each range over its result.
func (t *trial) passesLazily(result reflect.Value) {
	want := pairsOf(t.recorder.answer[0])
	if got := pairsOf(result); !samePairs(got, want) {
		t.Errorf("yields %v, want %v", got, want)
	}
	t.wantForwarded()
	t.recorder.calls = nil
	if got := firstPairs(result, 1); !samePairs(got, want[:1]) {
		t.Errorf("yields %v before a break, want %v", got, want[:1])
	}
	t.wantForwarded()
}

// fails lets the report with index n say that the call failed.
func (t *trial) fails(n int) {
	t.recorder.answer = t.answer(n)
	failing := t.reports()[n]
	results := t.call()
	if failing.form == lazily {
		t.wantFailures(0)
		if n := len(t.recorder.calls); n != 0 {
			t.Errorf("the client was called %d times before the range, want none", n)
		}
		if got, want := pairsOf(results[0]), pairsOf(t.recorder.answer[0]); !samePairs(got, want) {
			t.Errorf("yields %v, want %v", got, want)
		}
		t.wantForwarded()
	} else {
		t.wantForwarded()
		t.wantResults(results)
	}
	t.wantFailures(1)
	t.hold(failedOnce)
	if failing.form == lazily || failing.form == yielded {
		t.hold(iteratorEnds)
	}
}

// isAnswered is a call that the dependency answers with an error, which is no failure.
func (t *trial) isAnswered(answer error) {
	t.hold(answered)
	t.broken = answer
	t.recorder.answer = t.answer(0)
	t.finish()
	t.wantForwarded()
	t.wantFailures(0)
}

// isAskedLate is a call that begins when its result is ranged over: the guard is asked then, and not before.
func (t *trial) isAskedLate() {
	t.recorder.answer = t.answer(-1)
	results := t.call()
	t.isolate()
	if got := pairsOf(results[0]); len(got) != 1 || !errors.Is(got[0].err, guard.ErrUnhealthy) {
		t.Errorf("yields %v while the dependency is isolated, want a refusal", got)
	}
	t.restore()
	if d := t.explain(""); d.Reason == guard.ReasonRecovering || d.Reason == guard.ReasonHold {
		time.Sleep(d.RetryAfter + time.Minute) // for destructive ones
	}
	if got, want := pairsOf(results[0]), pairsOf(t.recorder.answer[0]); !samePairs(got, want) {
		t.Errorf("yields %v when the dependency is well again, want %v", got, want)
	}
	t.wantForwarded()
}

// isAbandoned is a call whose caller goes away meanwhile: what the client says to that is no failure, if the guard asks
// the context.
func (t *trial) isAbandoned() {
	t.broken, t.recorder.during = context.Canceled, t.cancel
	t.recorder.answer = t.answer(0)
	t.finish()
	t.wantForwarded()
	t.wantFailures(0)
	t.hold(callerGone)
}

// cancel ends all contexts that the call has.
func (t *trial) cancel() {
	for _, cancel := range t.cancels {
		cancel()
	}
}

// hasContext reports whether a parameter is a context.
func (t *trial) hasContext() bool {
	for param := range t.method.Type().Ins() {
		if isContext(param) {
			return true
		}
	}
	return false
}

// failures counts what the guard has recorded.
func (t *trial) failures() int {
	health, _ := t.registry.Health(t.dependency)
	return int(health.Failures)
}

func (t *trial) wantFailures(want int) {
	t.Helper()
	if got := t.failures(); got != want {
		t.Errorf("%d failures recorded, want %d", got, want)
	}
}

func (t *trial) isRefused() {
	t.isStopped(guard.ErrUnhealthy)
	t.hold(refused)
}

func (t *trial) isShed() {
	t.isStopped(guard.ErrUnhealthy)
	t.hold(shed)
}

func (t *trial) isDenied() {
	t.isStopped(guard.ErrDestructiveDenied)
	t.hold(denied)
}

func (t *trial) isStopped(why error) {
	t.recorder.answer = t.answer(-1)
	results := t.call()
	refusals := t.refusals()
	for i, result := range results {
		if _, refuses := refusals[i]; !refuses && !result.IsZero() {
			t.Errorf("result %d is %v, want nothing", i, result)
		}
	}
	for _, r := range refusals {
		if r.form == lazily {
			if got := pairsOf(results[r.index]); len(got) != 1 || !got[0].value.IsZero() || !errors.Is(got[0].err, why) {
				t.Errorf("yields %v, want one pair of nothing and an error that is %v", got, why)
			}
			continue
		}
		if err := r.errorIn(results); !errors.Is(err, why) {
			t.Errorf("error %v in result %d, want one that is %v", err, r.index, why)
		}
		if r.form == inside {
			t.hold(carried)
		}
	}
	if n := len(t.recorder.calls); n != 0 {
		t.Errorf("the client was called %d times, want none", n)
	}
}

// refusals are the results that hold a refusal: the last error, or every result that carries one.
func (t *trial) refusals() map[int]report {
	holding := make(map[int]report)
	for _, r := range t.reports() {
		switch r.form {
		case yielded, beside:
			continue
		case value, custom:
			clear(holding)
		}
		holding[r.index] = r
	}
	if len(holding) == 0 {
		t.Errorf("%s has no result that could hold a refusal", t.method.Type())
	}
	return holding
}

func (t *trial) wantForwarded() {
	t.Helper()
	if len(t.recorder.calls) != 1 || t.recorder.calls[0].method != t.name {
		t.Fatalf("the client was called as %v, want %s once", t.recorder.calls, t.name)
	}
	if got, want := len(t.recorder.calls[0].arguments), len(t.arguments); got != want {
		t.Fatalf("%d arguments, want %d", got, want)
	}
	if limit := t.recorder.calls[0].limit; limit != t.limit {
		t.Errorf("the call may take %s, want %s", limit, t.limit)
	}
	if t.limit > 0 {
		t.hold(underDeadline)
	}
	for i, got := range t.recorder.calls[0].arguments {
		if isUnseen(got) {
			continue
		}
		if want := t.arguments[i]; !same(got, want) {
			t.Errorf("argument %d is %v, want %v", i, got, want)
		}
		t.hold(sameArguments)
	}
}

func isUnseen(argument reflect.Value) bool {
	return argument.IsValid() && argument.Type() == reflect.TypeFor[unseen]()
}

// wantResults compares the results with the answer of the client, iterators that report errors by what they yield.
func (t *trial) wantResults(got []reflect.Value) {
	t.Helper()
	byPairs := make(map[int]bool)
	for _, r := range t.reports() {
		byPairs[r.index] = r.form == yielded
	}
	for i, want := range t.recorder.answer {
		t.hold(sameResults)
		if byPairs[i] {
			if got, want := pairsOf(got[i]), pairsOf(want); !samePairs(got, want) {
				t.Errorf("result %d yields %v, want %v", i, got, want)
			}
		} else if !same(got[i], want) {
			t.Errorf("result %d is %v, want %v", i, got[i], want)
		}
	}
}
