package status

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// wantNumbers checks that messages are the entries of these numbers and nothing else.
func wantNumbers(t *testing.T, messages []heard, want []int) {
	t.Helper()
	var got []int
	for _, m := range messages {
		var e Entry
		if err := json.Unmarshal([]byte(m.data), &e); err != nil || m.kind != "" || e.ID != m.id {
			t.Fatalf("no entry: %+v", m)
		}
		n, _ := strconv.Atoi(strings.TrimPrefix(m.id, "test-"))
		got = append(got, n)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("heard %v, want %v", got, want)
	}
}

// wantGap checks that the first of some messages tells of missing entries, and has no ID, so that the client's last one stays.
// It returns the rest.
func wantGap(t *testing.T, messages []heard, kind string, want Gap) []heard {
	t.Helper()
	var got Gap
	if len(messages) == 0 || json.Unmarshal([]byte(messages[0].data), &got) != nil || messages[0].kind != kind || messages[0].id != "" || got != want {
		t.Fatalf("heard %+v, want %s of %+v first", messages, kind, want)
	}
	return messages[1:]
}

// wantBegin checks how a stream begins, and returns the rest.
func wantBegin(t *testing.T, messages []heard) []heard {
	t.Helper()
	if len(messages) == 0 || messages[0] != (heard{retry: "1000"}) {
		t.Fatalf("it begins with %+v", messages)
	}
	return messages[1:]
}

func TestStreamBeginsNowOrWhereItIsAsked(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		w.flap(5)
		server := w.online()
		for _, row := range []struct {
			target string
			header []string
			want   []int
		}{
			{"/events", nil, nil},
			{"/events?since=0", nil, between(1, 5)},
			{"/events?since=test-3", nil, between(4, 5)},
			{"/events?since=test-99", nil, nil},
			{"/events", []string{"Last-Event-ID", "test-2"}, between(3, 5)},
			{"/events?since=0", []string{"Last-Event-ID", "test-2"}, between(3, 5)},
			{"/events?since=0", []string{"Accept", "text/event-stream"}, between(1, 5)},
		} {
			a := server.listen(t, row.target, row.header...)
			wantNumbers(t, wantBegin(t, a.heard()), row.want)
			for name, want := range map[string]string{"Content-Type": "text/event-stream", "X-Accel-Buffering": "no", "Cache-Control": "no-store"} {
				if got := a.response.Header.Get(name); got != want {
					t.Errorf("%s: %s, want %s", name, got, want)
				}
			}
			a.leave()
		}
	})
}

func TestStreamFollows(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		a := w.online().listen(t, "/events")
		wantBegin(t, a.heard())
		sleep(breath)
		for n := range 10 {
			w.flap(1)
			wantNumbers(t, a.heard(), between(n+1, n+1)) // at once
			sleep(breath)
		}
	})
}

func TestStreamTakesABreathBetweenWrites(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		a := w.online().listen(t, "/events?since=0")
		wantBegin(t, a.heard())
		sleep(50*time.Millisecond - 1)
		w.flap(7)
		if got := a.heard(); len(got) != 0 {
			t.Errorf("out of breath it says %v", got)
		}
		sleep(1)
		wantNumbers(t, a.heard(), between(1, 7))
	})
}

// TestStormIsWrittenInBatches and loses nothing, although it fills the ring.
func TestStormIsWrittenInBatches(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		a := w.online().listen(t, "/events")
		wantBegin(t, a.heard())
		w.flap(feedSize) // while it takes a breath
		for n := 0; n < feedSize; n += batchSize {
			sleep(breath)
			wantNumbers(t, a.heard(), between(n+1, n+batchSize))
		}
		sleep(breath)
		if got := a.heard(); len(got) != 0 {
			t.Errorf("more is heard than has happened: %v", got)
		}
	})
}

func TestSilentStreamSaysThatItIsAlive(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		a := w.online().listen(t, "/events")
		wantBegin(t, a.heard())
		sleep(50*time.Millisecond + 15*time.Second - 1)
		if got := a.heard(); len(got) != 0 {
			t.Fatalf("too early: %v", got)
		}
		sleep(1)
		for range 120 { // half an hour, which is longer than any deadline of the server
			if got := a.heard(); len(got) != 1 || got[0] != (heard{comment: "alive"}) {
				t.Fatalf("after %s of silence: %v", heartbeat, got)
			}
			sleep(heartbeat)
		}
		a.heard()
		w.flap(1)
		wantNumbers(t, a.heard(), []int{1})
		sleep(heartbeat - 1) // counted from the event on
		if got := a.heard(); len(got) != 0 {
			t.Fatalf("it was not silent: %v", got)
		}
	})
}

func TestStreamTellsWhatIsForgotten(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		w.flap(feedSize + 100)
		server := w.online()
		for since, missed := range map[string]uint64{"0": 100, "test-0": 100, "test-99": 1, "test-60": 40, "test-100": 0} {
			a := server.listen(t, "/events", "Last-Event-ID", since)
			messages := wantBegin(t, a.heard())
			if missed > 0 {
				messages = wantGap(t, messages, "gap", Gap{Missed: missed})
			}
			wantNumbers(t, messages, between(101, 100+batchSize))
			a.leave()
		}
	})
}

func TestStreamTellsThatTheProcessIsAnotherOne(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		server := w.online()
		a := server.listen(t, "/events", "Last-Event-ID", "before-7")
		wantGap(t, wantBegin(t, a.heard()), "gap", Gap{Restarted: true}) // although nothing has happened yet
		w.flap(3)
		sleep(breath)
		wantNumbers(t, a.heard(), between(1, 3))
		a.leave()

		w.flap(feedSize)
		a = server.listen(t, "/events", "Last-Event-ID", "before-7")
		messages := wantGap(t, wantBegin(t, a.heard()), "gap", Gap{Restarted: true})
		messages = wantGap(t, messages, "gap", Gap{Missed: 3})
		wantNumbers(t, messages, between(4, 3+batchSize))
	})
}

// TestStreamTellsWhatTheHandlerItselfHasMissed: events that came faster than it could take them in.
func TestStreamTellsWhatTheHandlerItselfHasMissed(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		w.flap(1)
		a := w.online().listen(t, "/events?since=0")
		wantNumbers(t, wantBegin(t, a.heard()), []int{1})
		w.handler.feed.mu.Lock()
		w.handler.feed.push(guard.Event{Seq: 5})
		w.handler.feed.mu.Unlock()
		sleep(breath)
		wantNumbers(t, wantGap(t, a.heard(), "gap", Gap{Missed: 3}), []int{5})
	})
}

func TestStreamEndsWithItsRequest(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		a := w.online().listen(t, "/events")
		if n := len(w.handler.streams); n != 1 {
			t.Fatalf("%d streams are open, want 1", n)
		}
		a.leave()
		synctest.Wait()
		if n := len(w.handler.streams); n != 0 {
			t.Errorf("%d streams are open after the client has gone", n)
		}
	})
}

func TestStreamEndsWithTheRegistry(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		server := w.online()
		a := server.listen(t, "/events")
		if a.ended() {
			t.Fatal("it ends before the registry")
		}
		w.Close()
		if !a.ended() || len(w.handler.streams) != 0 {
			t.Errorf("it ended: %t, and %d are open", a.ended(), len(w.handler.streams))
		}
		late := server.listen(t, "/events?since=0") // it tells what it knows, and ends
		sleep(breath)
		if !late.ended() {
			t.Error("a stream of a closed registry does not end")
		}
	})
}

func TestOnlySoManyStreamsAreOpen(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		server := w.online()
		open := make([]*audience, streamLimit)
		for i := range open {
			open[i] = server.listen(t, "/events")
		}
		refused := func() {
			t.Helper()
			answer := w.get("/events")
			wantProblem(t, answer, http.StatusServiceUnavailable, "512 event streams are open")
			if answer.Header().Get("Retry-After") != "10" {
				t.Errorf("retry after %q", answer.Header().Get("Retry-After"))
			}
		}
		refused()
		w.list("/events") // takes no place
		open[7].leave()
		synctest.Wait()
		open[7] = server.listen(t, "/events")
		wantBegin(t, open[7].heard())
		refused()
	})
}

// TestClientThatFallsBehindIsDroppedAndTold: it reads too late, but before a write has waited too long.
func TestClientThatFallsBehindIsDroppedAndTold(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		server := w.online()
		a := server.open(t, "/events?since=0")
		sleep(breath)
		w.flap(1) // which is on its way, and stuck
		w.flap(feedSize + 50)
		sleep(streamPatience / 2)
		if a.ended() {
			t.Fatal("it is dropped before its time")
		}
		a.read()
		sleep(2 * breath)
		messages := wantBegin(t, a.heard())
		last := max(0, len(messages)-1)
		wantNumbers(t, messages[:last], []int{1})
		wantGap(t, messages[last:], "dropped", Gap{Missed: 50})
		if !a.ended() || len(w.handler.streams) != 0 {
			t.Errorf("it is dropped: %t, and %d are open", a.ended(), len(w.handler.streams))
		}

		w.flap(10) // before it comes back
		again := server.listen(t, "/events?since=0", "Last-Event-ID", messages[last-1].id)
		messages = wantGap(t, wantBegin(t, again.heard()), "gap", Gap{Missed: 60})
		wantNumbers(t, messages, between(62, 61+batchSize))
	})
}

// TestClientThatReadsNothingIsDropped when a write has waited as long as the handler is patient, and is told when it comes
// back.
func TestClientThatReadsNothingIsDropped(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		server := w.online()
		a := server.open(t, "/events?since=0")
		sleep(breath)
		w.flap(1)
		sleep(10*time.Second - 1)
		if n := len(w.handler.streams); n != 1 {
			t.Fatal("it is dropped before its time")
		}
		sleep(1)
		if n := len(w.handler.streams); n != 0 {
			t.Fatalf("it holds a place for more than 10s")
		}
		a.read()
		if got := wantBegin(t, a.heard()); len(got) != 0 || !a.ended() {
			t.Errorf("afterwards it hears %v, ended %t", got, a.ended())
		}

		w.flap(feedSize + 10)
		again := server.listen(t, "/events", "Last-Event-ID", "test-0")
		messages := wantGap(t, wantBegin(t, again.heard()), "gap", Gap{Missed: 11})
		wantNumbers(t, messages, between(12, 11+batchSize))
	})
}

// TestClientsThatReadNothingHarmNobody: neither those who read, nor those who act.
func TestClientsThatReadNothingHarmNobody(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis := w.guard("redis")
		server := w.online()
		for range 10 {
			server.open(t, "/events")
		}
		good := server.listen(t, "/events")
		wantBegin(t, good.heard())
		sleep(breath)
		w.flap(1)
		for n := range 20 {
			begun := time.Now()
			w.flap(10)
			w.get("/status")
			_ = redis.Get(t.Context())
			if waited := time.Since(begun); waited != 0 {
				t.Fatalf("it took %s", waited)
			}
			if n == 0 {
				wantNumbers(t, good.heard(), []int{1})
			}
			sleep(breath)
			wantNumbers(t, good.heard(), between(10*n+2, 10*n+11))
		}
	})
}
