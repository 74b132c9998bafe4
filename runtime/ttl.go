package guard

import (
	"fmt"
	"slices"
	"time"
)

// WithTTL declares the shortest silence after which the program takes something for dead. What would hide an outage for too
// long a part of it is an error where the dependency is registered: an outage, and any stall of the process, must be
// noticed within three quarters of the TTL. (The same share by which Gardener's dependency watchdog stays ahead of what it
// protects from.) Where things have different TTLs it is the shortest. Failed calls about a key are remembered as long, and
// keys without a record twice as long; see [HealthRegistry.Silence]. Default: not declared, and not checked.
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

// inTime is how long it may take to notice something before the TTL is over.
func inTime(ttl time.Duration) time.Duration { return ttl / 4 * 3 }

// ttlFor is the least TTL for which a detection is in time, rounded up to tenths of a second. It is meant for people.
func ttlFor(detection time.Duration) time.Duration {
	const unit = 100 * time.Millisecond
	ttl := moment(detection).add((detection + 2) / 3).add(unit - 1)
	return time.Duration(ttl).Truncate(unit)
}

// noticesInTime checks the numbers of a dependency, registered with spec under policy, against the TTL of the program, if
// there is one.
func (r *HealthRegistry) noticesInTime(spec *Spec, policy Policy) error {
	p, within := policy, inTime(r.ttl)
	var late string
	var detection time.Duration
	switch {
	case r.ttl == 0 || p.Optional && !spec.destroys() && !slices.Contains(r.requires, spec.Dependency):
		return nil
	case stallLimit > within:
		detection, late = stallLimit, fmt.Sprintf("a stall of the process is noticed after %s, which is fixed:", stallLimit)
	case p.detection() > within:
		detection = p.detection()
		late = fmt.Sprintf("an outage is noticed after %s (probe-interval=%s and a fifth more, then twice probe-timeout=%s): lower them, or",
			shortDuration(detection), shortDuration(p.ProbeInterval), shortDuration(p.ProbeTimeout))
	case p.MaxAge > within:
		detection = p.MaxAge
		late = fmt.Sprintf("a proof of health may be as old as max-age=%s: lower it, or", shortDuration(p.MaxAge))
	default:
		return nil
	}
	return fmt.Errorf("guard: dependency %q of %s: %s raise the TTL of %s to at least %s, whose three quarters are the limit",
		spec.Dependency, spec.owner(), late, shortDuration(r.ttl), shortDuration(ttlFor(detection)))
}
