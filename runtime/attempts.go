package guard

import "time"

// attemptsLimit bounds how many failed attempts are remembered beyond hold: some 10 MB. When there are more, the oldest are
// forgotten first.
const attemptsLimit = 1 << 16

// attempts remember when a call about a key last failed, once the gate does not mind any more: for [HealthRegistry.Silence],
// as long as the TTL. They are two maps of which the older one is dropped when the younger one is full, or a TTL old.
// Not safe for concurrent use.
type attempts struct {
	memory         time.Duration // 0: none
	younger, older map[string]moment
	turnAt         moment
}

// note remembers that a call about key failed.
func (a *attempts) note(key string, failed, now moment) {
	if failed.add(a.memory) <= now {
		return
	}
	if now >= a.turnAt || len(a.younger) >= attemptsLimit/2 {
		a.older, a.younger, a.turnAt = a.younger, make(map[string]moment), now.add(a.memory)
	}
	a.younger[key] = max(failed, a.younger[key])
}

// last is when a call about key last failed; 0 if none did within the memory.
func (a *attempts) last(key string, now moment) moment {
	failed := max(a.younger[key], a.older[key])
	if failed == 0 || failed.add(a.memory) <= now {
		return 0
	}
	return failed
}
