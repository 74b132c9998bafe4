package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/status"
)

// at is when the pictures of these tests were made.
var at = time.Date(2026, 3, 7, 2, 13, 19, 0, time.UTC)

// before is so long before.
func before(d time.Duration) *time.Time { return new(at.Add(-d)) }

// outage is a picture of a bad night.
func outage() *picture {
	p := &picture{got: at}
	p.Time, p.State, p.ServiceID, p.ReleaseID = at, guard.Unhealthy, "sessiond", "1.4.2"
	p.Headlines = []status.Headline{
		{Level: status.LevelObserve, Text: "NOT ENFORCING FlushAll: only an open breaker still refuses them"},
		{Level: status.LevelFail, Text: "Destructive operations blocked: redis unhealthy", Since: before(12 * time.Second), Next: "next probe", NextInMs: new(int64(12_000))},
	}
	p.Observed = []string{"FlushAll"}
	p.Checks = map[string][]status.Check{
		"gate:destructive": {{ComponentID: "gate", ObservedValue: "not enforcing"}},
		"api:state": {{
			ComponentID: "api", ObservedValue: "healthy", Critical: true, Breaker: "closed", Since: before(20 * time.Hour),
			LastSuccess: before(time.Second), LastFailure: before(2 * time.Hour), LastError: "long ago", LastHour: strings.Repeat("h", 120),
		}},
		"redis:state": {{
			ComponentID: "redis", ObservedValue: "unhealthy", Critical: true, Breaker: "open", Since: before(12 * time.Second),
			LastSuccess: before(14 * time.Second), LastFailure: before(2 * time.Second), ConsecutiveFailures: 7, BackoffMs: 30_000,
			NextProbeInMs: new(int64(12_000)), LastError: "dial tcp 127.0.0.1:6379: connect: connection refused, which is the text of an error that is long",
			LastHour: strings.Repeat(".", 40) + strings.Repeat("h", 78) + "du",
		}},
		"mail:state": {{
			ComponentID: "mail", ObservedValue: "unhealthy", Breaker: "half-open", Since: before(time.Minute), NextProbeInMs: new(int64(0)),
			LastFailure: before(time.Minute), LastError: "greylisted", LastHour: strings.Repeat("u", 120),
		}},
		"blob:state": {{
			ComponentID: "blob", ObservedValue: "unhealthy", Critical: true, Breaker: "open", Since: before(time.Hour), Isolated: "moving it, by alice",
			LastSuccess: before(time.Hour), LastHour: strings.Repeat("u", 120),
		}},
		"new:state":  {{ComponentID: "new", ObservedValue: "unknown", Critical: true, Breaker: "closed", Since: before(time.Second), LastHour: "?"}},
		"slow:state": {{ComponentID: "slow", ObservedValue: "degraded", Critical: true, Breaker: "closed", Since: before(3 * time.Second), LastSuccess: before(0), LastHour: "hd"}},
		"back:state": {{
			ComponentID: "back", ObservedValue: "healthy", Critical: true, Breaker: "closed", Since: before(3 * time.Minute), LastSuccess: before(0),
			LastFailure: before(4 * time.Minute), LastError: "timeout", Recovering: true, LastHour: "uh",
		}},
	}
	p.Operations = []guard.Operation{
		{Dependency: "redis", Budget: "20/1m", Decision: guard.Decision{Operation: "DeleteTopic", Reason: guard.ReasonUnhealthy, Dependency: "redis", Detail: "redis unhealthy: refused"}},
		{Dependency: "redis", Budget: "none", Decision: guard.Decision{Operation: "FlushAll", Reason: guard.ReasonUnhealthy, Dependency: "redis", Detail: "redis unhealthy: refused", Mode: guard.Observe}},
		{Dependency: "api", Budget: "10/1m", Decision: guard.Decision{Operation: "Prune", Allowed: true, Mode: guard.Observe}},
		{Dependency: "api", Budget: "10/1m", Decision: guard.Decision{Operation: "Purge", Reason: guard.ReasonBudget, Detail: "budget spent: 10/1m", RetryAfter: 6 * time.Second}},
		{Budget: "10/1m", Decision: guard.Decision{Operation: "Reap", Reason: guard.ReasonUnproven, Dependency: "api", Detail: "api has not answered for max-age"}},
		{Budget: "10/1m", Decision: guard.Decision{Operation: "Revoke", Reason: guard.ReasonUnproven, Dependency: "new", Detail: "new has not answered yet"}},
		{Budget: "10/1m", Decision: guard.Decision{Operation: "TerminateSession", Allowed: true}},
	}
	p.NotDone, p.WouldDeny = 1021, 3
	p.denials = []status.Denial{
		{Denial: guard.Denial{Operation: "DeleteTopic", Reason: guard.ReasonHold, Count: 21, Last: *before(9 * time.Hour), Dependency: "redis"}, Why: "an outage has just ended"},
		{Denial: guard.Denial{Operation: "DeleteTopic", Reason: guard.ReasonUnhealthy, Count: 1000, Last: *before(time.Second), Dependency: "redis"}, Why: "a required dependency is unhealthy"},
		{Denial: guard.Denial{Operation: "FlushAll", Reason: guard.ReasonUnhealthy, Count: 3, WouldDeny: 3, Last: *before(time.Minute)}, Why: "a required dependency is unhealthy"},
	}
	return p
}

// on is a screen of a width.
func on(width int) screen { return screen{width: width, unicode: true, zone: time.UTC} }

func TestShowAtNight(t *testing.T) {
	const want = `!!!!  NOT ENFORCING FlushAll: only an open breaker still refuses them
FAIL  Destructive operations blocked: redis unhealthy since 02:13:07, next probe in 12 s

DEPENDENCY  STATE      SINCE         BREAKER    NEXT TRY  LAST OK     LAST HOUR
blob        ISOLATED   01:13:19      open       never     60 min ago  ████████████████████████████
  isolated: moving it, by alice
redis       UNHEALTHY  02:13:07      open       in 12 s   14 s ago    ·········▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█
  7 failures in a row, back-off 30 s, dial tcp 127.0.0.1:6379: connect: connection refused, which…
mail        UNHEALTHY  02:12:19      half-open  now       none yet    ████████████████████████████
  optional, greylisted
new         unknown    02:13:18      closed     -         none yet    ░
slow        degraded   02:13:16      closed     -         0 s ago     ▁▄
api         healthy    Mar 06 06:13  closed     -         1 s ago     ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
back        healthy    02:10:19      closed     -         0 s ago     █▁
  recovering, last failure 02:09:19, timeout

OPERATION         OF     BUDGET  GATE
DeleteTopic       redis  20/1m   blocked: redis unhealthy
FlushAll          redis  none    NOT ENFORCED, would be blocked: redis unhealthy
Prune             api    10/1m   NOT ENFORCED
Purge             api    10/1m   blocked, again in 6 s: budget spent: 10/1m
Reap              -      10/1m   allowed
Revoke            -      10/1m   allowed if a probe succeeds: new has not answered yet
TerminateSession  -      10/1m   allowed

Not done: 1021 destructive calls were denied; NOT ENFORCED: 3 calls ran that would have been
DENIED  RAN  OPERATION    LAST          WHY
1000    0    DeleteTopic  02:13:18      redis: a required dependency is unhealthy
21      0    DeleteTopic  Mar 06 17:13  redis: an outage has just ended
0       3    FlushAll     02:12:19      a required dependency is unhealthy
since the service started; more: guardctl denials, guardctl events

02:13:19 UTC, system unhealthy, NOT ENFORCING, sessiond 1.4.2`
	got := strings.Join(newShow(on(98), outage(), at).lines(), "\n")
	if got != want {
		t.Errorf("at night it looks like this:\n%s", got)
	}
}

func TestShowCountsDown(t *testing.T) {
	p := outage()
	for after, want := range map[time.Duration][]string{
		0:                {"next probe in 12 s", "in 12 s", "14 s ago"},
		5 * time.Second:  {"next probe in 7 s", "in 7 s", "19 s ago", "again in 1 s: budget"},
		90 * time.Second: {"next probe now", "now", "2 min ago", "again now: budget"},
	} {
		got := strings.Join(newShow(on(0), p, at.Add(after)).lines(), "\n")
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("after %s there is no %q in\n%s", after, part, got)
			}
		}
	}
}

// TestShowKeepsToTheClockOfTheService reads a picture on a machine whose clock is wrong.
func TestShowKeepsToTheClockOfTheService(t *testing.T) {
	p := outage()
	p.got = at.Add(-7 * time.Hour)
	got := strings.Join(newShow(on(0), p, p.got.Add(3*time.Second)).lines(), "\n")
	for _, part := range []string{"17 s ago", "since 02:13:07, next probe in 9 s", "02:13:22 UTC"} {
		if !strings.Contains(got, part) {
			t.Errorf("there is no %q in\n%s", part, got)
		}
	}
}

func TestShowFitsEveryScreen(t *testing.T) {
	for width := 1; width <= 220; width += 3 {
		for _, colour := range []bool{false, true} {
			s := on(width)
			s.colour = colour
			for _, line := range newShow(s, outage(), at).lines() {
				if w := ansi.StringWidth(line); w > width {
					t.Fatalf("on %d columns a line has %d: %q", width, w, line)
				}
			}
		}
	}
}

func TestShowSaysTheSameWithoutColour(t *testing.T) {
	coloured := on(98)
	coloured.colour = true
	with, without := newShow(coloured, outage(), at).lines(), newShow(on(98), outage(), at).lines()
	for i := range with {
		if ansi.Strip(with[i]) != without[i] {
			t.Errorf("with colour    %q\nwithout colour %q", with[i], without[i])
		}
	}
	if !strings.Contains(with[0], "\x1b["+string(loud)) {
		t.Errorf("NOT ENFORCING is not loud: %q", with[0])
	}
}

func TestShowWithoutUnicode(t *testing.T) {
	s := on(60)
	s.unicode = false
	for _, line := range newShow(s, outage(), at).lines() {
		if strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
			t.Errorf("%q", line)
		}
	}
}

func TestShowOfNothing(t *testing.T) {
	p := &picture{got: at}
	p.Time, p.Headlines = at, []status.Headline{{Level: "new in the next release", Text: "something"}}
	got := strings.Join(newShow(on(80), p, at).lines(), "\n")
	for _, part := range []string{"INFO  something", "No dependency is registered", "Nothing destructive is registered", "Not done: nothing", "system unknown"} {
		if !strings.Contains(got, part) {
			t.Errorf("there is no %q in\n%s", part, got)
		}
	}
}

func TestShowIsShortWhereAllIsWell(t *testing.T) {
	p := outage()
	for i := range 1000 {
		name := fmt.Sprintf("shard-%03d", i)
		p.Checks[name+":state"] = []status.Check{{ComponentID: name, ObservedValue: "healthy", Critical: true, Breaker: "closed"}}
		p.Operations = append(p.Operations, guard.Operation{Decision: guard.Decision{Operation: name, Allowed: true}})
		p.Headlines = append(p.Headlines, status.Headline{Text: name})
	}
	shown := newShow(on(80), p, at)
	lines := shown.lines()
	if len(lines) > 100 {
		t.Errorf("%d lines", len(lines))
	}
	for _, want := range []string{"and 982 more: healthy (-all shows them)", "and 982 more: allowed (-all shows them)", "      and 996 more, which stand below"} {
		if !slices.Contains(lines, want) {
			t.Errorf("there is no %q", want)
		}
	}
	for _, name := range []string{"redis", "blob", "mail", "new", "slow"} {
		if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, name+" ") }) {
			t.Errorf("%s is not shown", name)
		}
	}
	if lines := shown.everything().lines(); len(lines) < 3000 {
		t.Errorf("with -all %d lines", len(lines))
	}
}

// TestShowOfNonsense draws what no guard sends: it must not panic, whatever it looks like.
func TestShowOfNonsense(t *testing.T) {
	p := outage()
	far := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	p.Headlines = []status.Headline{{NextInMs: new(int64(-1 << 63)), Next: "x", Since: &far}, {NextInMs: new(int64(1<<63 - 1)), Next: "y", Since: new(time.Time)}}
	p.Checks["odd:state"] = []status.Check{
		{ObservedValue: "wobbly", NextProbeInMs: new(int64(1<<63 - 1)), LastSuccess: &far, LastFailure: new(time.Time), LastHour: "hx\x00", BackoffMs: -1 << 63, ConsecutiveFailures: -7},
		{ComponentID: strings.Repeat("long", 100), LastHour: strings.Repeat("u", 100_000)},
	}
	p.Checks[":state"] = nil
	p.Operations = append(p.Operations, guard.Operation{Decision: guard.Decision{Reason: "new", RetryAfter: -1 << 63, Mode: 7}})
	p.denials = append(p.denials, status.Denial{Denial: guard.Denial{Count: 1, WouldDeny: 1<<64 - 1}})
	for width := range 200 {
		newShow(on(width), p, at).lines()
	}
}
