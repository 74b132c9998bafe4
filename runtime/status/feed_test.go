package status

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// flap makes n events, and has the handler take them in.
func (w *world) flap(n int) {
	w.t.Helper()
	for i := range n {
		state := guard.Unhealthy
		if w.State("redis") == guard.Unhealthy {
			state = guard.Healthy
		}
		if err := w.SetState("redis", state, "flapping"); err != nil {
			w.t.Fatal(err)
		}
		if i%500 == 499 { // a subscriber has room for 1,024
			synctest.Wait()
		}
	}
	synctest.Wait()
}

// list is what the event log says that it remembers, as an array.
func (w *world) list(target string, header ...string) []Entry {
	w.t.Helper()
	synctest.Wait()
	answer := w.get(target, append([]string{"Accept", "application/json"}, header...)...)
	if got := answer.Header().Get("Content-Type"); answer.Code != http.StatusOK || got != "application/json" {
		w.t.Fatalf("%s: %d, sent as %s", target, answer.Code, got)
	}
	return decode[[]Entry](w.t, answer)
}

// numbers are the numbers of entries, in order.
func numbers(entries []Entry) (all []int) {
	for _, e := range entries {
		n, _ := strconv.Atoi(strings.TrimPrefix(e.ID, "test-"))
		all = append(all, n)
	}
	return all
}

// between lists the numbers from first to last.
func between(first, last int) (all []int) {
	for n := first; n <= last; n++ {
		all = append(all, n)
	}
	return all
}

func TestEntryTellsAnEventToPeopleAndToPrograms(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"))
		wantAnswer(t, w.get("/events", "Accept", "application/json"), http.StatusOK,
			`[{"id":"test-1","time":"2000-01-01T00:00:00Z","kind":"transition","level":"ok","text":"redis healthy: answered","dependency":"redis",`+
				`"event":{"seq":1,"time":"2000-01-01T00:00:00Z","kind":"transition","dependency":"redis","from":"unknown","to":"healthy",`+
				`"breaker":"closed","reason":"answered","mode":"enforce"}}]`+"\n")
	})
}

func TestListBeginsWhereItIsAsked(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		if got := w.get("/events", "Accept", "application/json").Body.String(); got != "[]\n" {
			t.Errorf("before the first event: %s", got)
		}
		w.guard("redis")
		w.flap(5)
		for _, row := range []struct {
			target string
			header []string
			want   []int
		}{
			{"/events", nil, between(1, 5)},
			{"/events?since=0", nil, between(1, 5)},
			{"/events?since=test-0", nil, between(1, 5)},
			{"/events?since=test-3", nil, between(4, 5)},
			{"/events?since=test-5", nil, nil},
			{"/events?since=test-99", nil, nil}, // of this process, and not sent yet
			{"/events?since=other-3", nil, between(1, 5)},
			{"/events", []string{"Last-Event-ID", "test-4"}, between(5, 5)},
			{"/events?since=0", []string{"Last-Event-ID", "test-4"}, between(5, 5)}, // of a browser that comes back
		} {
			if got := numbers(w.list(row.target, row.header...)); fmt.Sprint(got) != fmt.Sprint(row.want) {
				t.Errorf("%s %v lists %v, want %v", row.target, row.header, got, row.want)
			}
		}
		for _, id := range []string{"5", "test", "test-", "test-x", "test--1", "test-1.5", "test-18446744073709551616"} {
			wantProblem(t, w.get("/events?since="+id, "Accept", "application/json"), http.StatusBadRequest, `event ID "`+id+`"`)
			wantProblem(t, w.get("/events", "Last-Event-ID", id), http.StatusBadRequest, `event ID "`+id+`"`)
		}
	})
}

func TestIDsAreReadBack(t *testing.T) {
	var f feed
	f.init()
	f.last = math.MaxUint64
	for _, seq := range []uint64{0, 1, 1 << 40, math.MaxUint64 - 1, math.MaxUint64} {
		if got, foreign, err := f.parse(f.id(seq)); got != seq || foreign || err != nil {
			t.Errorf("%s is read as %d, foreign %t, %v", f.id(seq), got, foreign, err)
		}
	}
	if items, forgotten, _ := f.after(math.MaxUint64); len(items) != 0 || forgotten {
		t.Errorf("after the last number come %d, forgotten %t", len(items), forgotten)
	}
}

func TestEachProcessHasIDsOfItsOwn(t *testing.T) {
	var first, second feed
	first.init()
	second.init()
	if first.instance == second.instance || strings.Contains(first.instance, "-") {
		t.Errorf("two processes are called %q and %q", first.instance, second.instance)
	}
	if _, foreign, err := second.parse(first.id(7)); !foreign || err != nil {
		t.Errorf("the ID of another process: foreign %t, %v", foreign, err)
	}
}

func TestFeedRemembersTheLast(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		w.flap(feedSize)
		if got := numbers(w.list("/events")); fmt.Sprint(got) != fmt.Sprint(between(1, feedSize)) {
			t.Fatalf("%d are remembered, want %d", len(got), feedSize)
		}
		w.flap(300)
		if got := numbers(w.list("/events")); fmt.Sprint(got) != fmt.Sprint(between(301, feedSize+300)) {
			t.Fatalf("%d are remembered, from number %d", len(got), got[0])
		}
		if len(w.handler.feed.items) != feedSize {
			t.Errorf("%d are kept", len(w.handler.feed.items))
		}
	})
}

// TestHandlerThatIsMadeLateKnowsWhatTheRegistryRemembers: 256 events, each once, also of those that happen meanwhile.
func TestHandlerThatIsMadeLateKnowsWhatTheRegistryRemembers(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		w.flap(299)
		_ = w.SetState("redis", guard.Healthy, "flapping") // not taken in by anybody yet
		w.serve()
		w.flap(10)
		if got := numbers(w.list("/events")); fmt.Sprint(got) != fmt.Sprint(between(45, 310)) {
			t.Errorf("it lists %v", got)
		}
		if got := w.report().Checks["redis:state"][0].LastHour; !strings.HasSuffix(got, ".u") {
			t.Errorf("the last hour was %s", got)
		}
	})
}

// TestEventThatComesOnTwoWaysIsTakenOnce: while a handler is made, an event may be remembered already and still be on its way.
func TestEventThatComesOnTwoWaysIsTakenOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		w.flap(3)
		passed := 0
		w.handler.feed.follow(w.HealthRegistry, func(guard.Event) { passed++ }) // once more
		w.flap(4)
		if got := numbers(w.list("/events")); fmt.Sprint(got) != fmt.Sprint(between(1, 7)) || passed > 4 {
			t.Errorf("it lists %v, and has passed on %d again", got, passed)
		}
	})
}

func TestWhatIsEncodedIsShared(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		w.flap(1)
		items, _, _ := w.handler.feed.after(0)
		if first, second := w.handler.feed.json(items[0]), w.handler.feed.json(items[0]); &first[0] != &second[0] {
			t.Error("an event is encoded for each reader")
		}
	})
}

// TestErrorTextStaysText: what an error says comes from outside, and is neither a line of the stream nor a tag of the page.
func TestErrorTextStaysText(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		const evil = "</script><script>alert(1)</script>\n\nid: test-99\ndata: {}\n\n\xff\x00"
		_ = w.SetState("redis", guard.Unhealthy, evil)
		sleep(time.Millisecond)
		for _, target := range []string{"/events", "/status", "/readyz/redis"} {
			body := w.get(target, "Accept", "application/json").Body.String()
			if strings.Contains(body, "\n\n") || strings.Count(body, "\n") != 1 {
				t.Errorf("%s: it has lines of its own: %q", target, body)
			}
			if target != "/readyz/redis" && strings.ContainsAny(body, "<>\xff\x00") {
				t.Errorf("%s: it is not escaped: %q", target, body)
			}
		}
		answer := w.get("/readyz/redis") // as plain text, which nobody takes for a page
		if answer.Header().Get("Content-Type") != plainText || answer.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("it is sent with %v", answer.Header())
		}
	})
}
