package golden_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/reports"
	guard "github.com/guardgen/guardgen/runtime"
)

type reportsFake struct{ *exercise.Recorder }

func (f reportsFake) Ping(ctx context.Context) (err reports.Temporary) {
	f.Called("Ping", ctx).Into(&err)
	return
}

func (f reportsFake) Both(ctx context.Context, id string) (reading, writing error) {
	f.Called("Both", ctx, id).Into(&reading, &writing)
	return
}

func (f reportsFake) First(ctx context.Context) (err error, n int) {
	f.Called("First", ctx).Into(&err, &n)
	return
}

func (f reportsFake) Commands(ctx context.Context) (a *redis.StringCmd, b *redis.IntCmd) {
	f.Called("Commands", ctx).Into(&a, &b)
	return
}

func (f reportsFake) Mixed(ctx context.Context) (a *redis.StringCmd, err error) {
	f.Called("Mixed", ctx).Into(&a, &err)
	return
}

func (f reportsFake) Custom(ctx context.Context, id string) (item reports.Item, err *reports.APIError) {
	f.Called("Custom", ctx, id).Into(&item, &err)
	return
}

func (f reportsFake) EndItem(ctx context.Context, id string) (err *reports.APIError) {
	f.Called("EndItem", ctx, id).Into(&err)
	return
}

func (f reportsFake) All(ctx context.Context, id string) (items iter.Seq2[reports.Item, error]) {
	f.Called("All", ctx, id).Into(&items)
	return
}

func (f reportsFake) Named(id string) (items reports.Items) {
	f.Called("Named", id).Into(&items)
	return
}

func (f reportsFake) Query(ctx context.Context, id string) (items iter.Seq2[*reports.Item, error], err error) {
	f.Called("Query", ctx, id).Into(&items, &err)
	return
}

func (f reportsFake) EndAll(ctx context.Context, id string) (ended iter.Seq2[time.Time, error]) {
	f.Called("EndAll", ctx, id).Into(&ended)
	return
}

func (f reportsFake) Ask(id string, request reports.Request) (err error) {
	f.Called("Ask", id, request).Into(&err)
	return
}

// request is a context of somebody's own.
type request struct{ context.Context }

func (r *request) User() string { return "somebody" }

func TestReports(t *testing.T) {
	subject[reports.API]{
		Dependency: "api",
		Wrap: func(r *guard.HealthRegistry, next reports.API) (reports.API, error) {
			return reports.NewGuardedAPI(r, next)
		},
		Fake:        func(r *exercise.Recorder) reports.API { return reportsFake{r} },
		Samples:     []any{&request{context.Background()}},
		Destructive: []string{"EndItem", "EndAll"},
		Keys: map[string][]string{
			"Both": {"item:1"}, "Custom": {"item:1"}, "EndItem": {"item:1"}, "All": {"item:1"}, "Named": {"item:0"},
			"Query": {"item:1"}, "EndAll": {"item:1"}, "Ask": {"item:0"},
		},
	}.Exercise(t)
}

// listed answers with the same items each time, and counts how often it is asked for them.
type listed struct {
	reports.API
	items []reports.Item
	asked int
	err   error // behind the items
}

func (l *listed) Ping(context.Context) reports.Temporary { return nil }

func (l *listed) All(context.Context, string) iter.Seq2[reports.Item, error] {
	l.asked++
	return func(yield func(reports.Item, error) bool) {
		for _, item := range l.items {
			if !yield(item, nil) {
				return
			}
		}
		if l.err != nil {
			yield(reports.Item{}, l.err)
		}
	}
}

func (l *listed) EndAll(context.Context, string) iter.Seq2[time.Time, error] {
	l.asked++
	return func(yield func(time.Time, error) bool) {
		_ = yield(time.Time{}, nil) && yield(time.Time{}, nil) && yield(time.Time{}, nil)
	}
}

func newAPI(t *testing.T, client reports.API) (*guard.HealthRegistry, reports.API) {
	t.Helper()
	registry := quietRegistry(t)
	api, err := reports.NewGuardedAPI(registry, client, guard.WithMethod("EndAll", func(m *guard.MethodSpec) {
		m.Budget = guard.Budget{Limit: 2, Window: time.Minute}
	}))
	if err != nil {
		t.Fatal(err)
	}
	return registry, api
}

func TestEachIterationIsACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &listed{items: []reports.Item{{ID: "a"}, {ID: "b"}, {ID: "c"}}}
		registry, api := newAPI(t, client)
		all := api.All(marked(), "x")
		if client.asked != 0 {
			t.Error("the client was asked before anybody ranged")
		}
		for range 2 {
			var ids []string
			for item, err := range all {
				if err != nil {
					t.Error(err)
				}
				ids = append(ids, item.ID)
			}
			if !slices.Equal(ids, []string{"a", "b", "c"}) {
				t.Errorf("yields %v, want all items", ids)
			}
		}
		for range all {
			break // and the rest is not asked for
		}
		if client.asked != 3 {
			t.Errorf("the client was asked %d times by three ranges", client.asked)
		}
		if err := registry.Isolate("api", "test"); err != nil {
			t.Fatal(err)
		}
		for item, err := range all {
			if !errors.Is(err, guard.ErrUnhealthy) || item != (reports.Item{}) {
				t.Errorf("yields %v and %v, want nothing and a refusal", item, err)
			}
		}
		if client.asked != 3 {
			t.Error("the client was asked though it is isolated")
		}
	})
}

func TestIterationFailsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &listed{items: []reports.Item{{ID: "a"}}, err: errBroken}
		registry, api := newAPI(t, client)
		count := func() uint64 {
			health, _ := registry.Health("api")
			return uint64(health.Failures)
		}
		for range api.All(marked(), "x") {
			if n := count(); n != 0 {
				t.Errorf("%d failures before the iteration has ended", n)
			}
		}
		if n := count(); n != 1 {
			t.Errorf("%d failures after an iteration that ends in an error, want 1", n)
		}
		for range api.All(marked(), "x") {
			break // before the error
		}
		if n := count(); n > 1 {
			t.Errorf("%d failures after a range that saw none, want no more", n)
		}
	})
}

func TestBudgetIsTakenOncePerIteration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &listed{}
		_, api := newAPI(t, client)
		if err := api.Ping(marked()); err != nil {
			t.Fatal(err)
		}
		ended := api.EndAll(marked(), "x")
		for i := range 3 {
			var last error
			yields := 0
			for _, err := range ended {
				yields, last = yields+1, err
			}
			switch {
			case i < 2 && (last != nil || yields != 3):
				t.Errorf("range %d yields %d times, the last error is %v; want 3 and none", i, yields, last)
			case i == 2 && (!errors.Is(last, guard.ErrDestructiveDenied) || yields != 1):
				t.Errorf("range %d yields %d times, the last error is %v; want a denial", i, yields, last)
			}
		}
	})
}

func TestCustomErrorIsMadeOfTheRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		registry, api := newAPI(t, &listed{})
		if err := registry.Isolate("api", "test"); err != nil {
			t.Fatal(err)
		}
		if _, err := api.Custom(marked(), "x"); err == nil || err.Status != 503 || !errors.Is(err, guard.ErrUnhealthy) {
			t.Errorf("refused with %v, want what refused makes of it", err)
		}
		if err := api.EndItem(marked(), "x"); err == nil || err.Status != 409 || !errors.Is(err, guard.ErrDestructiveDenied) {
			t.Errorf("denied with %v, want what refused makes of it", err)
		}
	})
}
