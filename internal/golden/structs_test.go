package golden_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/structs"
	"github.com/guardgen/guardgen/internal/golden/structs/lib"
	guard "github.com/guardgen/guardgen/runtime"
)

func TestWrapperOfAStructHasItsExportedMethods(t *testing.T) {
	for _, pair := range [][2]reflect.Type{
		{reflect.TypeFor[*structs.GuardedStore[string, int]](), reflect.TypeFor[*structs.Store[string, int]]()},
		{reflect.TypeFor[*structs.SafePool](), reflect.TypeFor[*lib.Pool]()},
	} {
		if got, want := signatures(pair[0]), signatures(pair[1]); !slices.Equal(got, want) {
			t.Errorf("%s has %q, want %q", pair[0], got, want)
		}
	}
}

// signatures lists the methods of a type with their types, without receivers.
func signatures(t reflect.Type) (list []string) {
	for method := range t.Methods() {
		list = append(list, method.Name+reflect.Zero(t).MethodByName(method.Name).Type().String())
	}
	return list
}

// noted is a store that notes what reaches it.
func noted(log *[]string) *structs.Store[string, int] {
	return &structs.Store[string, int]{
		Conn: &lib.Conn{Log: func(method string, _ ...any) error {
			*log = append(*log, method)
			return nil
		}},
		Values: map[string]int{"a": 1},
	}
}

func TestMethodsOfAStructRunAsTheirDirectivesSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		registry := quietRegistry(t)
		store, err := structs.NewGuardedStore(registry, noted(&log))
		if err != nil {
			t.Fatal(err)
		}
		calls := map[string]func(context.Context) error{
			"Zap":    func(ctx context.Context) error { _, err := store.Zap(ctx, "a"); return err },
			"Ping":   func(ctx context.Context) error { return store.Ping(ctx) },
			"Hits":   func(ctx context.Context) error { _, err := store.Hits(ctx, "a"); return err },
			"Delete": func(ctx context.Context) error { return store.Delete(ctx, "a") },
			"Drop":   func(ctx context.Context) error { return store.Drop(ctx, "t") },
		}
		all := func(word string, want map[string]error) {
			t.Helper()
			for _, name := range []string{"Ping", "Zap", "Hits", "Delete", "Drop"} {
				if err := calls[name](marked()); !errors.Is(err, want[name]) || (err != nil) != (want[name] != nil) {
					t.Errorf("%s: error %v of %s, want %v", word, err, name, want[name])
				}
			}
		}
		if n, err := store.Zap(marked(), "a"); n != 1 || err != nil {
			t.Errorf("Zap returns %d, %v, want the value of the store", n, err)
		}
		all("well", nil)
		if want := []string{"Zap", "Ping", "Zap", "Delete", "Drop"}; !slices.Equal(log, want) {
			t.Errorf("the store was called by %q, want %q", log, want)
		}
		if err := registry.SetState("store", guard.Degraded, "test"); err != nil {
			t.Fatal(err)
		}
		log = nil
		if err := calls["Hits"](marked()); !errors.Is(err, guard.ErrUnhealthy) {
			t.Errorf("degraded: error %v of a heavy promoted method, want a refusal", err)
		}
		if err := registry.Isolate("store", "test"); err != nil {
			t.Fatal(err)
		}
		refusals := map[string]error{"Delete": guard.ErrDestructiveDenied, "Drop": guard.ErrDestructiveDenied}
		for _, name := range []string{"Ping", "Zap", "Hits"} {
			refusals[name] = guard.ErrUnhealthy
		}
		all("isolated", refusals)
		if len(log) > 0 {
			t.Errorf("the store was called by %q though it is isolated", log)
		}
	})
}

func TestProbeOfAStructIsItsOwnMethod(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		registry := quietRegistry(t)
		if _, err := structs.NewGuardedStore(registry, noted(&log)); err != nil {
			t.Fatal(err)
		}
		if err := registry.Probe(t.Context(), "store"); err != nil || !slices.Contains(log, "Ping") {
			t.Errorf("error %v of a probe that called %q, want Ping to be called", err, log)
		}
	})
}

func TestStructOfAnotherPackageIsWrapped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool, err := structs.NewSafePool(quietRegistry(t), &lib.Pool{}, exercise.Alive)
		if err != nil {
			t.Fatal(err)
		}
		if conn, err := pool.Acquire(marked()); conn == nil || err != nil {
			t.Errorf("Acquire returns %v, %v, want what the pool has", conn, err)
		}
		if n := pool.Size(); n != 1 {
			t.Errorf("Size is %d, want that of the pool", n)
		}
		if err := pool.Drop(marked(), "t"); err != nil {
			t.Errorf("Drop: %v", err)
		}
	})
}

func TestWrapperOfNoStructIsAnError(t *testing.T) {
	if _, err := structs.NewSafePool(quietRegistry(t), nil, exercise.Alive); err == nil {
		t.Error("a nil struct is taken")
	}
}
