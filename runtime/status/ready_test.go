package status

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

func TestLivezDependsOnNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alive := func(when string) {
			t.Helper()
			answer := w.get("/livez")
			wantAnswer(t, answer, http.StatusOK, "ok\n")
			if got := answer.Header().Get("Content-Type"); got != plainText {
				t.Errorf("%s: sent as %s", when, got)
			}
		}
		alive("nothing is registered")
		redis := w.guard("redis")
		alive("unknown")
		redis.fail(5)
		alive("unhealthy")
		_ = w.Isolate("redis", "maintenance")
		alive("isolated")
		w.Close()
		alive("closed")
	}, guard.Requires("redis"))
}

// readyRows are the states that make a service ready or not.
var readyRows = []struct {
	state   string
	options []guard.RegistryOption
	make    func(w *world)
	ready   bool
	lines   string
}{
	{"nothing is registered", nil, func(*world) {}, false,
		"[-]registry failed: no dependency is registered\n"},
	{"unknown", nil, func(w *world) { w.guard("redis") }, false,
		"[-]redis failed: unknown since 2000-01-01T00:00:00Z\n"},
	{"healthy", nil, func(w *world) { w.prove(w.guard("redis")) }, true,
		"[+]redis ok\n"},
	{"degraded", nil, func(w *world) {
		redis := w.guard("redis")
		w.prove(redis)
		redis.fail(3)
	}, true,
		"[+]redis ok: degraded\n"},
	{"unhealthy", nil, func(w *world) {
		redis := w.guard("redis")
		w.prove(redis)
		sleep(time.Minute)
		redis.fail(5)
	}, false,
		"[-]redis failed: unhealthy since 2000-01-01T00:01:00Z: connection refused\n"},
	{"isolated", nil, func(w *world) {
		w.guard("redis").fail(1)
		_ = w.Isolate("redis", "maintenance")
	}, false,
		"[-]redis failed: unhealthy since 2000-01-01T00:00:00Z, isolated: maintenance\n"},
	{"restored and not tried yet", nil, func(w *world) {
		w.guard("redis")
		_ = w.Isolate("redis", "maintenance")
		_ = w.Restore("redis")
	}, false,
		"[-]redis failed: unhealthy since 2000-01-01T00:00:00Z\n"},
	{"optional and unknown", nil, func(w *world) {
		w.guard("cache", optional)
		w.prove(w.guard("redis"))
	}, true,
		"[+]cache ok: unknown, but optional\n[+]redis ok\n"},
	{"optional and unhealthy", nil, func(w *world) {
		cache := w.guard("cache", optional)
		w.prove(cache, w.guard("redis"))
		cache.fail(5)
	}, true,
		"[+]cache ok: unhealthy, but optional\n[+]redis ok\n"},
	{"one of two", nil, func(w *world) {
		w.prove(w.guard("api"))
		w.guard("redis")
	}, false,
		"[+]api ok\n[-]redis failed: unknown since 2000-01-01T00:00:00Z\n"},
	{"required and missing", []guard.RegistryOption{guard.Requires("api", "redis")}, func(w *world) { w.prove(w.guard("redis")) }, false,
		"[+]redis ok\n[-]api failed: required, and not registered\n"},
	{"required, and nothing is registered", []guard.RegistryOption{guard.Requires("redis")}, func(*world) {}, false,
		"[-]redis failed: required, and not registered\n"},
	{"closed", nil, func(w *world) {
		w.prove(w.guard("redis"))
		w.Close()
	}, false,
		"[-]registry failed: guard: registry is closed\n"},
	{"an error that would like to be more than text", nil, func(w *world) {
		redis := w.guard("redis")
		redis.set(errors.New("down\r\n[+]redis ok\u2028\x1b[2J\u202e\xffreadyz check passed"))
		for range 5 {
			_ = redis.Get(w.t.Context())
		}
	}, false,
		"[-]redis failed: unhealthy since 2000-01-01T00:00:00Z: down [+]redis ok \ufffd\ufffdreadyz check passed\n"},
	{"isolated in several lines", nil, func(w *world) {
		w.guard("redis")
		_ = w.Isolate("redis", "moved\n[+]redis ok")
	}, false,
		"[-]redis failed: unhealthy since 2000-01-01T00:00:00Z, isolated: moved [+]redis ok\n"},
}

func TestReadyzInEveryState(t *testing.T) {
	for _, row := range readyRows {
		t.Run(row.state, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				row.make(w)
				if row.ready {
					wantAnswer(t, w.get("/readyz"), http.StatusOK, "ok\n")
					wantAnswer(t, w.get("/readyz?verbose"), http.StatusOK, row.lines+"readyz check passed\n")
					wantAnswer(t, w.get("/readyz?verbose=1"), http.StatusOK, row.lines+"readyz check passed\n")
					return
				}
				for _, target := range []string{"/readyz", "/readyz?verbose"} {
					wantAnswer(t, w.get(target), http.StatusServiceUnavailable, row.lines+"readyz check failed\n")
				}
			}, row.options...)
		})
	}
}

func TestReadyzLeavesOutWhatIsExcluded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("api"))
		w.guard("db:eu/1").fail(5)
		w.guard("redis").fail(5)
		const failed = " failed: unhealthy since 2000-01-01T00:00:00Z: connection refused\n"
		for _, row := range []struct {
			query, text string
			ready       bool
		}{
			{"exclude=redis", "[+]api ok\n[-]db:eu/1" + failed + "[+]redis excluded: ok\n", false},
			{"exclude=redis&exclude=db:eu/1&verbose", "[+]api ok\n[+]db:eu/1 excluded: ok\n[+]redis excluded: ok\n", true},
			{"exclude=redis&exclude=db%3Aeu%2F1", "", true},
			{"exclude=redis,db:eu/1", "[+]api ok\n[-]db:eu/1" + failed + "[-]redis" + failed +
				"warning: no check is called \"redis,db:eu/1\"\n", false},
			{"exclude=redis&exclude=db:eu/1&exclude=mysql&exclude=&verbose", "[+]api ok\n[+]db:eu/1 excluded: ok\n[+]redis excluded: ok\n" +
				"warning: no check is called \"mysql\"\nwarning: no check is called \"\"\n", true},
			{"exclude=%0a%5B%2B%5D", "[+]api ok\n[-]db:eu/1" + failed + "[-]redis" + failed +
				"warning: no check is called \"\\n[+]\"\n", false},
		} {
			switch {
			case !row.ready:
				wantAnswer(t, w.get("/readyz?"+row.query), http.StatusServiceUnavailable, row.text+"readyz check failed\n")
			case row.text == "":
				wantAnswer(t, w.get("/readyz?"+row.query), http.StatusOK, "ok\n")
			default:
				wantAnswer(t, w.get("/readyz?"+row.query), http.StatusOK, row.text+"readyz check passed\n")
			}
		}
	})
}

func TestReadyzWithoutWhatIsMissingOrClosed(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		wantAnswer(t, w.get("/readyz?exclude=redis"), http.StatusOK, "ok\n")
		w.prove(w.guard("api"))
		wantAnswer(t, w.get("/readyz?exclude=redis"), http.StatusOK, "ok\n")
		w.Close()
		if answer := w.get("/readyz?exclude=redis&exclude=api"); answer.Code != http.StatusServiceUnavailable {
			t.Errorf("closed: %d %s", answer.Code, answer.Body)
		}
	}, guard.Requires("redis"))
}

func TestReadyzOfOneDependency(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("db:eu/1"), w.guard("api"))
		w.guard("redis/a.b")
		for _, row := range []struct {
			path string
			code int
			text string
		}{
			{"api", http.StatusOK, "[+]api ok\n"},
			{"db:eu/1", http.StatusOK, "[+]db:eu/1 ok\n"},
			{"db%3Aeu%2F1", http.StatusOK, "[+]db:eu/1 ok\n"},
			{"redis/a.b", http.StatusServiceUnavailable, "[-]redis/a.b failed: unknown since 2000-01-01T00:00:00Z\n"},
			{"redis/a.b?exclude=redis/a.b", http.StatusServiceUnavailable, "[-]redis/a.b failed: unknown since 2000-01-01T00:00:00Z\n"},
			{"queue", http.StatusServiceUnavailable, "[-]queue failed: required, and not registered\n"},
			{"mysql", http.StatusNotFound, "no check is called \"mysql\"\n"},
			{"db:eu", http.StatusNotFound, "no check is called \"db:eu\"\n"},
			{"%0aok", http.StatusNotFound, "no check is called \"\\nok\"\n"},
			{"", http.StatusNotFound, "no check is called \"\"\n"},
		} {
			wantAnswer(t, w.get("/readyz/"+row.path), row.code, row.text)
		}
	}, guard.Requires("queue"))
}

// TestHeadIsAnsweredWithoutABody asks a server, which is what leaves the body out.
func TestHeadIsAnsweredWithoutABody(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		server := w.online()
		for path, code := range map[string]int{
			"/": 200, "/livez": 200, "/readyz": 503, "/readyz/redis": 503, "/readyz/mysql": 404, "/status": 503, "/denials": 200,
			"/explain?operation=Drop": 200, "/events": 200, "/events?since=nonsense": 400,
		} {
			conn := server.dial()
			conn.SetDeadline(time.Now().Add(time.Minute))
			fmt.Fprintf(conn, "HEAD %s HTTP/1.1\r\nHost: guard\r\n\r\n", path)
			reader := bufio.NewReader(conn)
			response, err := http.ReadResponse(reader, &http.Request{Method: http.MethodHead})
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != code {
				t.Errorf("HEAD %s: %d, want %d", path, response.StatusCode, code)
			}
			fmt.Fprint(conn, "GET /livez HTTP/1.1\r\nHost: guard\r\nConnection: close\r\n\r\n") // nothing stands in its way
			if response, err = http.ReadResponse(reader, nil); err != nil {
				t.Fatalf("after HEAD %s: %v", path, err)
			}
			if body, err := io.ReadAll(response.Body); err != nil || string(body) != "ok\n" {
				t.Errorf("after HEAD %s: %q, %v", path, body, err)
			}
			conn.Close()
		}
	})
}
