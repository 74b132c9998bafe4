package status

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// written is what has been logged. Safe for concurrent use.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements [io.Writer].
func (w *written) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(line)
}

// about returns the lines that contain some words.
func (w *written) about(words string) (lines []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for line := range strings.Lines(w.text.String()) {
		if strings.Contains(line, words) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// logTo logs without times.
func logTo(w io.Writer) guard.RegistryOption {
	return guard.WithLogger(slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})))
}

// tokens lets ana and bob act.
func tokens(t testing.TB) Option {
	t.Helper()
	authorise, err := Tokens(map[string]string{"ana": anasToken, "bob": bobsToken})
	if err != nil {
		t.Fatal(err)
	}
	return WithControl(authorise)
}

// do sends what ana wants to be done; headers in pairs replace hers, and an empty one is left out.
func (w *world) do(action, body string, header ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	own := map[string]string{"Authorization": "Bearer " + anasToken, "Content-Type": "application/json"}
	for i := 0; i < len(header); i += 2 {
		own[header[i]] = header[i+1]
	}
	var pairs []string
	for name, value := range own {
		if value != "" {
			pairs = append(pairs, name, value)
		}
	}
	answer := w.ask(http.MethodPost, "/control/"+action, body, pairs...)
	synctest.Wait()
	return answer
}

// condition is all that somebody could change, without what only time does.
type condition struct {
	System     guard.SystemHealth
	Operations []guard.Operation
	Denials    []guard.Denial
	Events     []guard.Event
}

func conditionOf(t testing.TB, r *guard.HealthRegistry) string {
	t.Helper()
	text, err := json.Marshal(condition{r.System(), r.Operations(), r.Denials(), r.Events()})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// controls returns the events of controls.
func (w *world) controls() []guard.Event {
	return slices.DeleteFunc(w.Events(), func(e guard.Event) bool { return e.Kind != guard.EventControl })
}

func TestPeopleActWithReasonAndName(t *testing.T) {
	for _, row := range []struct {
		action, body string
		make         func(w *world, redis *guarded)
		answer       string
		done         func(w *world, redis *guarded) bool
		line         string
	}{
		{"isolate", `{"dependency":"redis","reason":"maintenance"}`, nil,
			`{"action":"isolate","dependency":"redis","actor":"ana","reason":"maintenance"}`,
			func(w *world, _ *guarded) bool {
				health, _ := w.Health("redis")
				return health.Isolated == "maintenance, by ana" && health.State == guard.Unhealthy
			},
			`level=WARN msg="operator acted" dependency=redis action=isolate actor=ana reason=maintenance`},
		{"restore", `{"dependency":"redis","reason":"it is back"}`, func(w *world, _ *guarded) { _ = w.Isolate("redis", "maintenance") },
			`{"action":"restore","dependency":"redis","actor":"ana","reason":"it is back"}`,
			func(w *world, _ *guarded) bool {
				health, _ := w.Health("redis")
				return health.Isolated == "" // and its probe decides the rest
			},
			`level=WARN msg="operator acted" dependency=redis action=restore actor=ana reason="it is back"`},
		{"probe", `{"dependency":"redis","reason":"is it back?"}`, func(_ *world, redis *guarded) { redis.fail(5) },
			`{"action":"probe","dependency":"redis","actor":"ana","reason":"is it back?"}`,
			func(w *world, redis *guarded) bool { return w.State("redis") == guard.Healthy && redis.probed() == 1 },
			`level=WARN msg="operator acted" dependency=redis action=probe actor=ana reason="is it back?"`},
		{"observe", `{"reason":"roll-out"}`, nil,
			`{"action":"observe","actor":"ana","reason":"roll-out"}`,
			func(w *world, _ *guarded) bool { return w.System().Mode == guard.Observe },
			`level=WARN msg="operator acted" action=observe actor=ana reason=roll-out`},
		{"observe", `{"operations":["Drop","purge"],"reason":"roll-out"}`, nil,
			`{"action":"observe","operations":["Drop","purge"],"actor":"ana","reason":"roll-out"}`,
			func(w *world, _ *guarded) bool {
				s := w.System()
				return s.Mode == guard.Enforce && slices.Equal(s.Observed, []string{"Drop", "purge"})
			},
			`level=WARN msg="operator acted" action=observe actor=ana reason=roll-out operation="Drop purge"`},
		{"enforce", `{"reason":"it is right"}`, func(w *world, _ *guarded) { _ = w.SetMode(guard.Observe) },
			`{"action":"enforce","actor":"ana","reason":"it is right"}`,
			func(w *world, _ *guarded) bool { return w.System().Mode == guard.Enforce },
			`level=WARN msg="operator acted" action=enforce actor=ana reason="it is right"`},
		{"enforce", `{"operations":["Drop"],"reason":"it is right"}`, func(w *world, _ *guarded) { _ = w.SetMode(guard.Observe, "Drop", "purge") },
			`{"action":"enforce","operations":["Drop"],"actor":"ana","reason":"it is right"}`,
			func(w *world, _ *guarded) bool { return slices.Equal(w.System().Observed, []string{"purge"}) },
			`level=WARN msg="operator acted" action=enforce actor=ana reason="it is right" operation=Drop`},
		{"isolate", " {\n\"reason\" : \" two\\n lines \\t\", \"dependency\":\"redis\"} \n", nil,
			`{"action":"isolate","dependency":"redis","actor":"ana","reason":"two lines"}`,
			func(w *world, _ *guarded) bool { return w.State("redis") == guard.Unhealthy },
			`level=WARN msg="operator acted" dependency=redis action=isolate actor=ana reason="two lines"`},
	} {
		t.Run(row.action, func(t *testing.T) {
			log := &written{}
			inWorld(t, func(t *testing.T, w *world) {
				w.serve(tokens(t))
				redis := w.guard("redis")
				w.prove(redis)
				_ = w.AllowDestructive(guard.NewScope(t.Context()), "purge")
				if row.make != nil {
					row.make(w, redis)
				}
				answer := w.do(row.action, row.body)
				wantAnswer(t, answer, http.StatusOK, row.answer+"\n")
				if got := answer.Header().Get("Content-Type"); got != "application/json" {
					t.Errorf("sent as %s", got)
				}
				if !row.done(w, redis) {
					t.Errorf("it is not done: %s", conditionOf(t, w.HealthRegistry))
				}
				var asked guard.Control
				if err := json.Unmarshal([]byte(row.answer), &asked); err != nil {
					t.Fatal(err)
				}
				controls := w.controls()
				if len(controls) != 1 {
					t.Fatalf("%d events of controls, want 1", len(controls))
				}
				e := controls[0]
				if e.Action != asked.Action || e.Dependency != asked.Dependency || e.Operation != strings.Join(asked.Operations, " ") ||
					e.Actor != "ana" || e.Reason != asked.Reason || e.Err != nil || !e.Time.Equal(time.Now()) {
					t.Errorf("the event is %+v", e)
				}
				if lines := log.about("operator"); !slices.Equal(lines, []string{row.line}) {
					t.Errorf("logged\n%q\nwant\n%q", lines, row.line)
				}
				entries := w.list("/events")
				if last := entries[len(entries)-1]; last.Kind != guard.EventControl || !strings.HasPrefix(last.Text, "ana: "+row.action) {
					t.Errorf("the event log ends with %+v", last)
				}
			}, logTo(log))
		})
	}
}

// chunked is a body whose length is not declared.
type chunked struct{ io.Reader }

// refusals are requests that must change nothing and leave no event, with what they are answered.
var refusals = []struct {
	name, method, action, body string
	header                     []string
	code                       int
	detail                     string
}{
	{"no token", "", "isolate", good, []string{"Authorization", ""}, http.StatusUnauthorized, "the token is missing or wrong"},
	{"a wrong token", "", "isolate", good, []string{"Authorization", "Bearer 0123456789abcdee"}, http.StatusUnauthorized, "the token is missing or wrong"},
	{"a token of another scheme", "", "isolate", good, []string{"Authorization", "Basic " + anasToken}, http.StatusUnauthorized, "the token is missing or wrong"},
	{"no token and no sense", "", "explode", "{", []string{"Authorization", "", "Content-Type", ""}, http.StatusUnauthorized, "the token is missing or wrong"},

	{"a page of another site", "", "isolate", good, []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden, "cross-origin request"},
	{"a page of a neighbour", "", "isolate", good, []string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden, "cross-origin request"},
	{"a page of another origin, in an old browser", "", "isolate", good, []string{"Origin", "http://evil.test"}, http.StatusForbidden, "cross-origin request"},
	{"a page of another port", "", "isolate", good, []string{"Origin", "http://example.com:8080"}, http.StatusForbidden, "cross-origin request"},
	{"a page without origin", "", "isolate", good, []string{"Origin", "null"}, http.StatusForbidden, "cross-origin request"},
	{"another origin that claims to be ours", "", "isolate", good, []string{"Sec-Fetch-Site", "cross-site", "Origin", "http://example.com"},
		http.StatusForbidden, "cross-origin request"},

	{"GET", http.MethodGet, "isolate", "", nil, http.StatusMethodNotAllowed, ""},
	{"GET with a body", http.MethodGet, "isolate", good, nil, http.StatusMethodNotAllowed, ""},
	{"HEAD", http.MethodHead, "isolate", good, nil, http.StatusMethodNotAllowed, ""},
	{"PUT", http.MethodPut, "isolate", good, nil, http.StatusMethodNotAllowed, ""},
	{"PATCH", http.MethodPatch, "isolate", good, nil, http.StatusMethodNotAllowed, ""},
	{"DELETE", http.MethodDelete, "isolate", good, nil, http.StatusMethodNotAllowed, ""},
	{"OPTIONS", http.MethodOptions, "isolate", good, nil, http.StatusMethodNotAllowed, ""},
	{"a method in lower case", "post", "isolate", good, nil, http.StatusMethodNotAllowed, ""},

	{"an action that is none", "", "explode", good, nil, http.StatusNotFound, "want isolate, restore, probe, enforce or observe"},
	{"an action in upper case", "", "Isolate", good, nil, http.StatusNotFound, "want isolate, restore, probe, enforce or observe"},
	{"an action below another", "", "isolate/now", good, nil, http.StatusNotFound, ""},
	{"no action", "", "", good, nil, http.StatusNotFound, ""},

	{"no type", "", "isolate", good, []string{"Content-Type", ""}, http.StatusUnsupportedMediaType, "want Content-Type: application/json"},
	{"a form", "", "isolate", good, []string{"Content-Type", "application/x-www-form-urlencoded"}, http.StatusUnsupportedMediaType, ""},
	{"text", "", "isolate", good, []string{"Content-Type", "text/plain"}, http.StatusUnsupportedMediaType, ""},
	{"a type that begins alike", "", "isolate", good, []string{"Content-Type", "application/json-patch+json"}, http.StatusUnsupportedMediaType, ""},
	{"a type behind another", "", "isolate", good, []string{"Content-Type", "text/plain; application/json"}, http.StatusUnsupportedMediaType, ""},

	{"a large body", "", "isolate", good[:len(good)-1] + strings.Repeat(" ", controlLimit) + "}", nil, http.StatusRequestEntityTooLarge, "larger than 4 KiB"},
	{"one byte too many", "", "isolate", good + strings.Repeat(" ", 4097-len(good)), nil, http.StatusRequestEntityTooLarge, "larger than 4 KiB"},
	{"an enormous body", "", "isolate", strings.Repeat("[", 10<<20), nil, http.StatusRequestEntityTooLarge, "larger than 4 KiB"},

	{"no body", "", "isolate", "", nil, http.StatusBadRequest, "want {"},
	{"no JSON", "", "isolate", "dependency=redis", nil, http.StatusBadRequest, "want {"},
	{"half of it", "", "isolate", good[:len(good)-1], nil, http.StatusBadRequest, "want {"},
	{"a list", "", "isolate", "[" + good + "]", nil, http.StatusBadRequest, "want {"},
	{"a string", "", "isolate", `"redis"`, nil, http.StatusBadRequest, "want {"},
	{"another object behind it", "", "isolate", good + good, nil, http.StatusBadRequest, "nothing behind it"},
	{"a brace behind it", "", "isolate", good + "}", nil, http.StatusBadRequest, "nothing behind it"},
	{"a bracket behind it", "", "isolate", good + " ]", nil, http.StatusBadRequest, "nothing behind it"},
	{"a word behind it", "", "isolate", good + " x", nil, http.StatusBadRequest, "nothing behind it"},
	{"an unknown field", "", "isolate", `{"dependency":"redis","reason":"maintenance","force":true}`, nil, http.StatusBadRequest, `unknown field`},
	{"somebody else's name", "", "isolate", `{"dependency":"redis","reason":"maintenance","actor":"bob"}`, nil, http.StatusBadRequest, `unknown field`},
	{"another type", "", "isolate", `{"dependency":["redis"],"reason":"maintenance"}`, nil, http.StatusBadRequest, "want {"},

	{"no reason", "", "isolate", `{"dependency":"redis"}`, nil, http.StatusBadRequest, "the reason is required"},
	{"an empty reason", "", "isolate", `{"dependency":"redis","reason":""}`, nil, http.StatusBadRequest, "the reason is required"},
	{"a reason of blanks", "", "isolate", `{"dependency":"redis","reason":" \n\t "}`, nil, http.StatusBadRequest, "the reason is required"},
	{"null", "", "isolate", "null", nil, http.StatusBadRequest, "the reason is required"},
	{"observe without a reason", "", "observe", `{}`, nil, http.StatusBadRequest, "the reason is required"},
	{"nothing to isolate", "", "isolate", `{"reason":"maintenance"}`, nil, http.StatusBadRequest, "name the dependency to isolate"},
	{"nothing to probe", "", "probe", `{"reason":"maintenance"}`, nil, http.StatusBadRequest, "name the dependency to probe"},
	{"an operation to isolate", "", "isolate", `{"dependency":"redis","operations":["Drop"],"reason":"maintenance"}`, nil, http.StatusBadRequest, "enforce and observe take operations"},
	{"a dependency to observe", "", "observe", `{"dependency":"redis","reason":"maintenance"}`, nil, http.StatusBadRequest, "enforce and observe take operations"},
}

const good = `{"dependency":"redis","reason":"maintenance"}`

func TestRefusedControlsChangeNothing(t *testing.T) {
	for _, row := range refusals {
		for _, length := range []string{"declared", "chunked"} {
			t.Run(row.name+"/"+length, func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					authorise, _ := Tokens(map[string]string{"ana": anasToken})
					called := 0
					w.serve(WithControl(func(r *http.Request) (string, error) {
						called++
						return authorise(r)
					}))
					redis := w.guard("redis")
					w.prove(redis)
					before := conditionOf(t, w.HealthRegistry)

					r := httptest.NewRequestWithContext(t.Context(), cmp.Or(row.method, http.MethodPost), "/control/"+row.action, strings.NewReader(row.body))
					if length == "chunked" {
						r.Body, r.ContentLength = io.NopCloser(chunked{strings.NewReader(row.body)}), -1
					}
					r.Header.Set("Authorization", "Bearer "+anasToken)
					r.Header.Set("Content-Type", "application/json")
					for i := 0; i < len(row.header); i += 2 {
						r.Header.Set(row.header[i], row.header[i+1])
						if row.header[i+1] == "" {
							r.Header.Del(row.header[i])
						}
					}
					answer := httptest.NewRecorder()
					w.handler.ServeHTTP(answer, r)
					synctest.Wait()

					if row.detail != "" {
						wantProblem(t, answer, row.code, row.detail)
					}
					if answer.Code != row.code {
						t.Errorf("answered %d, want %d: %s", answer.Code, row.code, answer.Body)
					}
					if challenge := answer.Header().Get("WWW-Authenticate"); (challenge == `Bearer realm="guard"`) != (row.code == http.StatusUnauthorized) {
						t.Errorf("%d with WWW-Authenticate: %s", row.code, challenge)
					}
					if allow := answer.Header().Get("Allow"); (allow == http.MethodPost) != (row.code == http.StatusMethodNotAllowed) {
						t.Errorf("%d with Allow: %s", row.code, allow)
					}
					if row.code == http.StatusForbidden && called != 0 {
						t.Error("the authoriser was asked about a page of somebody else")
					}
					if after := conditionOf(t, w.HealthRegistry); after != before || redis.probed() != 0 {
						t.Errorf("it changed\n%s\ninto\n%s", before, after)
					}
				})
			})
		}
	}
}

func TestBodyOfJustTheLimitIsTaken(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.serve(tokens(t))
		w.guard("redis")
		if answer := w.do("isolate", good+strings.Repeat(" ", 4096-len(good))); answer.Code != http.StatusOK {
			t.Errorf("%d %s", answer.Code, answer.Body)
		}
	})
}

func TestControlFromItsOwnPageOrNoPageIsTaken(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.serve(tokens(t))
		w.guard("redis")
		for _, header := range [][]string{
			nil,
			{"Sec-Fetch-Site", "same-origin"},
			{"Sec-Fetch-Site", "none"},
			{"Origin", "http://example.com"}, // the host of the request
			{"Origin", "https://example.com"},
			{"Sec-Fetch-Site", "same-origin", "Origin", "http://example.com"},
			{"Content-Type", "application/json; charset=utf-8"},
		} {
			if answer := w.do("isolate", good, header...); answer.Code != http.StatusOK {
				t.Errorf("%v: %d %s", header, answer.Code, answer.Body)
			}
			_ = w.Restore("redis")
		}
	})
}

// TestNobodyIsolatesWhatSomebodyElseHas, so that whoever is named there is the one to ask.
func TestNobodyIsolatesWhatSomebodyElseHas(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.serve(tokens(t))
		w.guard("redis")
		if answer := w.do("isolate", good); answer.Code != http.StatusOK {
			t.Fatal(answer.Body)
		}
		wantProblem(t, w.do("isolate", good, "Authorization", "Bearer "+bobsToken), http.StatusConflict,
			`guard: dependency "redis" is isolated already (maintenance, by ana): restore it first`)
	})
}

func TestReasonThatFillsTheScreenIsRefused(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.serve(tokens(t))
		w.guard("redis")
		answer := w.do("isolate", `{"dependency":"redis","reason":"`+strings.Repeat("x", reasonLimit+1)+`"}`)
		wantProblem(t, answer, http.StatusBadRequest, "the reason has 201 bytes: 200 are the most, because all screens show it")
		if w.State("redis") == guard.Unhealthy {
			t.Error("it is isolated")
		}
	})
}

func TestControlIsOffUnlessTheProgramSaysWhoMay(t *testing.T) {
	for name, option := range map[string]Option{"by default": nil, "without an authoriser": WithControl(nil)} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.serve(option)
				w.prove(w.guard("redis"))
				before := conditionOf(t, w.HealthRegistry)
				wantProblem(t, w.do("isolate", good), http.StatusForbidden, "control is off")
				if after := conditionOf(t, w.HealthRegistry); after != before {
					t.Errorf("it changed\n%s\ninto\n%s", before, after)
				}
				if w.report().Control {
					t.Error("the report says that people may act")
				}
			})
		})
	}
}

func TestAuthoriserDecidesWhoMay(t *testing.T) {
	for _, row := range []struct {
		name, actor string
		err         error
		code        int
	}{
		{"nobody is known", "", errDown, http.StatusUnauthorized},
		{"known, and may not", "", ErrForbidden, http.StatusForbidden},
		{"known by name, and may not", "ana", fmt.Errorf("%w: ana reads only", ErrForbidden), http.StatusForbidden},
		{"a name with an error", "ana", errDown, http.StatusUnauthorized},
		{"without a name", "", nil, http.StatusForbidden},
	} {
		t.Run(row.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.serve(WithControl(func(*http.Request) (string, error) { return row.actor, row.err }))
				w.prove(w.guard("redis"))
				before := conditionOf(t, w.HealthRegistry)
				answer := w.do("isolate", good)
				if answer.Code != row.code || (answer.Header().Get("WWW-Authenticate") != "") != (row.code == http.StatusUnauthorized) {
					t.Errorf("%d with %v", answer.Code, answer.Header())
				}
				if row.err != nil && strings.Contains(answer.Body.String(), row.err.Error()) {
					t.Errorf("the authoriser's text is passed on: %s", answer.Body)
				}
				if after := conditionOf(t, w.HealthRegistry); after != before {
					t.Errorf("it changed\n%s\ninto\n%s", before, after)
				}
			})
		})
	}
}

// TestControlThatComesToNothingIsRecorded: whoever may act has tried something, which changes no state, and is an event.
func TestControlThatComesToNothingIsRecorded(t *testing.T) {
	for _, row := range []struct {
		name, action, body string
		code               int
		detail             string
	}{
		{"isolate what is not there", "isolate", `{"dependency":"mysql","reason":"why not"}`, http.StatusNotFound, `unknown dependency "mysql"`},
		{"restore what is not there", "restore", `{"dependency":"mysql","reason":"why not"}`, http.StatusNotFound, `unknown dependency "mysql"`},
		{"probe what is not there", "probe", `{"dependency":"mysql","reason":"why not"}`, http.StatusNotFound, `unknown dependency "mysql"`},
		{"observe what is not there", "observe", `{"operations":["Dorp"],"reason":"why not"}`, http.StatusNotFound, `unknown operation "Dorp"`},
		{"observe what is partly there", "observe", `{"operations":["Drop","Dorp"],"reason":"why not"}`, http.StatusNotFound, `unknown operation "Dorp"`},
		{"enforce what is not there", "enforce", `{"operations":[""],"reason":"why not"}`, http.StatusNotFound, `unknown operation ""`},
		{"restore what is not isolated", "restore", `{"dependency":"redis","reason":"why not"}`, http.StatusConflict, "is not isolated"},
		{"probe what is isolated", "probe", `{"dependency":"api","reason":"why not"}`, http.StatusConflict, "restore it first"},
		{"probe what has no probe", "probe", `{"dependency":"files","reason":"why not"}`, http.StatusConflict, "has no probe"},
	} {
		t.Run(row.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.serve(tokens(t))
				redis, api := w.guard("redis"), w.guard("api")
				w.prove(redis, api)
				_ = w.Isolate("api", "maintenance")
				if _, err := w.Dependency("files", guard.Policy{Optional: true}); err != nil {
					t.Fatal(err)
				}
				before := condition{w.System(), w.Operations(), w.Denials(), nil}
				wantProblem(t, w.do(row.action, row.body), row.code, row.detail)
				after := condition{w.System(), w.Operations(), w.Denials(), nil}
				if fmt.Sprint(after) != fmt.Sprint(before) || redis.probed()+api.probed() != 0 {
					t.Errorf("it changed\n%+v\ninto\n%+v", before, after)
				}
				events := w.Events()
				e := events[len(events)-1]
				if len(w.controls()) != 1 || e.Kind != guard.EventControl || e.Actor != "ana" || e.Reason != "why not" || e.Err == nil {
					t.Errorf("recorded as %+v", e)
				}
			})
		})
	}
}

func TestProbeThatIsNotAnsweredIsABadGateway(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.serve(tokens(t))
		redis := w.guard("redis")
		w.prove(redis)
		redis.set(errDown)
		wantProblem(t, w.do("probe", good), http.StatusBadGateway, "connection refused")
		if e := w.controls()[0]; e.Err == nil || e.Action != guard.ActionProbe || redis.probed() == 0 {
			t.Errorf("recorded as %+v after %d probes", e, redis.probed())
		}
		redis.hangs()
		begun := time.Now()
		wantProblem(t, w.do("probe", good), http.StatusBadGateway, "no answer within 1s")
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestControlOfAClosedRegistry(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.serve(tokens(t))
		w.guard("redis")
		w.Close()
		for _, action := range []string{"isolate", "restore", "probe"} {
			wantProblem(t, w.do(action, good), http.StatusServiceUnavailable, "registry is closed")
		}
	})
}

// TestSlowBodyEnds: a client that begins a body and does not go on is answered when its time is over, by a server whose own
// time is longer.
func TestSlowBodyEnds(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.serve(tokens(t))
		w.guard("redis")
		before := conditionOf(t, w.HealthRegistry)
		for _, length := range []string{"Content-Length: 45", "Transfer-Encoding: chunked"} {
			begun := time.Now()
			response := w.online().exchange(t, "POST /control/isolate HTTP/1.1\r\nHost: guard\r\nAuthorization: Bearer "+anasToken+
				"\r\nContent-Type: application/json\r\n"+length+"\r\n\r\n2\r\n{ ")
			if took := time.Since(begun); took != 5*time.Second || response.StatusCode != http.StatusBadRequest {
				t.Errorf("%s: %s after %s, want 400 after 5s", length, response.Status, took)
			}
		}
		if after := conditionOf(t, w.HealthRegistry); after != before {
			t.Errorf("it changed\n%s\ninto\n%s", before, after)
		}
	})
}

// TestSlowProbeOutlastsThePatienceWithBodies: how long a client may take says nothing of how long its probe may.
func TestSlowProbeOutlastsThePatienceWithBodies(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.serve(tokens(t))
		redis := w.guard("redis", policy(func(p *guard.Policy) { p.ProbeTimeout = 2 * controlPatience }))
		redis.hangs()
		begun := time.Now()
		response := w.online().exchange(t, fmt.Sprintf("POST /control/probe HTTP/1.1\r\nHost: guard\r\nAuthorization: Bearer %s\r\n"+
			"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", anasToken, len(good), good))
		took := time.Since(begun)
		body, _ := io.ReadAll(response.Body)
		if took < 2*controlPatience || response.StatusCode != http.StatusBadGateway || !strings.Contains(string(body), "no answer within 10s") {
			t.Errorf("%s after %s: %s", response.Status, took, body)
		}
	})
}

// TestWhoeverActedSeesWhatCameOfIt reads just before and just after: a report that is kept for others would be old news.
func TestWhoeverActedSeesWhatCameOfIt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.serve(tokens(t))
		w.prove(w.guard("redis"))
		state := func() guard.DependencyState { return decode[Report](t, w.get("/status")).State }
		if got := state(); got != guard.Healthy {
			t.Fatalf("%s at the beginning", got)
		}
		if answer := w.do("isolate", `{"dependency":"redis","reason":"maintenance"}`); answer.Code != http.StatusOK {
			t.Fatal(answer.Body)
		}
		if got := state(); got != guard.Unhealthy {
			t.Errorf("after an isolation the report says %s", got)
		}
	})
}
