package guard

import "sync"

// bucket counts the grants of one destructive operation in a sliding window, so that no window of the given length ever
// holds more than the limit. Safe for concurrent use.
type bucket struct {
	budget Budget

	mu     sync.Mutex
	grants []moment // those that are younger than the window, oldest first
}

// left reports whether a grant is left, and if not, when there will be one. It takes nothing.
func (b *bucket) left(now moment) (bool, moment) {
	if b.budget == NoBudget {
		return true, 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.leftLocked(now)
}

// take takes a grant if one is left. It is never given back: the outcome of a destructive call that failed is unknown.
func (b *bucket) take(now moment) bool {
	if b.budget == NoBudget {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if ok, _ := b.leftLocked(now); !ok {
		return false
	}
	b.grants = append(b.grants, now)
	return true
}

// leftLocked requires b.mu.
func (b *bucket) leftLocked(now moment) (bool, moment) {
	for len(b.grants) > 0 && b.grants[0].add(b.budget.Window) <= now {
		b.grants = b.grants[1:]
	}
	if len(b.grants) < b.budget.Limit {
		return true, 0
	}
	return false, b.grants[0].add(b.budget.Window)
}
