package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// fault is how probes answer in an outage.
type fault int

const (
	none     fault = iota // no outage: they succeed
	refusing              // they fail at once
	hanging               // they hang until their time is over
)

// outage is many dependencies that fail together.
type outage struct {
	registry     *guard.HealthRegistry
	dependencies []*guard.Dependency
	fault        fault

	down    atomic.Bool
	probes  atomic.Int64
	air     atomic.Int64 // probes under way
	mostAir atomic.Int64
}

// watched is what was seen of an outage in a while.
type watched struct {
	share   float64 // of a processor
	probes  float64 // a second
	mostAir int64
}

func newOutage(dependencies int, f fault) (*outage, error) {
	o := &outage{fault: f, registry: guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))}
	for i := range dependencies {
		d, err := o.registry.Dependency(shard(i), guard.Policy{}, guard.WithProbe(o.probe))
		if err != nil {
			o.registry.Close()
			return nil, err
		}
		o.dependencies = append(o.dependencies, d)
	}
	return o, nil
}

// probe is the health check of all of them.
func (o *outage) probe(ctx context.Context) error {
	o.probes.Add(1)
	n := o.air.Add(1)
	defer o.air.Add(-1)
	for most := o.mostAir.Load(); n > most && !o.mostAir.CompareAndSwap(most, n); most = o.mostAir.Load() {
	}
	switch {
	case !o.down.Load():
		return nil
	case o.fault == hanging:
		<-ctx.Done()
		return ctx.Err()
	default:
		return errDown
	}
}

// begin proves all, and then, if there is a fault, lets five calls of each fail, which opens all breakers.
func (o *outage) begin(ctx context.Context) error {
	call := func(err error) error {
		for _, d := range o.dependencies {
			_, got := guard.Call(ctx, d, func(context.Context) (int, error) { return 0, err })
			if got != err {
				return fmt.Errorf("a call of %s returned %w", d.Name(), got)
			}
		}
		return nil
	}
	if err := call(nil); err != nil || o.fault == none {
		return err
	}
	o.down.Store(true)
	for range 5 {
		if err := call(errDown); err != nil {
			return err
		}
	}
	for h := range o.registry.All() {
		if h.State != guard.Unhealthy {
			return fmt.Errorf("%s is %s", h.Name, h.State)
		}
	}
	return nil
}

// watch counts for a while.
func (o *outage) watch(ctx context.Context, d time.Duration) (watched, error) {
	probes, cpu, began := o.probes.Load(), cpuTime(), time.Now()
	o.mostAir.Store(o.air.Load())
	if err := pause(ctx, d); err != nil {
		return watched{}, err
	}
	took := time.Since(began)
	return watched{
		share:  float64(cpuTime()-cpu) / float64(took),
		probes: float64(o.probes.Load()-probes) / took.Seconds(), mostAir: o.mostAir.Load(),
	}, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// outages watches each fault.
func outages(ctx context.Context, s settings) (string, error) {
	var b strings.Builder
	b.WriteString("| probes | watched | CPU, of one processor | probes a second | most under way at a time |\n|---|---|--:|--:|--:|\n")
	for f, name := range []string{none: "succeed: no outage", refusing: "fail at once", hanging: "hang until their second is over"} {
		if err := watchOne(ctx, s, fault(f), name, &b); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

func watchOne(ctx context.Context, s settings, f fault, name string, b *strings.Builder) error {
	o, err := newOutage(s.dependencies, f)
	if err != nil {
		return err
	}
	defer o.registry.Close()
	runtime.GC()
	began := time.Now()
	if err := o.begin(ctx); err != nil {
		return err
	}
	line := func(when string) error {
		w, err := o.watch(ctx, s.outage)
		if err == nil {
			fmt.Fprintf(b, "| %s | %s | %.1f %% | %s | %s |\n", name, when, 100*w.share, number(w.probes), thousands(fmt.Sprint(w.mostAir)))
		}
		return err
	}
	if err := line(fmt.Sprintf("the first %s", s.outage)); err != nil || s.settled == 0 || f == none {
		return err
	}
	if err := pause(ctx, time.Until(began.Add(s.settled))); err != nil {
		return err
	}
	return line(fmt.Sprintf("%s from %s on", s.outage, s.settled))
}
