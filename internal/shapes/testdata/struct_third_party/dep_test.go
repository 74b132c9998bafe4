package struct_third_party

import (
	"context"
	"errors"
	"net"
	"reflect"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/exercise"
	guard "github.com/guardgen/guardgen/runtime"
)

// counter counts what reaches the client.
type counter struct{ calls int }

func (c *counter) DialHook(redis.DialHook) redis.DialHook {
	return func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("not to be dialled") }
}

func (c *counter) ProcessHook(redis.ProcessHook) redis.ProcessHook {
	return func(context.Context, redis.Cmder) error { c.calls++; return nil }
}

func (c *counter) ProcessPipelineHook(redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(context.Context, []redis.Cmder) error { c.calls++; return nil }
}

func TestExercise_Dep(t *testing.T) {
	registry := guard.NewHealthRegistry(guard.WithStartHold(0))
	defer registry.Close()
	reached := &counter{}
	client := redis.NewClient(&redis.Options{})
	defer client.Close()
	client.AddHook(reached)
	wrapper, err := NewGuardedDep(registry, client, exercise.Alive)
	if err != nil {
		t.Fatal(err)
	}
	if wrapper.Get(t.Context(), "a"); reached.calls != 1 {
		t.Errorf("%d calls reached the client, want one", reached.calls)
	}
	reached.calls = 0
	if err := registry.Isolate("redis", "test"); err != nil {
		t.Fatal(err)
	}
	t.Logf("asserted: refusal %d", len(guardedDepSpec.Methods))
	for _, method := range guardedDepSpec.Methods {
		t.Run(method.Name, func(t *testing.T) {
			call := reflect.ValueOf(wrapper).MethodByName(method.Name)
			var arguments []reflect.Value
			for i := range call.Type().NumIn() {
				if argument := call.Type().In(i); argument == reflect.TypeFor[context.Context]() {
					arguments = append(arguments, reflect.ValueOf(t.Context()))
				} else if !call.Type().IsVariadic() || i < call.Type().NumIn()-1 {
					arguments = append(arguments, reflect.Zero(argument))
				}
			}
			results := call.Call(arguments)
			err, _ := results[len(results)-1].Interface().(error)
			if carrier, ok := results[len(results)-1].Interface().(interface{ Err() error }); ok {
				err = carrier.Err()
			}
			if !errors.Is(err, guard.ErrUnhealthy) {
				t.Errorf("error %v, want a refusal", err)
			}
		})
	}
	if reached.calls > 0 {
		t.Errorf("%d calls reached the isolated client", reached.calls)
	}
}
