package main

import "context"

// part is one section of the page.
type part struct {
	title   string
	about   string
	measure func(context.Context, settings) (string, error) // returns a table in markdown
}

// parts are in the order of the page. What leaves goroutines and memory behind stands last.
var parts = []part{
	{"Healthy", "The client answers at once. In a request, the context is one of as many layers as net/http hands to a handler; elsewhere it has one.", inTurns(healthy)},
	{"Rejected", "The breaker is open and the client is not called; raw is the call that is spared. The rows with a scope or a key " +
		"remember whom the refusal concerns; the healthy one is there for comparison.", inTurns(rejected)},
	{"Failing", "Every other call fails, and the breaker stays closed.", inTurns(failing)},
	{"In parallel", "Healthy, on all processors at once. Wall time is that of the whole divided by all calls: a row that scales is " +
		"below its line in the first table, and one whose callers wait for each other above.", inTurns(parallel)},
	{"Around a real call", "16 bytes to a server and back over TCP on the loopback interface, both ends in this process.", inTurns(loopback)},
	{"With a deadline", "`timeout=2s`, which the peers are asked for as well. The client does not look at its context.", inTurns(deadlines)},
	{"With a deadline that is looked at", "The same with a client that asks `ctx.Done()`, as every client of a network does.", inTurns(lookedAt)},
	{"The gate", "A destructive call that is allowed, all critical dependencies being proven by traffic. Raw is the destructive call " +
		"itself. No peer has anything like it.", inTurns(gate)},
	{"Ten thousand dependencies in an outage", "All fail at once, with the policy's defaults and no traffic, so that all that happens are probes. The CPU is that of the " +
		"whole process, with the lines of its log formatted and dropped.", outages},
	{"An idle dependency", "What is on the heap after collections, for each of many dependencies that nobody calls, or breakers of the peers.", footprints},
}

// inTurns measures the table that build makes.
func inTurns(build func(context.Context) (*table, error)) func(context.Context, settings) (string, error) {
	return func(ctx context.Context, s settings) (string, error) {
		t, err := build(ctx)
		if err != nil {
			return "", err
		}
		defer t.close()
		if err := t.measure(ctx, s); err != nil {
			return "", err
		}
		return t.markdown(), nil
	}
}
