package guard

import (
	"slices"
	"sync"
	"time"
)

// Silence is for how long a target, named by a key, has been silent while we listened: what may be held against a TTL
// before something is taken for dead. lastSeen is when it last gave a sign of life; the zero time if there is no record
// of one. It is the time since then,
//
//   - but at most since the registry was made: after our own restart nobody has been heard yet;
//   - and at most since the last failed or refused call about the key, if the method that failed has not succeeded about
//     it again: an attempt is no silence;
//   - less the episodes of all required dependencies, the time before each was proven for the first time, and the time
//     that our own process stood still: we were deaf;
//   - where there is no record, since Silence was first asked so about the key: a missing record is not an old one. It
//     starts over when nobody asks for ten minutes, or twice the TTL of [WithTTL], and when the gate has let the key be
//     destroyed.
//
// A failed call is remembered for hold, in which a success of its method clears it, and then for the TTL if that is
// declared. A lastSeen in the future counts as now. Where nothing can be told it is zero: while nothing is required, or a dependency
// of [Requires] is missing, after Close, about a key that could not be read. It is never negative and never more than what really passed.
// It asks no dependency; the gate still decides about the destruction itself. A name that is destroyed without the gate must
// not be used again.
func (r *HealthRegistry) Silence(key string, lastSeen time.Time) time.Duration {
	read, _ := r.checkStall()
	if r.ctx.Err() != nil || !r.listening() || unreadable([]string{key}) != "" {
		return 0
	}
	now := read.now
	var since moment
	if lastSeen.IsZero() {
		since = r.unseen.first(key, now)
	} else {
		r.unseen.forget(key)
		since = now.add(-max(0, read.wall.Sub(lastSeen.Round(0))))
	}
	since = max(since, 1, r.suspects.failedAt(key, now)) // the clock begins at 1
	return r.hearing.heard(since, now)
}

// listening reports whether something is required, all of which is registered.
func (r *HealthRegistry) listening() bool {
	required := r.required()
	return len(required) > 0 && !slices.ContainsFunc(required, requirement.missing)
}

const (
	// unseenLimit bounds how many keys without a record are remembered: some 10 MB. There is no silence about further ones.
	unseenLimit = 1 << 16
	// unseenLife is how long a key without a record is remembered that nobody asks about any more, if the TTL is not declared.
	unseenLife = 10 * time.Minute
)

// unseen are the keys without a record, which begin to age when they are first asked about. Safe for concurrent use.
type unseen struct {
	mu    sync.Mutex
	byKey map[string]unseenKey
	life  time.Duration // see unseenLife
	sweep moment        // the next look at which of them are over
}

type unseenKey struct{ since, asked moment }

func (u *unseen) init() { u.byKey, u.life = make(map[string]unseenKey), unseenLife }

// first returns when key was first asked about without a record.
func (u *unseen) first(key string, now moment) moment {
	u.mu.Lock()
	defer u.mu.Unlock()
	known, found := u.byKey[key]
	if !found {
		if len(u.byKey) >= unseenLimit {
			return now
		}
		known.since = now
	}
	known.asked = now
	u.byKey[key] = known
	return known.since
}

// forget notes that keys have a record, or are no more: if one is missed again, it begins to age anew.
func (u *unseen) forget(keys ...string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, key := range keys {
		delete(u.byKey, key)
	}
}

// expire forgets the keys that nobody asked about for long. It looks once a minute.
func (u *unseen) expire(now moment) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if now < u.sweep {
		return
	}
	u.sweep = now.add(time.Minute)
	for key, known := range u.byKey {
		if now.sub(known.asked) > u.life {
			delete(u.byKey, key)
		}
	}
}
