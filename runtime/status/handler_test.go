package status

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// answers are requests for every kind of answer, with their status code and type.
var answers = []struct {
	method, target, accept string
	code                   int
	contentType            string
}{
	{"GET", "/", "", 200, "text/html; charset=utf-8"},
	{"GET", "/livez", "", 200, plainText},
	{"GET", "/readyz", "", 503, plainText},
	{"GET", "/readyz?exclude=redis", "", 200, plainText},
	{"GET", "/readyz/redis", "", 503, plainText},
	{"GET", "/readyz/mysql", "", 404, plainText},
	{"GET", "/status", "", 503, "application/health+json"},
	{"GET", "/status", "application/json", 200, "application/json"},
	{"GET", "/events", "", 200, "text/event-stream"},
	{"GET", "/events", "text/event-stream", 200, "text/event-stream"},
	{"GET", "/events", "application/json", 200, "application/json"},
	{"GET", "/events?since=nonsense", "", 400, "application/problem+json"},
	{"GET", "/denials", "", 200, "application/json"},
	{"GET", "/explain?operation=Drop", "", 200, "application/json"},
	{"GET", "/explain", "", 400, "application/problem+json"},
	{"POST", "/control/isolate", "", 401, "application/problem+json"},
	{"GET", "/control/isolate", "", 405, plainText},
	{"GET", "/control", "", 404, plainText},
	{"GET", "/nothing", "", 404, plainText},
	{"GET", "/status/", "", 404, plainText},
	{"POST", "/", "", 405, plainText},
	{"POST", "/livez", "", 405, plainText},
	{"PUT", "/readyz", "", 405, plainText},
	{"DELETE", "/readyz/redis", "", 405, plainText},
	{"POST", "/status", "", 405, plainText},
	{"POST", "/events", "", 405, plainText},
	{"DELETE", "/denials", "", 405, plainText},
	{"POST", "/explain?operation=Drop", "", 405, plainText},
	{"OPTIONS", "/status", "", 405, plainText},
}

func TestEveryAnswerIsSafeInABrowser(t *testing.T) {
	for _, row := range answers {
		t.Run(row.method+row.target+" "+row.accept, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.serve(tokens(t))
				w.guard("redis")
				ctx, leave := context.WithCancel(t.Context())
				leave() // an event stream ends as soon as it has begun
				r := httptest.NewRequestWithContext(ctx, row.method, row.target, nil)
				if row.accept != "" {
					r.Header.Set("Accept", row.accept)
				}
				answer := httptest.NewRecorder()
				w.handler.ServeHTTP(answer, r)
				if got := answer.Header().Get("Content-Type"); answer.Code != row.code || got != row.contentType {
					t.Errorf("%d, sent as %s, want %d, sent as %s", answer.Code, got, row.code, row.contentType)
				}
				for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"} {
					if got := answer.Header().Get(name); got != want {
						t.Errorf("%s: %s, want %s", name, got, want)
					}
				}
				if allow := answer.Header().Get("Allow"); (allow != "") != (row.code == http.StatusMethodNotAllowed) {
					t.Errorf("%d with Allow: %s", row.code, allow)
				}
				if policy := answer.Header().Get("Content-Security-Policy"); (policy != "") != (row.target == "/" && row.code == 200) {
					t.Errorf("its policy is %q", policy)
				}
				for name := range answer.Header() {
					if strings.HasPrefix(name, "Access-Control-") {
						t.Errorf("it opens itself to other origins: %s", name)
					}
				}
			})
		})
	}
}

// TestPageRunsWhatItBringsAndNothingElse checks the page against its own policy.
func TestPageRunsWhatItBringsAndNothingElse(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		answer := w.get("/")
		policy := make(map[string]string)
		for directive := range strings.SplitSeq(answer.Header().Get("Content-Security-Policy"), ";") {
			name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
			policy[name] = sources
		}
		for name, want := range map[string]string{
			"default-src": "'none'", "connect-src": "'self'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'",
		} {
			if policy[name] != want {
				t.Errorf("%s is %q, want %q", name, policy[name], want)
			}
		}
		page := answer.Body.String()
		for tag, directive := range map[string]string{"script": "script-src", "style": "style-src"} {
			found := regexp.MustCompile(`(?s)<`+tag+`\b([^>]*)>(.*?)</`+tag+`>`).FindAllStringSubmatch(page, -1)
			if len(found) != 1 || found[0][1] != "" {
				t.Errorf("the page has %d <%s>, want one, without attributes: the policy names one", len(found), tag)
				continue
			}
			sum := sha256.Sum256([]byte(found[0][2]))
			if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; policy[directive] != want {
				t.Errorf("%s is %q, and the page's %s is %s", directive, policy[directive], tag, want)
			}
		}
		if loose := regexp.MustCompile(`(?i)\son[a-z]+\s*=\s*["']|\sstyle\s*=\s*["']|javascript:|https?://`).FindString(withoutScript(page)); loose != "" {
			t.Errorf("the page has %q, which its policy stops", loose)
		}
	})
}

// withoutScript is the markup of a page.
func withoutScript(page string) string {
	return regexp.MustCompile(`(?s)<script>.*</script>`).ReplaceAllString(page, "")
}

func TestHandlerBelowAPrefix(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"))
		mux := http.NewServeMux()
		mux.Handle("/guard/", http.StripPrefix("/guard", w.handler))
		for target, code := range map[string]int{
			"/guard/": 200, "/guard/livez": 200, "/guard/readyz/redis": 200, "/guard/status": 200, "/guard/nothing": 404, "/livez": 404,
			"/guard": http.StatusTemporaryRedirect,
		} {
			answer := httptest.NewRecorder()
			mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, target, nil))
			if answer.Code != code {
				t.Errorf("%s: %d, want %d", target, answer.Code, code)
			}
		}
	})
}

func TestHandlerIgnoresOptionsThatAreNil(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.serve(nil, WithService("sessions", "1.4.2"), nil)
		if r := w.report(); r.ServiceID != "sessions" || r.ReleaseID != "1.4.2" {
			t.Errorf("the report is of %q, %q", r.ServiceID, r.ReleaseID)
		}
	})
}

// TestManyHandlersOfARegistry see the same, each with numbers of its own.
func TestManyHandlersOfARegistry(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		first := w.handler
		w.serve()
		w.flap(3)
		for _, h := range []*handler{first, w.handler} {
			w.handler = h
			if got := numbers(w.list("/events")); len(got) != 3 {
				t.Errorf("it knows %v", got)
			}
		}
	})
}
