package status

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

var midnight = time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)

// past is a history that a test writes.
type past struct {
	*testing.T

	history history
	health  guard.DependencyHealth // as the registry would say
}

func newPast(t *testing.T) *past {
	p := &past{T: t, health: guard.DependencyHealth{Name: "redis", Since: midnight}}
	p.history.init()
	return p
}

// happen lets the state change at a time after midnight, whether or not the event arrives.
func (p *past) happen(after time.Duration, state guard.DependencyState, arrives bool) {
	e := guard.Event{Kind: guard.EventTransition, Dependency: "redis", From: p.health.State, To: state, Time: midnight.Add(after)}
	p.health.State, p.health.Since = state, e.Time
	if arrives {
		p.history.event(e)
	}
}

// want compares the end of the strip, when the clock says so long after midnight; before it, nothing is recorded.
func (p *past) want(after time.Duration, end string) {
	p.Helper()
	if got := p.history.show(p.health, midnight.Add(after)); got != strings.Repeat(".", cells-len(end))+end {
		p.Errorf("after %s: %s, want the end %s", after, got, end)
	}
}

func TestStripHasALetterForEachHalfMinute(t *testing.T) {
	p := newPast(t)
	p.want(0, "?")
	p.want(29*time.Second, "?")
	p.want(30*time.Second, "??")
	p.happen(40*time.Second, guard.Healthy, true)
	p.want(50*time.Second, "??")
	p.want(70*time.Second, "??h")
	p.happen(100*time.Second, guard.Degraded, true)
	p.happen(130*time.Second, guard.Unhealthy, true)
	p.want(135*time.Second, "??hdu")
	p.happen(170*time.Second, guard.Healthy, true)
	p.want(210*time.Second, "??hduuhh")
}

func TestStripShowsTheWorstOfAHalfMinute(t *testing.T) {
	all := []guard.DependencyState{guard.Healthy, guard.Degraded, guard.Unknown, guard.Unhealthy} // from the quietest
	for i, first := range all {
		for j, second := range all {
			p := newPast(t)
			p.happen(0, first, true)
			p.happen(time.Second, second, true)
			p.happen(2*time.Second, guard.Healthy, true)
			p.want(3*time.Second, string(letters[all[max(i, j)]]))
			p.want(30*time.Second, string(letters[all[max(i, j)]])+"h")
		}
	}
}

func TestStripForgetsWhatIsMoreThanAnHourAgo(t *testing.T) {
	p := newPast(t)
	p.happen(0, guard.Unhealthy, true)
	p.happen(time.Minute, guard.Healthy, true)
	p.want(time.Hour-time.Second, "uuu"+strings.Repeat("h", 117))
	p.want(time.Hour, "uu"+strings.Repeat("h", 118))
	p.want(time.Hour+90*time.Second, strings.Repeat("h", 120))
	p.happen(100*time.Hour, guard.Degraded, true) // nobody looked for days
	p.want(100*time.Hour, strings.Repeat("h", 119)+"d")
	p.want(200*time.Hour, strings.Repeat("d", 120))
}

func TestStripTakesEventsThatComeLate(t *testing.T) {
	p := newPast(t)
	p.happen(0, guard.Healthy, true)
	p.want(10*time.Minute, strings.Repeat("h", 21))
	p.happen(9*time.Minute, guard.Unhealthy, true)
	p.happen(9*time.Minute+time.Second, guard.Healthy, true)
	p.want(10*time.Minute, strings.Repeat("h", 18)+"uuu") // how long it was is not told
	p.want(10*time.Minute+30*time.Second, strings.Repeat("h", 18)+"uuuh")
}

func TestStripTakesAnEventOfLongAgo(t *testing.T) {
	p := newPast(t)
	p.happen(0, guard.Healthy, true)
	p.happen(-2*time.Hour, guard.Degraded, true) // and nothing since
	p.want(0, strings.Repeat("d", 120))
}

func TestStripMakesUpForEventsThatWereMissed(t *testing.T) {
	p := newPast(t)
	p.happen(0, guard.Healthy, true)
	p.want(time.Minute, "hhh")
	p.happen(2*time.Minute, guard.Unhealthy, false)
	p.want(3*time.Minute, "hhhhuuu")
	p.happen(4*time.Minute, guard.Healthy, false)
	p.happen(4*time.Minute+10*time.Second, guard.Degraded, false) // the state between is not known
	p.want(5*time.Minute, "hhhhuuuuudd")
}

func TestStripDoesNotGoBackToAStateThatWasReadBefore(t *testing.T) {
	p := newPast(t)
	p.happen(0, guard.Unhealthy, true)
	old := p.health
	p.happen(time.Minute, guard.Healthy, true)
	p.history.show(old, midnight.Add(time.Minute)) // read just before the event
	p.happen(10*time.Minute, guard.Degraded, true) // before anybody looks again
	p.want(10*time.Minute, "uuu"+strings.Repeat("h", 17)+"d")
}

func TestStripWhenTheClockIsSetBack(t *testing.T) {
	p := newPast(t)
	p.happen(0, guard.Healthy, true)
	p.happen(20*time.Minute, guard.Unhealthy, true)
	p.want(30*time.Minute, strings.Repeat("h", 40)+strings.Repeat("u", 21))
	p.want(10*time.Minute, strings.Repeat("h", 20)+"u") // what is yet to come is forgotten, what is, is shown
	p.want(11*time.Minute, strings.Repeat("h", 20)+"uuu")
	p.happen(11*time.Minute, guard.Healthy, false)
	p.want(12*time.Minute, strings.Repeat("h", 20)+"uuuhh")
	p.want(-100*time.Hour, "h") // by more than is remembered
	p.want(-100*time.Hour+time.Minute, "hhh")
	p.happen(-100*time.Hour+time.Minute, guard.Unhealthy, true)
	p.want(-100*time.Hour+2*time.Minute, "hhuuu")
}

func TestStripWhenTheClockIsSetForward(t *testing.T) {
	p := newPast(t)
	p.happen(0, guard.Healthy, true)
	p.happen(time.Minute, guard.Unhealthy, true)
	p.want(20*time.Minute, "hh"+strings.Repeat("u", 39)) // it lasts
	p.want(1000*24*time.Hour, strings.Repeat("u", 120))
}

func TestStripOfAClockThatBeganAtZero(t *testing.T) {
	var h history
	h.init()
	began := time.Unix(0, 0)
	health := guard.DependencyHealth{Name: "redis", State: guard.Healthy, Since: began}
	h.event(guard.Event{Kind: guard.EventTransition, Dependency: "redis", To: guard.Healthy, Time: began})
	if got := h.show(health, began.Add(time.Minute)); got != strings.Repeat(".", 117)+"hhh" {
		t.Errorf("a minute after 1970 began: %s", got)
	}
}

func TestOnlyTransitionsChangeTheStrip(t *testing.T) {
	var h history
	h.init()
	for _, kind := range []guard.EventKind{guard.EventEpisode, guard.EventDenial, guard.EventMode, guard.EventControl, guard.EventStall} {
		h.event(guard.Event{Kind: kind, Dependency: "redis", Time: midnight})
	}
	if len(h.strips) != 0 {
		t.Errorf("%d strips", len(h.strips))
	}
}

func TestReportShowsTheLastHour(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis := w.guard("redis", policy(func(p *guard.Policy) { p.Backoff = guard.Backoff{Min: time.Minute, Max: time.Minute} }))
		w.prove(redis)
		sleep(5 * time.Minute)
		redis.fail(5)
		synctest.Wait()
		sleep(2 * time.Minute) // it is tried, and answers, after half a minute or more
		got := w.report().Checks["redis:state"][0].LastHour
		if !strings.HasPrefix(got, strings.Repeat(".", 105)+strings.Repeat("h", 10)+"u") || !strings.HasSuffix(got, "hh") || strings.Count(got, "u") > 3 {
			t.Errorf("the last hour was %s", got)
		}
	})
}
