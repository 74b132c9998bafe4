package guard

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestEventQueueIsASliceThatDropsItsOldest holds it against one.
func TestEventQueueIsASliceThatDropsItsOldest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := eventQueue{limit: rapid.IntRange(1, 40).Draw(t, "limit")}
		var want []*Event
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			if len(want) > 0 && rapid.IntRange(0, 2).Draw(t, "pop") == 0 {
				if got := q.pop(); got != want[0] {
					t.Fatalf("popped event %d, want %d", got.Seq, want[0].Seq)
				}
				want = want[1:]
			} else {
				event := &Event{Seq: uint64(len(want))}
				full := len(want) == q.limit
				if full {
					want = want[1:]
				}
				if want = append(want, event); q.push(event) != full {
					t.Fatalf("with %d of %d events, dropped is %t", len(want), q.limit, !full)
				}
			}
			got := make([]*Event, q.len)
			for i := range got {
				got[i] = q.at(i)
			}
			if !slices.Equal(got, want) || len(q.room) > max(q.limit, 8) {
				t.Fatalf("%d events in a room of %d, want %d", len(got), len(q.room), len(want))
			}
			held := 0
			for _, event := range q.room {
				if event != nil {
					held++
				}
			}
			if held != q.len {
				t.Fatalf("%d events are held, of %d", held, q.len)
			}
		}
	})
}
