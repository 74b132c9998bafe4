package redisroles

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
)

// answering is a client whose commands go nowhere, and are answered with nothing.
func answering(t *testing.T) *redis.Client {
	client := redis.NewClient(&redis.Options{Addr: "nowhere.invalid:0"})
	client.AddHook(nowhere{})
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	return client
}

type nowhere struct{}

func (nowhere) DialHook(redis.DialHook) redis.DialHook { return nil }

func (nowhere) ProcessHook(redis.ProcessHook) redis.ProcessHook {
	return func(context.Context, redis.Cmder) error { return nil }
}

func (nowhere) ProcessPipelineHook(redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(context.Context, []redis.Cmder) error { return nil }
}

func newRegistry(t *testing.T) *guard.HealthRegistry {
	registry := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler)))
	t.Cleanup(registry.Close)
	return registry
}

// constructors make a wrapper of each role.
var constructors = map[string]func(*guard.HealthRegistry, redis.Cmdable) (any, error){
	"keys":        func(r *guard.HealthRegistry, c redis.Cmdable) (any, error) { return NewKeys(r, c) },
	"hashes":      func(r *guard.HealthRegistry, c redis.Cmdable) (any, error) { return NewHashes(r, c) },
	"streams":     func(r *guard.HealthRegistry, c redis.Cmdable) (any, error) { return NewStreams(r, c) },
	"sets":        func(r *guard.HealthRegistry, c redis.Cmdable) (any, error) { return NewSets(r, c) },
	"sorted sets": func(r *guard.HealthRegistry, c redis.Cmdable) (any, error) { return NewSortedSets(r, c) },
	"scripts":     func(r *guard.HealthRegistry, c redis.Cmdable) (any, error) { return NewScripts(r, c) },
}

func TestAllRolesShareOneDependency(t *testing.T) {
	registry, client := newRegistry(t), answering(t)
	for role, construct := range constructors {
		if _, err := construct(registry, client); err != nil {
			t.Errorf("%s: %v", role, err)
		}
	}
	for health := range registry.All() {
		if health.Name != "redis" {
			t.Errorf("dependency %s", health.Name)
		}
	}
}

func TestPipelineIsNoRole(t *testing.T) {
	registry, client := newRegistry(t), answering(t)
	for role, construct := range constructors {
		if wrapper, err := construct(registry, client.Pipeline()); wrapper != nil || err == nil || !strings.Contains(err.Error(), "a *redis.Pipeline queues commands") {
			t.Errorf("%s: %v, %v", role, wrapper, err)
		}
		if wrapper, err := construct(nil, client); wrapper != nil || err == nil || !strings.Contains(err.Error(), "registry is nil") {
			t.Errorf("%s: %v, %v", role, wrapper, err)
		}
	}
}

func TestFieldsThatExpireNowGoThroughTheGate(t *testing.T) {
	hashes, err := NewHashes(newRegistry(t), answering(t)) // the gate is shut, because the registry has just started
	if err != nil {
		t.Fatal(err)
	}
	for expiration, denied := range map[time.Duration]bool{time.Minute: false, 1: false, 0: true, -time.Second: true} {
		err := hashes.HExpire(t.Context(), "session:42", expiration, "owner").Err()
		if errors.Is(err, guard.ErrDestructiveDenied) != denied {
			t.Errorf("HEXPIRE in %s: %v", expiration, err)
		}
	}
}

func TestScriptGoesThroughTheGateUnlessItIsHarmless(t *testing.T) {
	scripts, err := NewScripts(newRegistry(t), answering(t)) // the gate is shut, because the registry has just started
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("return redis.call('INCR', KEYS[1]) -- %d", rand.Int()) // that nobody else has called harmless
	run := func(script *redis.Script, denied bool) {
		t.Helper()
		keys := []string{"calls:42"}
		for how, err := range map[string]error{
			"Eval":         script.Eval(t.Context(), scripts, keys).Err(),
			"EvalSha":      script.EvalSha(t.Context(), scripts, keys).Err(),
			"Run":          script.Run(t.Context(), scripts, keys).Err(),
			"upper digest": scripts.EvalSha(t.Context(), strings.ToUpper(script.Hash()), keys).Err(),
		} {
			if errors.Is(err, guard.ErrDestructiveDenied) != denied {
				t.Errorf("%s: %v, want denied: %t", how, err, denied)
			}
		}
		if err := script.RunRO(t.Context(), scripts, keys).Err(); err != nil {
			t.Errorf("RunRO: %v", err)
		}
	}
	run(redis.NewScript(text), true)
	run(Harmless(text), false)
	run(redis.NewScript(text), false) // it is the same script
	run(redis.NewScript(text+" "), true)
}
