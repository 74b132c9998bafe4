package status_test

import (
	"context"
	"encoding/json"
	"expvar"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/status"
)

// program is what a program has: a registry, and a dependency that answers.
func program() *guard.HealthRegistry {
	registry := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler)), guard.WithStartHold(0))
	ping := func(context.Context) error { return nil }
	if _, err := registry.Dependency("redis", guard.Policy{}, guard.WithProbe(ping)); err != nil {
		panic(err)
	}
	if err := registry.Probe(context.Background(), "redis"); err != nil {
		panic(err)
	}
	return registry
}

// say sends a request and prints the answer.
func say(handler http.Handler, request *http.Request) {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	fmt.Printf("%s %s: %d %s", request.Method, request.URL, answer.Code, answer.Body)
}

// A server that the program has already serves the health below a path of its own.
func ExampleHandler() {
	registry := program()
	defer registry.Close()

	mux := http.NewServeMux()
	mux.Handle("/guard/", http.StripPrefix("/guard", status.Handler(registry, status.WithService("sessions", "1.4.2"))))

	say(mux, httptest.NewRequest(http.MethodGet, "/guard/livez", nil))
	say(mux, httptest.NewRequest(http.MethodGet, "/guard/readyz?verbose", nil))
	say(mux, httptest.NewRequest(http.MethodGet, "/guard/explain?operation=DeleteTopic&key=topic:news", nil))
	// Output:
	// GET /guard/livez: 200 ok
	// GET /guard/readyz?verbose: 200 [+]redis ok
	// readyz check passed
	// GET /guard/explain?operation=DeleteTopic&key=topic:news: 200 {"operation":"DeleteTopic","known":false,"allowed":true,"mode":"enforce"}
}

// People who act show a token of their own, and say why.
func ExampleWithControl() {
	registry := program()
	defer registry.Close()

	authorise, err := status.Tokens(map[string]string{"ana": "2f1d8f3b0c9e4a57"}) // from a file that only this user may read
	if err != nil {
		fmt.Println(err)
		return
	}
	handler := status.Handler(registry, status.WithControl(authorise))

	isolate := func(token string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/control/isolate", strings.NewReader(`{"dependency": "redis", "reason": "it is being moved"}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		return r
	}
	say(handler, isolate("a guess"))
	say(handler, isolate("2f1d8f3b0c9e4a57"))
	health, _ := registry.Health("redis")
	fmt.Println(health.State, health.Isolated)
	// Output:
	// POST /control/isolate: 401 {"title":"Unauthorized","status":401,"detail":"not authorised: the token is missing or wrong"}
	// POST /control/isolate: 200 {"action":"isolate","dependency":"redis","actor":"ana","reason":"it is being moved"}
	// unhealthy it is being moved, by ana
}

// An Authoriser may ask whatever the service has for logging in.
func ExampleAuthoriser() {
	registry := program()
	defer registry.Close()

	// The proxy before this service has asked for a password, and says in a header whose it was.
	var authorise status.Authoriser = func(r *http.Request) (string, error) {
		user := r.Header.Get("X-Forwarded-User")
		if user != "ana" && user != "bob" {
			return "", status.ErrForbidden
		}
		return user, nil
	}
	handler := status.Handler(registry, status.WithControl(authorise))

	request := httptest.NewRequest(http.MethodPost, "/control/observe", strings.NewReader(`{"reason": "roll-out"}`))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Forwarded-User", "eve")
	say(handler, request)
	// Output:
	// POST /control/observe: 403 {"title":"Forbidden","status":403,"detail":"you may not do this"}
}

// An address without a host is refused: what is shown there would be shown to everybody.
func ExampleServe() {
	registry := program()
	defer registry.Close()
	fmt.Println(status.Serve(context.Background(), ":9090", status.Handler(registry)))
	// Output:
	// status: address ":9090" would be open to the network: say 127.0.0.1:9090, or 0.0.0.0:9090 if that is meant
}

// A program that cannot do without opens the address before it goes on, here a unix socket that only its user may open.
func ExampleServeListener() {
	registry := program()
	defer registry.Close()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	socket := filepath.Join(dir, "guard.sock")
	listener, err := status.Listen(socket)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	served := make(chan error)
	go func() { served <- status.ServeListener(ctx, listener, status.Handler(registry)) }()

	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	response, err := client.Get("http://guard/readyz?verbose")
	if err != nil {
		fmt.Println(err)
		return
	}
	io.Copy(os.Stdout, response.Body)
	response.Body.Close()

	stop()
	fmt.Println(<-served)
	// Output:
	// [+]redis ok
	// readyz check passed
	// <nil>
}

// A program that publishes its variables with package expvar adds its health to them.
func Example_expvar() {
	registry := program()
	defer registry.Close()

	health := expvar.Func(func() any { return registry.System() })
	if expvar.Get("guard") == nil { // a test may run more than once
		expvar.Publish("guard", health)
	}

	var published struct {
		State        string
		Dependencies []struct{ Name, State, Breaker string }
	}
	if err := json.Unmarshal([]byte(health.String()), &published); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%+v\n", published)
	// Output:
	// {State:healthy Dependencies:[{Name:redis State:healthy Breaker:closed}]}
}
