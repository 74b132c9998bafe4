package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/guardgen/guardgen/runtime/bench/peers"
	"github.com/guardgen/guardgen/runtime/bench/store"
)

func TestAllThatIsComparedDoesTheSame(t *testing.T) {
	registry := newRegistry()
	defer registry.Close()
	for _, p := range slices.Concat(ours(registry), peers.All, peers.Timed, peers.Idle) {
		t.Run(p.Name, func(t *testing.T) {
			if err := verify(t.Context(), p); err != nil {
				t.Error(err)
			}
		})
	}
}

// getterFunc is a Getter in a word.
type getterFunc func(context.Context, string) (int, error)

func (f getterFunc) Get(ctx context.Context, id string) (int, error) { return f(ctx, id) }

func TestVerificationNoticesWhoDoesLess(t *testing.T) {
	open := errors.New("open")
	rows := map[string]struct {
		wrap func(next store.Store) getterFunc
		want string
	}{
		"never rejects": {
			func(next store.Store) getterFunc { return next.Get },
			"not open after",
		},
		"rejects, and asks the client all the same": {
			func(next store.Store) getterFunc {
				return func(ctx context.Context, id string) (int, error) {
					_, err := next.Get(ctx, id)
					if err != nil {
						return 0, errors.Join(open, err)
					}
					return next.Get(ctx, id)
				}
			},
			"a healthy call",
		},
		"rejects every other call": {
			func(next store.Store) getterFunc {
				failures := 0
				return func(ctx context.Context, id string) (int, error) {
					if failures > 4 && failures%2 == 0 {
						failures++
						return 0, open
					}
					n, err := next.Get(ctx, id)
					if err != nil {
						failures++
					}
					return n, err
				}
			},
			"does not reject",
		},
		"swallows the error": {
			func(next store.Store) getterFunc {
				return func(ctx context.Context, id string) (int, error) {
					n, _ := next.Get(ctx, id)
					return n, nil
				}
			},
			"a failing call",
		},
		"returns an answer of its own": {
			func(next store.Store) getterFunc {
				return func(ctx context.Context, id string) (int, error) { return next.Get(ctx, item) }
			},
			"a healthy call about \"\"",
		},
		"forgets the context": {
			func(next store.Store) getterFunc {
				return func(_ context.Context, id string) (int, error) { return next.Get(context.Background(), id) }
			},
			"context",
		},
		"opens at the first failure": {
			func(next store.Store) getterFunc {
				failed := false
				return func(ctx context.Context, id string) (int, error) {
					if failed {
						return 0, open
					}
					n, err := next.Get(ctx, id)
					failed = err != nil
					return n, err
				}
			},
			"the call after a failure",
		},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			err := verify(t.Context(), peers.Peer{Name: name, Wrap: func(next store.Store) (store.Getter, error) { return row.wrap(next), nil }})
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("the verification says %v, not %q", err, row.want)
			}
		})
	}
}

// TestATurnIsNotCountedWhenItsCallsAreOthers lets a client fail in the middle of a turn.
func TestATurnIsNotCountedWhenItsCallsAreOthers(t *testing.T) {
	w := &witness{}
	var once sync.Once
	tripped := getterFunc(func(ctx context.Context, id string) (int, error) {
		if w.reached.Load() > 3 {
			once.Do(func() { w.down.Store(true) })
		}
		return w.Get(ctx, id)
	})
	turns := 0
	r := &row{name: "row", getter: tripped, calls: 10, check: func(ctx context.Context, g store.Getter) error {
		_, err := g.Get(ctx, item)
		return err
	}, ready: func(context.Context) error {
		turns++
		w.down.Store(false)
		return nil
	}}
	if _, err := r.turn(t.Context(), 1); err != nil || turns != 2 {
		t.Errorf("%d turns, and %v", turns, err)
	}
	w.down.Store(true)
	r.ready = nil
	if _, err := r.turn(t.Context(), 1); !errors.Is(err, errDown) {
		t.Errorf("a row that only fails: %v", err)
	}
}
