package guard

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Action is something that a person does to a registry.
type Action string

// What a person can do: see the methods of [HealthRegistry] of the same names; nobody isolates what somebody else has
// isolated. [ActionEnforce] and [ActionObserve] are SetMode.
const (
	ActionIsolate Action = "isolate"
	ActionRestore Action = "restore"
	ActionProbe   Action = "probe"
	ActionEnforce Action = "enforce"
	ActionObserve Action = "observe"
)

// Control is an action with who does it, and why.
type Control struct {
	Action     Action   `json:"action"`
	Dependency string   `json:"dependency,omitempty"` // to isolate, restore or probe
	Operations []string `json:"operations,omitempty"` // to enforce or observe; none means all
	Actor      string   `json:"actor"`                // who; required
	Reason     string   `json:"reason"`               // why; required
}

// Control does what a person decided outside of the program, at a page or a command line, and records it as an event,
// with its error if it came to nothing. What is incomplete, and so could not be recorded, is neither done nor recorded. A
// probe may take as long as probe-timeout, or until ctx ends. It returns what the method for the action returns.
func (r *HealthRegistry) Control(ctx context.Context, c Control) error {
	if c.Actor == "" || c.Reason == "" {
		return errors.New("guard: a control needs an actor and a reason")
	}
	var act func() error
	switch c.Action {
	case ActionIsolate:
		act = func() error {
			if h, _ := r.Health(c.Dependency); h.Isolated != "" {
				return fmt.Errorf("guard: dependency %q is isolated already (%s): restore it first", c.Dependency, h.Isolated)
			}
			return r.Isolate(c.Dependency, c.Reason+", by "+c.Actor)
		}
	case ActionRestore:
		act = func() error { return r.Restore(c.Dependency) }
	case ActionProbe:
		act = func() error { return r.Probe(ctx, c.Dependency) }
	case ActionEnforce:
		act = func() error { return r.SetMode(Enforce, c.Operations...) }
	case ActionObserve:
		act = func() error { return r.SetMode(Observe, c.Operations...) }
	default:
		return fmt.Errorf("guard: unknown action %q: want isolate, restore, probe, enforce or observe", c.Action)
	}
	err := act()
	r.events.publish(&Event{
		Time: r.clock.wall(r.clock.now()), Kind: EventControl, Dependency: c.Dependency, Operation: strings.Join(c.Operations, " "),
		Action: c.Action, Actor: c.Actor, Reason: c.Reason, Err: err,
	})
	return err
}
