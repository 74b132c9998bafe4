package guard

import (
	"context"
	"log/slog"
	"runtime"
	"time"
)

// logEvent writes one line for an event. Transitions and episodes are INFO; what an operator should see is WARN.
func (r *HealthRegistry) logEvent(e Event) {
	level, message := slog.LevelInfo, ""
	attributes := make([]slog.Attr, 0, 10)
	add := func(a ...slog.Attr) { attributes = append(attributes, a...) }
	if e.Dependency != "" {
		add(slog.String("dependency", e.Dependency))
	}
	switch e.Kind {
	case EventTransition:
		message = "dependency " + e.To.String()
		if e.From == e.To {
			message = "breaker " + e.Breaker
		}
		add(slog.String("from", e.From.String()), slog.String("to", e.To.String()), slog.String("breaker", e.Breaker),
			slog.String("reason", e.Reason))
		if e.Backoff > 0 {
			add(slog.Duration("retry_after", e.RetryAfter.Round(time.Millisecond)), slog.Duration("backoff", e.Backoff.Round(time.Millisecond)))
		}
	case EventEpisode:
		message = "episode began"
		add(slog.Int("episode", e.Episode), slog.String("reason", e.Reason))
		if e.RetryAfter > 0 {
			message = "episode over"
			add(slog.Duration("retry_after", e.RetryAfter))
		}
	case EventGeneration:
		level, message = slog.LevelWarn, "dependency was restarted, emptied or replaced: gate shut"
		add(slog.Int("episode", e.Episode))
	case EventStall:
		level, message = slog.LevelWarn, "process stood still, or its clock was set forward: gate shut"
		add(slog.Duration("stall", e.Stall.Round(time.Millisecond)))
	case EventDenial:
		level, message = slog.LevelWarn, "destructive call denied"
		if e.Mode == Observe {
			message = "destructive call would be denied: NOT ENFORCING"
		}
		add(slog.String("operation", e.Operation), slog.String("reason", e.Reason), slog.Uint64("count", e.Count),
			slog.Duration("retry_after", e.RetryAfter))
		if e.Key != "" {
			add(slog.String("key", e.Key))
		}
	case EventOverride:
		if r.audit == nil {
			return // the log was the audit, and has it
		}
		level, message = slog.LevelWarn, "gate overridden"
		add(slog.String("operation", e.Operation), slog.String("actor", e.Actor), slog.String("reason", e.Reason))
	case EventControl:
		level, message = slog.LevelWarn, "operator acted"
		if e.Err != nil {
			message = "operator acted without effect"
		}
		add(slog.String("action", string(e.Action)), slog.String("actor", e.Actor), slog.String("reason", e.Reason))
		if e.Operation != "" {
			add(slog.String("operation", e.Operation))
		}
	case EventMode:
		level, message = slog.LevelWarn, "gate enforces"
		if e.Mode == Observe {
			message = "gate observes: NOT ENFORCING"
		}
		add(slog.String("mode", e.Mode.String()))
		if e.Operation != "" {
			add(slog.String("operation", e.Operation))
		}
	}
	if e.Err != nil {
		add(slog.String("error", oneLine(e.Err)))
	}
	if e.Dropped > 0 {
		add(slog.Uint64("dropped", e.Dropped))
	}
	handler := r.Logger().Handler()
	if !handler.Enabled(context.Background(), level) {
		return
	}
	record := slog.NewRecord(e.Time, level, message, here) // when it happened: the queue may be long
	record.AddAttrs(attributes...)
	_ = handler.Handle(context.Background(), record) // as slog.Logger does: there is nobody to tell
}

// here is the source of the lines, for handlers that show it.
var here = func() uintptr {
	var pc [1]uintptr
	runtime.Callers(1, pc[:])
	return pc[0]
}()

// Logger is where the registry writes: what [WithLogger] chose, or the default logger of the moment.
func (r *HealthRegistry) Logger() *slog.Logger {
	if r.log != nil {
		return r.log
	}
	return slog.Default()
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
