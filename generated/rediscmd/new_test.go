package rediscmd

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
)

func newRegistry(t *testing.T, options ...guard.RegistryOption) *guard.HealthRegistry {
	registry := guard.NewHealthRegistry(append(options, guard.WithLogger(slog.New(slog.DiscardHandler)))...)
	t.Cleanup(registry.Close)
	return registry
}

// guardBy attaches a guard to the hooks of a client.
func guardBy(t *testing.T, registry *guard.HealthRegistry, client redis.UniversalClient) {
	t.Helper()
	guarded, err := goredis.Guard(registry, client, goredis.Probe(func(context.Context) error { return nil }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := guarded.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestClientWithoutHookIsRefusedUnlessSaid(t *testing.T) {
	registry, client := newRegistry(t), newWire(t).Client
	_, err := New(registry, client)
	if want := "rediscmd: *redis.Client has no guard at its hooks, so that its pipelines would go round the gate: " +
		"call goredis.Guard(registry, client) first, or pass rediscmd.WithoutHook()"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, err := New(registry, client, WithoutHook()); err != nil {
		t.Error(err)
	}
	guardBy(t, registry, client)
	if _, err := New(registry, client); err != nil {
		t.Error(err)
	}
	if _, err := New(registry, client.WithTimeout(1)); err == nil {
		t.Error("a clone of a guarded client has none of its hooks, and is taken")
	}
}

func TestWrongUseIsRefused(t *testing.T) {
	registry, client := newRegistry(t), newWire(t).Client
	wrapper, err := New(registry, client, WithoutHook())
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := newWire(t).Client
	guardBy(t, newRegistry(t), elsewhere)
	closed := redis.NewClient(&redis.Options{})
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	automatic, err := client.AutoPipeline()
	if err != nil {
		t.Fatal(err)
	}
	for want, client := range map[string]redis.Cmdable{
		"a *redis.Pipeline queues":      client.Pipeline(),
		"a *redis.AutoPipeliner sends":  automatic,
		"redis: client is closed":       closed,
		"the client is guarded already": wrapper,
		"the client is nil":             (*redis.Client)(nil),
		"belongs to another registry":   elsewhere,
	} {
		if _, err := New(registry, client, WithoutHook()); err == nil || !strings.Contains(err.Error(), "rediscmd: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if got, err := New(nil, client, WithoutHook()); got != nil || err == nil || !strings.Contains(err.Error(), "registry is nil") {
		t.Errorf("without a registry: %v, %v", got, err)
	}
}

// TestFailureCountsOnceThroughBothGuards holds that a wrapper and the guard at the hooks of its client are one.
func TestFailureCountsOnceThroughBothGuards(t *testing.T) {
	registry, client := newRegistry(t, guard.WithStartHold(0)), redis.NewClient(&redis.Options{})
	defer client.Close()
	guardBy(t, registry, client)
	server := &broken{}
	client.AddHook(server) // inside the guard
	wrapper, err := New(registry, client)
	if err != nil {
		t.Fatal(err)
	}
	if err := wrapper.Get(t.Context(), "session:42").Err(); !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if health, _ := registry.Health("redis"); health.Failures != 1 {
		t.Errorf("%d failures, want 1", health.Failures)
	}
	server.sent = 0
	scope := guard.NewScope(t.Context())
	if err := wrapper.Del(scope, "session:42").Err(); !errors.Is(err, guard.ErrDestructiveDenied) || server.sent != 0 {
		t.Errorf("deleting what failed: %v, %d commands sent", err, server.sent)
	}
	var denied *guard.DestructiveDeniedError
	_, err = wrapper.Pipelined(scope, func(p redis.Pipeliner) error {
		p.Del(scope, "session:42")
		return nil
	})
	if !errors.As(err, &denied) || denied.Operation != "DEL" || server.sent != 0 {
		t.Errorf("deleting it in a pipeline: %v, %d commands sent", err, server.sent)
	}
}

// broken is a server that fails.
type broken struct{ sent int }

func (b *broken) DialHook(next redis.DialHook) redis.DialHook { return next }

func (b *broken) ProcessHook(redis.ProcessHook) redis.ProcessHook {
	return func(_ context.Context, cmd redis.Cmder) error {
		b.sent++
		cmd.SetErr(io.EOF)
		return io.EOF
	}
}

func (b *broken) ProcessPipelineHook(redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(_ context.Context, cmds []redis.Cmder) error {
		b.sent += len(cmds)
		return io.EOF
	}
}

// TestDocumentationNamesTheVersion fails when go-redis is raised: write the package anew, and the version into doc.go.
func TestDocumentationNamesTheVersion(t *testing.T) {
	if redis.Version() != Version {
		t.Errorf("written for go-redis %s, compiled with %s", Version, redis.Version())
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		t.Fatal("no build info")
	}
	for _, module := range info.Deps {
		if module.Path == "github.com/redis/go-redis/v9" && module.Version != "v"+Version {
			t.Errorf("written for go-redis %s, compiled with %s", Version, module.Version)
		}
	}
}
