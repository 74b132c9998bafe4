package e2e

import (
	"context"
	"sync"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

// destruction is a destructive call that went on to the real client, or what the gate told the watch.
type destruction struct {
	Operation string
	Session   string       // whom it is about, or
	Topic     string       // what
	At        time.Time    // when it began
	Done      bool         // false: it begins; true: it ended without an error
	Denied    guard.Reason // of the watch; "" where the gate was open
}

// edge is the last layer before the real clients. It hears of every destructive call before it runs, and of every probe.
// Safe for concurrent use.
type edge struct {
	witness func(destruction) // safe for concurrent use

	api, redis flights // of probes
}

// destroy runs a destructive call.
func (e *edge) destroy(d destruction, call func() error) error {
	d.At = time.Now()
	e.witness(d)
	err := call()
	if err == nil {
		d.Done = true
		e.witness(d)
	}
	return err
}

// flights counts probes. Safe for concurrent use.
type flights struct {
	mu    sync.Mutex
	inAir map[context.Context]struct{}
	count flightCount
}

// flightCount is what flights add up to.
type flightCount struct {
	Started int
	Failed  int
	AtOnce  int // the most whose time was not over
}

// fly runs a probe.
func (f *flights) fly(ctx context.Context, probe func(context.Context) error) error {
	f.begin(ctx)
	err := probe(ctx)
	f.end(ctx, err)
	return err
}

func (f *flights) begin(ctx context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.inAir == nil {
		f.inAir = make(map[context.Context]struct{})
	}
	f.inAir[ctx] = struct{}{}
	f.count.Started++
	flying := 0
	for other := range f.inAir {
		if other.Err() == nil { // else the guard has given it up
			flying++
		}
	}
	f.count.AtOnce = max(f.count.AtOnce, flying)
}

func (f *flights) end(ctx context.Context, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.inAir, ctx)
	if err != nil {
		f.count.Failed++
	}
}

// counts returns what there was so far.
func (f *flights) counts() flightCount {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count
}

// apiEdge is an edge before a session API.
type apiEdge struct {
	api.SessionAPI
	edge *edge
}

func (a apiEdge) Ping(ctx context.Context) error { return a.edge.api.fly(ctx, a.SessionAPI.Ping) }

func (a apiEdge) CloseSession(ctx context.Context, id string) error {
	return a.edge.destroy(destruction{Operation: "CloseSession", Session: id}, func() error { return a.SessionAPI.CloseSession(ctx, id) })
}

func (a apiEdge) TerminateSession(ctx context.Context, id, reason string) error {
	return a.edge.destroy(destruction{Operation: "TerminateSession", Session: id},
		func() error { return a.SessionAPI.TerminateSession(ctx, id, reason) })
}

func (a apiEdge) EndSession(ctx context.Context, id string) error {
	return a.edge.destroy(destruction{Operation: "EndSession", Session: id}, func() error { return a.SessionAPI.EndSession(ctx, id) })
}

// transportEdge is an edge before a transport.
type transportEdge struct {
	transport.Transport
	edge *edge
}

func (r transportEdge) Ping(ctx context.Context) error {
	return r.edge.redis.fly(ctx, r.Transport.Ping)
}

func (r transportEdge) DeleteTopic(ctx context.Context, topic string) error {
	return r.edge.destroy(destruction{Operation: "DeleteTopic", Topic: topic}, func() error { return r.Transport.DeleteTopic(ctx, topic) })
}

func (r transportEdge) DeleteChannel(ctx context.Context, session string) error {
	return r.edge.destroy(destruction{Operation: "DeleteChannel", Session: session},
		func() error { return r.Transport.DeleteChannel(ctx, session) })
}
