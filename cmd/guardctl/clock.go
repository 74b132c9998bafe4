package main

import (
	"fmt"
	"time"
)

// clockTime is a time by the clock on the wall, with its day if that is not today.
func clockTime(t, now time.Time, zone *time.Location) string {
	t, now = t.In(zone), now.In(zone)
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format(time.TimeOnly)
	}
	return t.Format("Jan 02 15:04")
}

// short is a duration in one number, rounded to what matters.
func short(d time.Duration) string {
	switch {
	case d < 0:
		return "0 s"
	case d < 100*time.Second:
		return fmt.Sprintf("%d s", int(d.Round(time.Second)/time.Second))
	case d < 100*time.Minute:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute)/time.Minute))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Round(time.Hour)/time.Hour))
	default:
		return fmt.Sprintf("%d d", int(d/(24*time.Hour)))
	}
}

// soon is a duration from now, rounded up: "in 12 s", "now".
func soon(d time.Duration) string {
	if d <= 0 {
		return "now"
	}
	return "in " + short((d + time.Second - 1).Truncate(time.Second))
}

// milliseconds is a duration from a document.
func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
