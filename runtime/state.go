package guard

import "fmt"

// DependencyState is the health of a dependency, or of the system as a whole.
type DependencyState uint8

const (
	// Unknown is the state before the first proof. Calls run, destructive ones must prove the dependency first.
	Unknown DependencyState = iota
	// Healthy: the breaker is closed and the dependency has proven itself.
	Healthy
	// Degraded: closed, but half way to opening, or there without being fully usable. Heavy reads are shed.
	Degraded
	// Unhealthy: the breaker is open or half-open, or the dependency is isolated. Calls are refused.
	Unhealthy
)

var stateNames = [...]string{"unknown", "healthy", "degraded", "unhealthy"}

// String returns "unknown", "healthy", "degraded" or "unhealthy".
func (s DependencyState) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("DependencyState(%d)", uint8(s))
}

// MarshalText implements [encoding.TextMarshaler].
func (s DependencyState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; it takes the words of String.
func (s *DependencyState) UnmarshalText(text []byte) error {
	for i, name := range stateNames {
		if string(text) == name {
			*s = DependencyState(i)
			return nil
		}
	}
	return fmt.Errorf("guard: unknown state %q: want unknown, healthy, degraded or unhealthy", text)
}

// severity orders states for an aggregate: not knowing is worse than degraded, because the gate treats it so.
func (s DependencyState) severity() int {
	switch s {
	case Healthy:
		return 0
	case Degraded:
		return 1
	case Unknown:
		return 2
	default:
		return 3
	}
}

func worse(a, b DependencyState) DependencyState {
	if b.severity() > a.severity() {
		return b
	}
	return a
}
