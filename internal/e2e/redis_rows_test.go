package e2e

import (
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
)

// Where the way to Redis fails. The attributes of toxics are in milliseconds, those of the slicer in microseconds.

var (
	noRequests = toxic{"timeout", "upstream", `"timeout":0`}
	noAnswers  = toxic{"timeout", "downstream", `"timeout":0`}
)

// opened are the reasons of a fault that opens the breaker.
var opened = []guard.Reason{guard.ReasonUnhealthy}

// marked are the reasons of a fault that strikes now and then: what failed is marked, and nothing else.
var marked = []guard.Reason{guard.ReasonScope, guard.ReasonKey, guard.ReasonQuiet}

// brief is the life of a connection where a fault is drawn for each.
const brief = 500 * time.Millisecond

var redisRows = []row{
	{
		fault: "refused", hits: ofRedis, fast: true, expect: opened,
		strike: func(s *stage) (func() error, error) {
			s.toxic.Stop()
			return s.cure, nil
		},
	},
	{fault: "black hole", hits: ofRedis, fast: true, expect: opened, strike: poisoned(1, noRequests, noAnswers)},
	{fault: "slow death: silence, then the end", hits: ofRedis, expect: opened, strike: poisoned(1, toxic{"timeout", "downstream", `"timeout":600`})},
	{fault: "latency past the deadline", hits: ofRedis, expect: opened, strike: poisoned(1, toxic{"latency", "downstream", `"latency":1500`})},
	{
		fault: "latency about the deadline", hits: ofRedis, ajar: true, expect: marked,
		strike: poisoned(1, toxic{"latency", "downstream", `"latency":600,"jitter":600`}),
	},
	{fault: "reset, connections in use", hits: ofRedis, expect: opened, strike: poisoned(1, toxic{"reset_peer", "downstream", `"timeout":0`})},
	{
		fault: "reset, once and idle", hits: ofRedis, ajar: true, strike: done(disconnect),
		harmless: "the client sees that an idle connection is closed, and dials",
	},
	{
		fault: "trickle, bandwidth of 1 kB/s", hits: ofRedis, expect: opened,
		strike: poisoned(1, toxic{"bandwidth", "upstream", `"rate":1`}),
	},
	{
		fault: "trickle, byte by byte", hits: ofRedis, expect: opened,
		strike: poisoned(1, toxic{"slicer", "downstream", `"average_size":1,"size_variation":0,"delay":80000`}),
	},
	{fault: "cut mid-reply", hits: ofRedis, expect: opened, strike: poisoned(1, toxic{"limit_data", "downstream", `"bytes":20`})},
	{
		fault: "half-close: the server is gone, and nobody says so", hits: ofRedis, ajar: true, expect: marked,
		strike: both(poisoned(1, toxic{"slow_close", "downstream", `"delay":5000`}),
			again(300*time.Millisecond, func(s *stage, _ int) error { return disconnect(s) })),
	},
	{fault: "one-way, requests are lost", hits: ofRedis, expect: opened, strike: poisoned(1, noRequests)},
	{fault: "one-way, answers are lost", hits: ofRedis, expect: opened, strike: poisoned(1, noAnswers)},
	{
		fault: "partial, 30 % of connections hang", hits: ofRedis, lifetime: brief, ajar: true, expect: marked,
		strike: poisoned(0.3, noAnswers),
	},
	{
		fault: "partial, 5 % of connections hang", hits: ofRedis, fast: true, lifetime: brief, ajar: true, expect: marked,
		strike: poisoned(0.05, noAnswers),
	},
	{
		fault: "partial, and users hang up before the deadline", hits: ofRedis, lifetime: brief, impatient: true, ajar: true, expect: marked,
		strike: poisoned(0.05, noAnswers),
	},
	{
		fault: "flap, 1.5 s down and 1.5 s up", hits: ofRedis, fast: true, expect: []guard.Reason{guard.ReasonHold, guard.ReasonRecovering},
		strike: func(s *stage) (func() error, error) {
			mend, err := again(1500*time.Millisecond, func(s *stage, n int) error {
				if n%2 == 0 {
					s.toxic.Stop()
					return nil
				}
				return s.cure()
			})(s)
			return func() error { return errors.Join(mend(), s.cure()) }, err
		},
	},
	{
		fault: "SYN black hole: the queue of the listener is full", hits: ofRedis, expect: opened,
		strike: replaced(func(address string) (func() error, error) {
			deaf, err := faultproxy.Deaf("tcp", address)
			if err != nil {
				return nil, err
			}
			return deaf.Close, nil
		}),
	},
	{
		fault: "not Redis: an HTTP server answers", hits: ofRedis, expect: opened,
		strike: replaced(func(address string) (func() error, error) {
			listener, err := net.Listen("tcp", address)
			if err != nil {
				return nil, err
			}
			server, ended := new(http.Server), make(chan struct{})
			go func() {
				defer close(ended)
				server.Serve(listener)
			}()
			return func() error {
				defer func() { <-ended }()
				return server.Close()
			}, nil
		}),
	},
	{
		fault: "our own pool is too small", hits: ofRedis, pool: 2, ajar: true, expect: marked,
		strike: poisoned(1, toxic{"latency", "downstream", `"latency":250`}),
	},
}
