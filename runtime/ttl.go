package guard

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// The TTL of a program bounds how late things may be noticed. After an outage that nobody noticed a client that is alive has
// been away for a heartbeat, the outage, and a back-off that is about as long again. With two heartbeats in a TTL, which is
// the least that makes sense, a quarter of the TTL is the limit for an outage to go unnoticed. (Three quarters kill: the
// scenario unseen of the ablation.) A stall of our own process, in which clients mostly wait, may take three quarters.
const (
	noticedWithin = 25 // percent
	stalledWithin = 75
)

// WithTTL declares the shortest silence after which the program takes something for dead. Where an outage would be noticed
// too late for it, registering the dependency is an error that says which number to change. Failed calls about a key are
// remembered as long, and keys without a record twice as long; see [HealthRegistry.Silence]. Default: not declared, and not
// checked.
func WithTTL(ttl time.Duration) RegistryOption {
	return func(r *HealthRegistry) error {
		if ttl <= 0 {
			return fmt.Errorf("TTL of %s: must be positive", ttl)
		}
		r.ttl = ttl
		r.suspects.past.memory = ttl
		r.unseen.life = max(r.unseen.life, 2*ttl)
		return nil
	}
}

// delay is something that keeps an outage from being noticed, and what to do about it.
type delay struct {
	lasts  time.Duration
	within int // percent of the TTL
	what   string
}

// delays lists what bounds the TTL of a dependency under policy.
func (s *Spec) delays(policy Policy) []delay {
	all := []delay{
		{stallLimit, stalledWithin, fmt.Sprintf("a stall of the process may last %s unnoticed:", stallLimit)},
		{policy.detection(), noticedWithin, fmt.Sprintf(
			"an outage is noticed after %s (probe-interval=%s and a fifth more, then twice probe-timeout=%s): lower them, or",
			shortDuration(policy.detection()), shortDuration(policy.ProbeInterval), shortDuration(policy.ProbeTimeout))},
		{policy.MaxAge, noticedWithin, fmt.Sprintf("a proof of health may be as old as max-age=%s: lower it, or", shortDuration(policy.MaxAge))},
		{policy.Timeout, noticedWithin, fmt.Sprintf("a call may hang for timeout=%s: lower it, or", shortDuration(policy.Timeout))},
	}
	for _, m := range s.Methods {
		if t := m.timeout(policy); t != policy.Timeout {
			all = append(all, delay{t, noticedWithin, fmt.Sprintf("a call of %s may hang for timeout=%s: lower it, or", m.Name, shortDuration(t))})
		}
	}
	return all
}

// noticesInTime checks the numbers of a dependency, registered with spec under policy, against the TTL of the program, if
// there is one.
func (r *HealthRegistry) noticesInTime(spec *Spec, policy Policy) error {
	if r.ttl == 0 || policy.Optional && !spec.destroys() && !slices.Contains(r.requires, spec.Dependency) {
		return nil
	}
	for _, d := range spec.delays(policy) {
		if d.lasts > r.ttl/100*time.Duration(d.within) {
			return fmt.Errorf("guard: dependency %q of %s: %s raise the TTL of %s to at least %s: it may take %d %% of that",
				spec.Dependency, spec.owner(), d.what, shortDuration(r.ttl), shortDuration(ttlFor(d.lasts, d.within)), d.within)
		}
	}
	return nil
}

// ttlFor is the least TTL of which something that lasts takes no more than its part, rounded up to tenths of a second.
func ttlFor(lasts time.Duration, within int) time.Duration {
	const unit = 100 * time.Millisecond
	ttl := (min(lasts, math.MaxInt64/200)*100 + time.Duration(within) - 1) / time.Duration(within)
	return (ttl + unit - 1).Truncate(unit)
}
