package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// progress prints what goes on. Safe for concurrent use.
type progress struct {
	out     io.Writer
	start   time.Time
	raw     *world
	guarded *world

	mu   sync.Mutex
	name string // of the phase
}

// phase prints that a phase begins.
func (p *progress) phase(name string) {
	p.mu.Lock()
	p.name = name
	p.mu.Unlock()
	p.line()
}

// run prints a line each interval until ctx is done.
func (p *progress) run(ctx context.Context, interval time.Duration) {
	for wait(ctx, interval) == nil {
		p.line()
	}
}

// line prints how both worlds stand.
func (p *progress) line() {
	raw, guarded := p.raw.ledger.add(), p.guarded.ledger.add()
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.out, "%5.1fs  %-32s  %s | %s  %s\n",
		time.Since(p.start).Seconds(), p.name, raw.brief("raw"), guarded.brief("guarded"), p.standing())
}

// brief is the count in a few words.
func (c count) brief(name string) string {
	return fmt.Sprintf("%s: killed %3d, topics %2d, reaped %2d/%-2d", name, c.killed, c.deleted, c.reaped, c.dead)
}

// standing says how the guard sees the dependencies.
func (p *progress) standing() string {
	var parts []string
	for health := range p.guarded.registry.All() {
		parts = append(parts, health.Name+" "+health.State.String())
	}
	gate := "gate open"
	if !gateOpen(p.guarded.registry) {
		decision := p.guarded.registry.Explain(guard.NewScope(context.Background()), "EndSession")
		gate = "gate shut: " + string(decision.Reason)
	}
	return strings.Join(append(parts, gate), ", ")
}
