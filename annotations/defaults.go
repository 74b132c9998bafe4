package annotations

import (
	"cmp"
	"time"
)

// What holds where an annotation says nothing. The runtime decides that, and generated files leave it to the runtime; these
// repeat it for findings and for people who review, and a test holds both together.
var (
	// DefaultBudget is that of a destructive method.
	DefaultBudget = Budget{Limit: 10, Window: time.Minute}

	defaultThreshold = Threshold{Failures: 5}
	defaultBackoff   = Backoff{Min: time.Second, Max: time.Minute}
)

const (
	defaultProbeTimeout = time.Second
	defaultMaxAge       = 2 * time.Second
	defaultHold         = time.Minute
	defaultQuiet        = time.Second
)

// withDefaults returns d with what holds in every field of its policy that says nothing.
func (d Dependency) withDefaults() Dependency {
	d.Threshold = cmp.Or(d.Threshold, defaultThreshold)
	d.Backoff = cmp.Or(d.Backoff, defaultBackoff)
	d.ProbeTimeout = cmp.Or(d.ProbeTimeout, defaultProbeTimeout)
	d.MaxAge = cmp.Or(d.MaxAge, defaultMaxAge)
	d.ProbeInterval = cmp.Or(d.ProbeInterval, d.MaxAge)
	d.Hold = cmp.Or(d.Hold, defaultHold)
	d.Quiet = cmp.Or(d.Quiet, defaultQuiet)
	return d
}
