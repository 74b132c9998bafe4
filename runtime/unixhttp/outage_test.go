package unixhttp_test

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// outage is a guarded client, with a proxy between it and its server, on either side of which connections are counted.
type outage struct {
	*http.Client

	registry  *guard.HealthRegistry
	transport *unixhttp.Transport
	proxy     *faultproxy.Proxy
	server    counted
}

const step = 200 * time.Millisecond // the longest delay of the breaker

func newOutage(t *testing.T, network string, patience time.Duration) *outage {
	t.Helper()
	o := &outage{registry: guardtest.NewRegistry(t)}
	address, front, scheme := "127.0.0.1:0", "127.0.0.1:0", "http://"
	if network == "unix" {
		address, front, scheme = socket(t), socket(t), "unix://"
	}
	listener := listen(t, network, address)
	serveAt(t, counting{listener, &o.server}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, strings.Repeat("x", 1000))
	}))
	var err error
	if o.proxy, err = faultproxy.Start(network, front, listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.proxy.Close() })
	o.transport = newTransport(t, scheme+o.proxy.Addr(), unixhttp.Options{
		DialTimeout: 4 * patience, HeaderTimeout: patience, BodySilence: patience,
	})
	err = unixhttp.Guard(o.registry, o.transport, unixhttp.Rules{}, guard.WithPolicy(func(p *guard.Policy) {
		p.Threshold.Failures = 3
		p.Backoff = guard.Backoff{Min: step / 2, Max: step}
		p.ProbeTimeout = max(500*time.Millisecond, patience)
		p.ProbeInterval = time.Hour
	}))
	if err != nil {
		t.Fatal(err)
	}
	o.Client = &http.Client{Transport: o.transport}
	return o
}

// call is a request whose answer is read.
func (o *outage) call(method string) error {
	request, err := http.NewRequest(method, "http://api/x", strings.NewReader("hello"))
	if err != nil {
		return err
	}
	response, err := o.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if err := unixhttp.Check(response); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// strike sets the fault, and calls until the breaker is open.
func (o *outage) strike(t *testing.T, fault faultproxy.Fault) {
	t.Helper()
	if err := o.proxy.Set(fault); err != nil {
		t.Fatal(err)
	}
	for i := 0; o.registry.State("api") != guard.Unhealthy; i++ {
		if err := o.call([]string{http.MethodGet, http.MethodPost}[i%2]); err == nil || i > 50 {
			t.Fatalf("call %d: %v", i, err)
		}
	}
	if err := o.call(http.MethodGet); !errors.Is(err, guard.ErrUnhealthy) {
		t.Fatalf("the breaker is open, and a call ends with %v", err)
	}
}

// recover waits until a call succeeds, and returns how long that took.
func (o *outage) recover(t *testing.T) time.Duration {
	t.Helper()
	if err := o.proxy.Set(faultproxy.Fault{}); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for tick := time.NewTicker(time.Millisecond); ; <-tick.C {
		if err := o.call(http.MethodPost); err == nil {
			tick.Stop()
			return time.Since(began)
		}
		if time.Since(began) > 30*time.Second {
			t.Fatal("it does not recover")
		}
	}
}

var outages = []struct {
	name  string
	fault faultproxy.Fault
}{
	{"refused", faultproxy.Fault{Refuse: true}},
	{"a stale socket", faultproxy.Fault{Refuse: true, Stale: true}},
	{"deaf", faultproxy.Fault{Deaf: true}},
	{"reset", faultproxy.Fault{Reset: true}},
	{"black hole", faultproxy.Fault{BlackHole: true}},
	{"slow death", faultproxy.Fault{BlackHole: true, HangUp: 20 * time.Millisecond}},
	{"answers are lost", faultproxy.Fault{LoseAnswers: true}},
	{"requests are lost", faultproxy.Fault{LoseRequests: true}},
	{"half-closed", faultproxy.Fault{HalfClose: true}},
	{"latency", faultproxy.Fault{Latency: 200 * time.Millisecond}},
	{"trickle", faultproxy.Fault{Trickle: 60 * time.Millisecond}},
	{"cut in the header", faultproxy.Fault{CutAfter: 20}},
	{"cut in the body", faultproxy.Fault{CutAfter: 400}},
	{"not HTTP", faultproxy.Fault{Answer: "+PONG\r\n\r\n"}},
	{"500", faultproxy.Fault{Answer: "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"}},
	{"429", faultproxy.Fault{Answer: "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"}},
}

// TestClientRecoversWithinOneStepAndASecond has each fault of the catalogue open the breaker, and the server come back.
func TestClientRecoversWithinOneStepAndASecond(t *testing.T) {
	for _, network := range []string{"unix", "tcp"} {
		o := newOutage(t, network, 50*time.Millisecond)
		for _, row := range outages {
			t.Run(network+"/"+row.name, func(t *testing.T) {
				o.strike(t, row.fault)
				if took := o.recover(t); took > step+time.Second {
					t.Errorf("it took %s", took)
				}
			})
		}
	}
}

// TestOutagesLeakNothing has many outages, and looks at what is left: no connection but the kept ones, no goroutine, and a
// breaker that closes.
func TestOutagesLeakNothing(t *testing.T) {
	cycles := 200
	if testing.Short() {
		cycles = 20
	}
	quick := []faultproxy.Fault{
		{Refuse: true}, {Reset: true}, {BlackHole: true, HangUp: time.Millisecond}, {CutAfter: 20}, {CutAfter: 400},
		{Answer: "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"},
	}
	o := newOutage(t, "unix", 5*time.Second) // which no fault of the list lasts for, and no busy machine
	if err := o.call(http.MethodGet); err != nil {
		t.Fatal(err)
	}
	goroutines := func() int64 { return int64(runtime.NumGoroutine()) }
	o.transport.CloseIdleConnections()
	wantSoon(t, "connections", 0, o.server.open.Load)
	before := goroutines()
	for i := range cycles {
		if err := o.proxy.Set(quick[i%len(quick)]); err != nil {
			t.Fatal(err)
		}
		var callers sync.WaitGroup
		for range 4 {
			callers.Go(func() {
				for range 3 {
					o.call(http.MethodGet)
				}
			})
		}
		callers.Wait()
		if got := o.registry.State("api"); got != guard.Unhealthy {
			t.Fatalf("cycle %d: %s in an outage", i, got)
		}
		if err := o.proxy.Set(faultproxy.Fault{}); err != nil {
			t.Fatal(err)
		}
		err := o.registry.Probe(t.Context(), "api")
		if err != nil { // it may have joined one that began in the outage
			err = o.registry.Probe(t.Context(), "api")
		}
		if err != nil {
			t.Fatalf("cycle %d: %v", i, err)
		}
		err = o.call(http.MethodPost)
		for errors.Is(err, unixhttp.ErrStale) { // of a connection that the outage has just ended: one each
			err = o.call(http.MethodPost)
		}
		if err != nil {
			t.Fatalf("cycle %d: %v", i, err)
		}
	}
	o.transport.CloseIdleConnections()
	wantSoon(t, "connections", 0, o.server.open.Load)
	deadline := time.After(5 * time.Second)
	for tick := time.NewTicker(time.Millisecond); goroutines() > before; {
		select {
		case <-tick.C:
		case <-deadline:
			tick.Stop()
			t.Fatalf("%d goroutines, and %d before", goroutines(), before)
		}
	}
}
