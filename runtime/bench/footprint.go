package main

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/bench/peers"
	"github.com/guardgen/guardgen/runtime/bench/store"
)

// idle is how long a dependency of this part may do without a success, so that no probe is in the air when it is measured.
const idle = time.Hour

// footprints measures what an idle dependency costs, and what a breaker of the peers does after one call.
func footprints(ctx context.Context, s settings) (string, error) {
	var b strings.Builder
	b.WriteString("| | of | bytes each | goroutines each |\n|---|--:|--:|--:|\n")
	line := func(name string, n int, build func(i int) (any, error)) error {
		bytes, goroutines, err := footprint(n, build)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", name, thousands(fmt.Sprint(n)), number(bytes), count(goroutines))
		return nil
	}
	client := &prompt{n: answer}
	ours := map[string]func(r *guard.HealthRegistry, i int) (any, error){
		"a dependency with a probe": func(r *guard.HealthRegistry, i int) (any, error) {
			return r.Dependency(shard(i), guard.Policy{ProbeInterval: idle}, guard.WithProbe(client.Ping))
		},
		"a dependency with a generated wrapper of two methods": func(r *guard.HealthRegistry, i int) (any, error) {
			return store.NewGuardedPlain(r, client, guard.Named(shard(i)), guard.WithPolicy(func(p *guard.Policy) { p.ProbeInterval = idle }))
		},
	}
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		registry := newRegistry()
		err := line(name, s.dependencies, func(i int) (any, error) { return ours[name](registry, i) })
		registry.Close()
		if err != nil {
			return "", err
		}
	}
	for _, p := range peers.Idle {
		if err := line(p.Name, s.dependencies/10, func(int) (any, error) {
			g, err := p.Wrap(client)
			if err == nil {
				_, err = g.Get(ctx, item) // some make what they need at the first call
			}
			return g, err
		}); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

func shard(i int) string { return fmt.Sprintf("shard-%04d", i) }

// footprint builds n things and returns what each has left on the heap, and how many goroutines.
func footprint(n int, build func(i int) (any, error)) (bytes, goroutines float64, err error) {
	things := make([]any, n)
	heapBefore, goroutinesBefore := heap(), runtime.NumGoroutine()
	for i := range things {
		if things[i], err = build(i); err != nil {
			return 0, 0, err
		}
	}
	heapAfter, goroutinesAfter := heap(), runtime.NumGoroutine()
	runtime.KeepAlive(things)
	return float64(heapAfter-heapBefore) / float64(n), float64(goroutinesAfter-goroutinesBefore) / float64(n), nil
}

// heap is what is in use after everything unused has been collected.
func heap() int64 {
	var m runtime.MemStats
	for range 3 { // what a pool keeps survives the first, what a finalizer looks at the second
		settle()
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
