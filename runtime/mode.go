package guard

import (
	"fmt"
	"slices"
)

// Mode says whether the gate's denials take effect.
type Mode uint8

const (
	// Enforce: a denied call does not run.
	Enforce Mode = iota
	// Observe: the gate decides alike and counts what it would deny, but the call runs like a regular one, which the
	// breaker of its own dependency still refuses while that is unhealthy. For roll-out; wherever state is shown it says
	// NOT ENFORCING.
	Observe
)

// String returns "enforce" or "observe".
func (m Mode) String() string {
	if m == Observe {
		return "observe"
	}
	return "enforce"
}

// MarshalText implements [encoding.TextMarshaler].
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (m *Mode) UnmarshalText(text []byte) error {
	switch string(text) {
	case "enforce":
		*m = Enforce
	case "observe":
		*m = Observe
	default:
		return fmt.Errorf("guard: unknown mode %q: want enforce or observe", text)
	}
	return nil
}

// modeOf is the mode of an operation: its own, or the registry's.
func (r *HealthRegistry) modeOf(op *operation) Mode {
	if own := op.mode.Load(); own != 0 {
		return Mode(own - 1)
	}
	return Mode(r.mode.Load())
}

// SetMode switches the gate between enforce and observe: for the named operations, or for all, whatever their modes were.
// Each switch is an event. It returns [ErrUnknownOperation] if one is not known, and then changes nothing.
func (r *HealthRegistry) SetMode(mode Mode, operations ...string) error {
	if mode > Observe {
		return fmt.Errorf("guard: unknown mode %d: want Enforce or Observe", mode)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(operations) == 0 {
		r.mode.Store(int32(mode))
		for _, op := range r.operations {
			op.mode.Store(0)
		}
		r.events.publish(&Event{Time: r.clock.wall(r.clock.now()), Kind: EventMode, Mode: mode})
		return nil
	}
	var chosen []*operation
	for _, name := range operations {
		found := len(chosen)
		for _, op := range r.operations {
			if op.name == name {
				chosen = append(chosen, op)
			}
		}
		if len(chosen) == found {
			return fmt.Errorf("%w %q: known are %q", ErrUnknownOperation, name, r.operationNames())
		}
	}
	for _, op := range chosen {
		op.mode.Store(int32(mode) + 1)
		r.events.publish(&Event{Time: r.clock.wall(r.clock.now()), Kind: EventMode, Operation: op.name, Mode: mode})
	}
	return nil
}

// operationNames lists the names of all operations, sorted. Requires r.mu.
func (r *HealthRegistry) operationNames() []string {
	names := make([]string, 0, len(r.operations))
	for _, op := range r.operations {
		names = append(names, op.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// observed lists the operations that are not enforced, sorted.
func (r *HealthRegistry) observed() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var names []string
	for _, op := range r.operations {
		if r.modeOf(op) == Observe {
			names = append(names, op.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
