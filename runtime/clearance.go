package guard

import "context"

// A clearance remembers that the gate has looked at everything an operation requires, and found that nothing of it denies.
// While no dependency has failed, refused a call or changed since, which one counter tells for all of them, it holds until
// the first of its proofs is too old. So an ask in health costs the same for one dependency as for a hundred. Immutable.
type clearance struct {
	disturbances uint64 // of the registry, read before the look
	until        moment // the proofs are good until then
	quietFrom    moment // a call without a scope is denied before
}

// clearanceOf is the clearance that a look gives which denies nothing; nil if it gives none. disturbances must have been
// read before it.
func (s *snapshot) clearanceOf(disturbances uint64) *clearance {
	c := &clearance{disturbances: disturbances, until: forever}
	for _, d := range s.required {
		if d.recognised { // only a probe begun after the ask tells who it is
			return nil
		}
		c.until = min(c.until, d.provenUntil)
		c.quietFrom = max(c.quietFrom, after(d.failedAt, d.quiet))
	}
	return c
}

// disturb voids all clearances. Whatever may make a dependency deny is first stored and then counted here, before anybody
// hears of it.
func (r *HealthRegistry) disturb() { r.disturbances.Add(1) }

// glance is ask for a call that a clearance lets pass. It looks at what is the call's own, then at the clearance; if it does
// not let the call pass, that says nothing.
func (r *HealthRegistry) glance(ctx context.Context, op *operation, keys []string) (word uint64, passes bool) {
	c := op.clearance.Load()
	if c == nil || r.ctx.Err() != nil || confirmationOf(ctx) != nil {
		return 0, false
	}
	stalls := r.stalls.Load()
	read, stood := r.checkStall()
	if stood != 0 {
		return 0, false
	}
	if scope := scopeOf(ctx); scope == nil && read.now < c.quietFrom || scope != nil && scope.worst() != nil {
		return 0, false
	}
	if _, why := r.suspects.look(keys, read.now); why.until > read.now {
		return 0, false
	}
	word = op.word()
	if word&refusing != 0 || r.disturbances.Load() != c.disturbances {
		return 0, false
	}
	read, stood = r.checkStall()
	if stood != 0 || r.stalls.Load() != stalls || read.now > c.until || !op.bucket.take(read.now) {
		return 0, false
	}
	return word, true
}
