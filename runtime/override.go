package guard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"
)

const (
	// confirmationLife is how long a person's confirmation counts.
	confirmationLife = time.Minute
	// overrideLife is the longest life of a break-glass override.
	overrideLife = 15 * time.Minute
)

type confirmationKey struct{}

type confirmation struct {
	actor string
	keys  []string
	at    time.Time
}

// UserConfirmed returns a context that says that a person, actor, asked for this, now. For one minute a destructive call
// about the named keys, and no others, skips what only protects against inference: the hold after start and after an
// outage, the budget, and failures about the keys. Without keys it covers operations without a key. State, evidence, the
// taint of the scope and the quiet moment are asked of it all the same. An empty actor confirms nothing.
func UserConfirmed(ctx context.Context, actor string, keys ...string) context.Context {
	return context.WithValue(ctx, confirmationKey{}, &confirmation{actor: actor, keys: slices.Clone(keys), at: time.Now()})
}

func confirmationOf(ctx context.Context) *confirmation {
	c, _ := ctx.Value(confirmationKey{}).(*confirmation)
	return c
}

func (c *confirmation) covers(wall time.Time, keys []string) bool {
	if c == nil || c.actor == "" || since(c.at, wall) > confirmationLife {
		return false
	}
	if len(keys) == 0 || len(c.keys) == 0 {
		return len(keys) == len(c.keys)
	}
	if unreadable(keys) != "" {
		return false
	}
	return !slices.ContainsFunc(keys, func(key string) bool { return !slices.Contains(c.keys, key) })
}

// since is how long ago then was, by the monotonic clock or by the wall clock, which says wall now; whichever is longer: one
// stands still while the machine is suspended, the other can be set back.
func since(then, wall time.Time) time.Duration { return max(time.Since(then), wall.Sub(then.Round(0))) }

// Override is a person's decision to destroy although the gate would deny it.
type Override struct {
	Actor     string    // who; required
	Reason    string    // why; required
	Expires   time.Time // required; at most 15 minutes ahead
	Uses      int       // how many calls it covers; 0 means 1
	Operation string    // the only operation that it covers; empty: any
}

// AuditRecord is what is recorded of an override, before the call runs.
type AuditRecord struct {
	Time      time.Time `json:"time"`
	Operation string    `json:"operation"`
	Keys      []string  `json:"keys,omitempty"`
	Actor     string    `json:"actor"`
	Reason    string    `json:"reason"`
	Expires   time.Time `json:"expires"`
	Overruled Reason    `json:"overruled,omitempty"` // what the gate would have said; empty if it would have allowed
}

type overrideKey struct{}

// heldOverride is an override on its way through contexts. Safe for concurrent use.
type heldOverride struct {
	Override

	used atomic.Int64
}

// BreakGlass returns a context in which a destructive call passes the gate whatever it would say, isolation excepted. It
// is for a person at an incident, call by call; it is recorded before the act (see [WithAudit]), and if it cannot be
// recorded the call is denied. An override that is incomplete, expired, used up or for another operation denies too: it
// never falls back to the ordinary decision. While the breaker is open the call passes it unrecorded.
func BreakGlass(ctx context.Context, o Override) context.Context {
	return context.WithValue(ctx, overrideKey{}, &heldOverride{Override: o})
}

func overrideOf(ctx context.Context) *heldOverride {
	o, _ := ctx.Value(overrideKey{}).(*heldOverride)
	return o
}

// check says what is wrong with an override for a call of op, when the wall clock says wall.
func (o *heldOverride) check(wall time.Time, op *operation) error {
	switch {
	case o.Actor == "" || o.Reason == "":
		return errors.New("it needs an actor and a reason")
	case o.Expires.IsZero():
		return errors.New("it needs a time when it expires")
	case since(o.Expires, wall) >= 0:
		return fmt.Errorf("it expired at %s", o.Expires.Format(time.RFC3339))
	case o.Expires.Round(0).Sub(wall) > overrideLife:
		return fmt.Errorf("it must expire within %s", shortDuration(overrideLife))
	case o.Operation != "" && o.Operation != op.name:
		return fmt.Errorf("it is for %s", o.Operation)
	case o.used.Load() >= o.uses():
		return fmt.Errorf("it is used up (%d of %d)", o.used.Load(), o.uses())
	}
	return nil
}

func (o *heldOverride) uses() int64 { return int64(max(1, o.Uses)) }

// take uses the override once, and reports whether it was left.
func (o *heldOverride) take() bool {
	if o.used.Add(1) <= o.uses() {
		return true
	}
	o.used.Add(-1)
	return false
}

// decide lets a valid override pass everything but isolation.
func (o *heldOverride) decide(s *snapshot, op *operation) verdict {
	if err := o.check(s.wall, op); err != nil && !s.closed {
		return verdict{reason: ReasonOverride, cause: err, until: s.now.add(hopeless)}
	}
	return s.byControl()
}

// breakGlass decides about a call that comes with an override, and records it before the act.
func (r *HealthRegistry) breakGlass(ctx context.Context, o *heldOverride, s *snapshot, op *operation, keys []string) verdict {
	if v := o.decide(s, op); v.reason != "" {
		return v
	}
	if !o.take() {
		return verdict{reason: ReasonOverride, cause: o.check(s.wall, op), until: s.now.add(hopeless)}
	}
	record := AuditRecord{
		Time: time.Now(), Operation: op.name, Keys: slices.Clone(keys), Actor: o.Actor, Reason: o.Reason, Expires: o.Expires,
		Overruled: s.decide().reason,
	}
	if err := r.record(ctx, record); err != nil {
		return verdict{reason: ReasonAudit, cause: err, until: s.now.add(hopeless)}
	}
	s = r.snapshot(ctx, op, keys, r.requiredBy(op))
	if v := s.byControl(); v.reason != "" {
		return v // closed or isolated while it was recorded
	}
	if since(o.Expires, s.wall) >= 0 { // while it was recorded
		return verdict{reason: ReasonOverride, cause: o.check(s.wall, op), until: s.now.add(hopeless)}
	}
	r.events.publish(&Event{Time: record.Time, Kind: EventOverride, Operation: op.name, Actor: o.Actor, Reason: o.Reason})
	return verdict{}
}

// record hands an audit record to the program's sink. A sink that panics has not recorded.
func (r *HealthRegistry) record(ctx context.Context, record AuditRecord) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("audit panicked: %v", p)
		}
	}()
	if r.audit != nil {
		return r.audit(ctx, record)
	}
	return r.recordInLog(ctx, record)
}

// recordInLog is the default audit: the log handler, whose error counts.
func (r *HealthRegistry) recordInLog(ctx context.Context, record AuditRecord) error {
	handler := r.Logger().Handler()
	if !handler.Enabled(ctx, slog.LevelWarn) {
		return errors.New("the log does not take warnings")
	}
	line := slog.NewRecord(record.Time, slog.LevelWarn, "gate overridden", 0)
	line.AddAttrs(slog.String("operation", record.Operation), slog.Any("keys", record.Keys), slog.String("actor", record.Actor),
		slog.String("reason", record.Reason), slog.Time("expires", record.Expires), slog.String("overruled", string(record.Overruled)))
	return handler.Handle(ctx, line)
}
