package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"time"
)

// cost is what one run of a command took.
type cost struct {
	wall time.Duration
	cpu  time.Duration // of the process and those that it waited for
	peak int64         // bytes of memory of the largest of these processes
}

// plus is what one run after the other took.
func (c cost) plus(other cost) cost {
	return cost{wall: c.wall + other.wall, cpu: c.cpu + other.cpu, peak: max(c.peak, other.peak)}
}

// costOf runs a command, which must succeed.
func costOf(run *exec.Cmd) (cost, error) {
	var stderr bytes.Buffer
	run.Stdout, run.Stderr = io.Discard, &stderr
	begun := time.Now()
	err := run.Run()
	wall := time.Since(begun)
	if err != nil {
		return cost{}, fmt.Errorf("%v: %w\n%s", run.Args, err, &stderr)
	}
	state := run.ProcessState
	return cost{wall: wall, cpu: state.UserTime() + state.SystemTime(), peak: peak(state)}, nil
}

// median returns the median of each number on its own, and the highest peak.
func median(costs []cost) cost {
	m := cost{wall: middle(costs, func(c cost) time.Duration { return c.wall }), cpu: middle(costs, func(c cost) time.Duration { return c.cpu })}
	for _, c := range costs {
		m.peak = max(m.peak, c.peak)
	}
	return m
}

func middle(costs []cost, of func(cost) time.Duration) time.Duration {
	sorted := slices.SortedFunc(slices.Values(costs), func(a, b cost) int { return cmp.Compare(of(a), of(b)) })
	return of(sorted[len(sorted)/2])
}
