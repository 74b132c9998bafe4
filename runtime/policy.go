package guard

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Policy says how a dependency is guarded. The names and defaults are those of the options of //guard:dependency; a
// zero field has its default. Durations must not be negative.
type Policy struct {
	// Optional: when it is unhealthy the system is degraded at most, and the gate stays open for operations of others.
	Optional bool
	// Threshold opens the breaker. Default: 5 consecutive failures.
	Threshold Threshold
	// Backoff is the range of the open delay. Default: 1s..60s. A failure with a method RetryAfter makes the next one longer,
	// within the range.
	Backoff Backoff
	// Timeout is the deadline of each call, where the caller's is later or absent. Default: none.
	Timeout time.Duration
	// ProbeTimeout bounds one probe. Default: 1s.
	ProbeTimeout time.Duration
	// ProbeInterval: without a success for this long (±20 %) the dependency is probed. Default: MaxAge.
	ProbeInterval time.Duration
	// MaxAge bounds the age of the proof of health when something is destroyed. Default: 2s.
	MaxAge time.Duration
	// Hold keeps the gate shut this long after an episode of ill health, and after start. Default: 60s. It must not be
	// below Reconnect: sessions about to reconnect would be destroyed.
	Hold time.Duration
	// Reconnect is the longest absence of a live client: its longest back-off plus one heartbeat. Default: not declared.
	Reconnect time.Duration
	// Quiet denies a destructive call without scope if a required dependency failed less than this ago. Default: 1s.
	Quiet time.Duration
	// Classify judges the errors of calls and probes. Default: [Classify].
	Classify func(context.Context, error) Outcome
}

// Threshold says when the breaker opens, in one of three forms. The first two need no record of successes and are the
// cheap ones; the third pays the engine's price (some 100 ns and a mutex) on each call.
type Threshold struct {
	// Failures is a number of consecutive failures; with Period, of failures within Period.
	Failures int
	// Period is the sliding window of the second and the third form.
	Period time.Duration
	// Percent, 1 to 100, is a failure rate within Period. Failures must be zero then.
	Percent int
	// MinCalls is the number of calls in Period below which the rate says nothing; at least 1.
	MinCalls int
}

// Backoff is the range of the open delay: it doubles from Min to Max, with equal jitter, and never exceeds Max. The
// growth starts over only after the breaker has stayed closed for Max.
type Backoff struct{ Min, Max time.Duration }

// Budget bounds the calls of a destructive operation: at most Limit in any Window, in this process.
type Budget struct {
	Limit  int
	Window time.Duration
}

// NoBudget leaves a destructive operation without a bound.
var NoBudget = Budget{Limit: math.MaxInt}

// NoTimeout, as the timeout of a method, exempts it from the timeout of its dependency.
const NoTimeout time.Duration = math.MinInt64

const (
	defaultProbeTimeout = time.Second
	defaultMaxAge       = 2 * time.Second
	defaultHold         = time.Minute
	defaultQuiet        = time.Second
)

// maxFailures bounds counts in thresholds: with numbers near the largest integer the engine opens at once, and for good.
const maxFailures = 1_000_000

var (
	defaultThreshold = Threshold{Failures: 5}
	defaultBackoff   = Backoff{Min: time.Second, Max: time.Minute}
	defaultBudget    = Budget{Limit: 10, Window: time.Minute}
)

// String returns the form of the annotation: "5", "5/10s" or "50%/10s/20".
func (t Threshold) String() string {
	switch {
	case t.Percent != 0:
		return fmt.Sprintf("%d%%/%s/%d", t.Percent, shortDuration(t.Period), t.MinCalls)
	case t.Period != 0:
		return fmt.Sprintf("%d/%s", t.Failures, shortDuration(t.Period))
	default:
		return strconv.Itoa(t.Failures)
	}
}

// String returns the form of the annotation: "1s..1m".
func (b Backoff) String() string { return shortDuration(b.Min) + ".." + shortDuration(b.Max) }

// String returns the form of the annotation: "20/1m" or "none".
func (b Budget) String() string {
	if b == NoBudget {
		return "none"
	}
	return fmt.Sprintf("%d/%s", b.Limit, shortDuration(b.Window))
}

func (t Threshold) validate() error {
	switch {
	case t.Failures < 0 || t.Percent < 0 || t.MinCalls < 0 || t.Period < 0:
		return fmt.Errorf("threshold %s: must not be negative", t)
	case t.Period != 0 && t.Period < 10: // the engine divides it by ten
		return fmt.Errorf("threshold %s: the period is too short; did you forget its unit?", t)
	case t.Percent == 0 && t.MinCalls != 0:
		return errors.New("threshold: MinCalls goes with Percent")
	case t.Percent == 0 && t.Failures == 0:
		return errors.New("threshold: Period needs Failures or Percent")
	case t.Failures > maxFailures || t.MinCalls > maxFailures:
		return fmt.Errorf("threshold %s: at most %d", t, maxFailures)
	case t.Percent > 100:
		return fmt.Errorf("threshold %s: a rate is 1 to 100 percent", t)
	case t.Percent > 0 && t.Failures > 0:
		return errors.New("threshold: give Failures or Percent, not both")
	case t.Percent > 0 && (t.Period == 0 || t.MinCalls == 0):
		return fmt.Errorf("threshold %s: a rate needs Period and MinCalls", t)
	}
	return nil
}

func (b Budget) validate() error {
	if b == NoBudget {
		return nil
	}
	if b.Limit < 1 || b.Window <= 0 {
		return fmt.Errorf("budget %s: limit and window must be positive; NoBudget leaves it open", b)
	}
	return nil
}

// withDefaults returns p with a default in every zero field.
func (p Policy) withDefaults() Policy {
	setDefault(&p.Threshold, defaultThreshold)
	setDefault(&p.Backoff.Min, min(defaultBackoff.Min, cmp.Or(p.Backoff.Max, defaultBackoff.Min)))
	setDefault(&p.Backoff.Max, max(defaultBackoff.Max, p.Backoff.Min))
	setDefault(&p.ProbeTimeout, defaultProbeTimeout)
	setDefault(&p.MaxAge, defaultMaxAge)
	setDefault(&p.ProbeInterval, p.MaxAge)
	setDefault(&p.Hold, defaultHold)
	setDefault(&p.Quiet, defaultQuiet)
	if p.Classify == nil {
		p.Classify = Classify
	}
	return p
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// durations lists the plain durations of p under the names of the annotation.
func (p Policy) durations() []namedDuration {
	return []namedDuration{
		{"timeout", p.Timeout}, {"probe-timeout", p.ProbeTimeout}, {"probe-interval", p.ProbeInterval},
		{"max-age", p.MaxAge}, {"hold", p.Hold}, {"reconnect", p.Reconnect}, {"quiet", p.Quiet},
	}
}

type namedDuration struct {
	name  string
	value time.Duration
}

// validate reports everything that is wrong with p, whose defaults are set.
func (p Policy) validate() error {
	var problems []error
	for _, d := range p.durations() {
		switch {
		case d.value < 0:
			problems = append(problems, fmt.Errorf("%s=%s: must not be negative", d.name, d.value))
		case d.value != 0 && d.value < time.Microsecond:
			problems = append(problems, fmt.Errorf("%s=%s: did you forget its unit?", d.name, d.value))
		}
	}
	if p.Backoff.Min < time.Microsecond || p.Backoff.Max < p.Backoff.Min {
		problems = append(problems, fmt.Errorf("backoff=%s: want a positive minimum, with a unit, and a maximum not below it", p.Backoff))
	}
	if p.Hold < p.Reconnect {
		problems = append(problems, fmt.Errorf("hold=%s is below reconnect=%s: live clients still backing off after an "+
			"outage would be taken for dead; raise hold to at least %[2]s", shortDuration(p.Hold), shortDuration(p.Reconnect)))
	}
	if err := p.Threshold.validate(); err != nil {
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

// detection is how long an outage may take to open an episode where nobody calls: the longest pause before a probe, and
// two probes that fail.
func (p Policy) detection() time.Duration {
	return time.Duration(moment(p.ProbeInterval).add(p.ProbeInterval / 5).add(p.ProbeTimeout).add(p.ProbeTimeout))
}

// differences says in the words of the annotation where p and q, whose defaults are set, differ.
func (p Policy) differences(q Policy) (ours, theirs string) {
	var a, b []string
	differ := func(name, x, y string) {
		if x != y {
			a, b = append(a, name+"="+x), append(b, name+"="+y)
		}
	}
	differ("optional", strconv.FormatBool(p.Optional), strconv.FormatBool(q.Optional))
	differ("threshold", p.Threshold.String(), q.Threshold.String())
	differ("backoff", p.Backoff.String(), q.Backoff.String())
	theirDurations := q.durations()
	for i, d := range p.durations() {
		differ(d.name, shortDuration(d.value), shortDuration(theirDurations[i].value))
	}
	if reflect.ValueOf(p.Classify).Pointer() != reflect.ValueOf(q.Classify).Pointer() {
		a, b = append(a, "classify=one function"), append(b, "classify=another")
	}
	return strings.Join(a, " "), strings.Join(b, " ")
}

// shortDuration prints 1m0s as 1m, and 1h0m0s as 1h.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
