package unixhttp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// exampleServer serves the handler at a unix socket until stop is called.
func exampleServer(handler http.Handler) (socket string, stop func()) {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	socket = filepath.Join(dir, "api.sock")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		panic(err)
	}
	server, served := &http.Server{Handler: handler}, make(chan struct{})
	go func() {
		defer close(served)
		server.Serve(listener)
	}()
	return socket, func() {
		server.Close()
		<-served
		os.RemoveAll(dir)
	}
}

// A program that has an http.Client, and no interface, guards its transport.
func ExampleGuard() {
	socket, stop := exampleServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello")
	}))
	// No client lives through a restart of this program, so that it need not wait for any to come back.
	registry := guard.NewHealthRegistry(guard.WithStartHold(0), guard.WithLogger(slog.New(slog.DiscardHandler)))
	defer registry.Close()

	transport, err := unixhttp.NewTransport("unix://"+socket, unixhttp.Options{}) // was: &http.Transport{DialContext: …}
	if err != nil {
		fmt.Println(err)
		return
	}
	defer transport.Close()
	if err := unixhttp.Guard(registry, transport, unixhttp.Rules{Name: "sessions"}); err != nil {
		fmt.Println(err)
		return
	}
	client := &http.Client{Transport: transport}

	do := func(ctx context.Context, method, path string) error {
		request, err := http.NewRequestWithContext(ctx, method, "http://sessions"+path, nil)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		if err := unixhttp.Check(response); err != nil {
			return err
		}
		defer response.Body.Close()
		said, err := io.ReadAll(response.Body)
		fmt.Printf("%s %s: %s\n", method, path, said)
		return err
	}
	if err := do(guard.NewScope(context.Background()), http.MethodGet, "/sessions/42"); err != nil {
		fmt.Println(err)
	}

	stop()
	ctx := guard.NewScope(context.Background())
	fmt.Println("unreachable:", do(ctx, http.MethodGet, "/sessions/42") != nil)
	err = do(ctx, http.MethodDelete, "/sessions/42")
	denied, _ := errors.AsType[*guard.DestructiveDeniedError](err)
	fmt.Println("denied:", denied.Operation, denied.Reason)
	// Output:
	// GET /sessions/42: hello
	// unreachable: true
	// denied: DELETE scope
}

// An API whose sessions end by a POST says so, and what they are called in the registry.
func ExampleRules() {
	rules := unixhttp.Rules{
		Name: "sessions",
		Operation: func(r *http.Request) (string, guard.Class) {
			switch {
			case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/end"):
				return "EndSession", guard.Destructive
			case r.Method == http.MethodDelete:
				return r.Method, guard.Destructive
			}
			return r.Method, guard.Regular
		},
		Keys: func(r *http.Request) []string {
			id, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/sessions/"), "/")
			return guard.Keys("session", id)
		},
		Budgets: map[string]guard.Budget{"EndSession": {Limit: 20, Window: time.Minute}},
	}
	request, err := http.NewRequest(http.MethodPost, "http://sessions/sessions/42/end", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	name, class := rules.Operation(request)
	fmt.Println(name, "is", class, "and about", rules.Keys(request))
	// Output:
	// EndSession is destructive and about [session:42]
}

// What the guard of a server refuses is the same error on the client's side.
func ExampleError() {
	registry := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler)))
	defer registry.Close()
	ping := func(context.Context) error { return nil }
	if _, err := registry.Dependency("redis", guard.Policy{}, guard.WithProbe(ping)); err != nil {
		fmt.Println(err)
		return
	}
	terminate := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := registry.AllowDestructive(r.Context(), "Terminate", guard.Keys("session", 42)...); err != nil {
			unixhttp.Error(w, err, http.StatusBadGateway)
		}
	})
	socket, stop := exampleServer(unixhttp.Scope(terminate))
	defer stop()

	transport, err := unixhttp.NewTransport(socket, unixhttp.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer transport.Close()
	response, err := (&http.Client{Transport: transport}).Get("http://sessions/")
	if err != nil {
		fmt.Println(err)
		return
	}
	err = unixhttp.Check(response)
	fmt.Println(response.Status, response.Header.Get("Content-Type"))
	denied, ok := errors.AsType[*guard.DestructiveDeniedError](err)
	fmt.Println(ok, denied.Operation, denied.Reason, denied.Dependency)
	fmt.Println(errors.Is(err, guard.ErrDestructiveDenied), unixhttp.Classify(context.Background(), err) == guard.OutcomeIgnored)
	// Output:
	// 503 Service Unavailable application/problem+json
	// true Terminate start redis
	// true true
}

// A client that the generated wrapper stands above says which errors are its answers.
func ExampleStatusError() {
	var errNotFound = &unixhttp.StatusError{Code: http.StatusNotFound}

	socket, stop := exampleServer(http.NotFoundHandler())
	defer stop()
	transport, err := unixhttp.NewTransport(socket, unixhttp.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer transport.Close()
	response, err := (&http.Client{Transport: transport}).Get("http://sessions/sessions/42")
	if err != nil {
		fmt.Println(err)
		return
	}
	err = unixhttp.Check(response)
	fmt.Println(err)
	fmt.Println(errors.Is(err, errNotFound), unixhttp.Classify(context.Background(), err) == guard.OutcomeSuccess)
	// Output:
	// GET /sessions/42 answered 404: 404 page not found
	// true true
}
