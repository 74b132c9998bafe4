package e2e

import (
	"errors"
	"time"

	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
)

// Where the session API fails, at its unix socket or in what it says.

var apiRows = []row{
	{fault: "stale socket: refused", hits: ofAPI, fast: true, expect: opened, strike: proxied(faultproxy.Fault{Refuse: true, Stale: true})},
	{fault: "missing socket", hits: ofAPI, expect: opened, strike: proxied(faultproxy.Fault{Refuse: true})},
	{fault: "black hole", hits: ofAPI, expect: opened, strike: proxied(faultproxy.Fault{BlackHole: true})},
	{
		fault: "slow death: silence, then the end", hits: ofAPI, expect: opened,
		strike: proxied(faultproxy.Fault{BlackHole: true, HangUp: 600 * time.Millisecond}),
	},
	{fault: "latency past the deadline", hits: ofAPI, expect: opened, strike: proxied(faultproxy.Fault{Latency: callTimeout})},
	{fault: "closed by the peer in use", hits: ofAPI, expect: opened, strike: proxied(faultproxy.Fault{Reset: true})},
	{fault: "trickle, byte by byte", hits: ofAPI, expect: opened, strike: proxied(faultproxy.Fault{Trickle: 50 * time.Millisecond})},
	{fault: "cut mid-reply", hits: ofAPI, expect: opened, strike: proxied(faultproxy.Fault{CutAfter: 20})},
	{fault: "half-close", hits: ofAPI, expect: opened, strike: proxied(faultproxy.Fault{HalfClose: true})},
	{fault: "one-way, requests are lost", hits: ofAPI, expect: opened, strike: proxied(faultproxy.Fault{LoseRequests: true})},
	{fault: "one-way, answers are lost", hits: ofAPI, expect: opened, strike: proxied(faultproxy.Fault{LoseAnswers: true})},
	{
		fault: "partial, 30 % of requests fail", hits: ofAPI, ajar: true, expect: marked,
		strike: proxied(faultproxy.Fault{Fail: 0.05, Swallow: 0.25}),
	},
	{fault: "partial, 5 % of requests fail", hits: ofAPI, ajar: true, expect: marked, strike: proxied(faultproxy.Fault{Fail: 0.01, Swallow: 0.04})},
	{
		fault: "partial, and users hang up before the deadline", hits: ofAPI, impatient: true, ajar: true, expect: marked,
		strike: proxied(faultproxy.Fault{Swallow: 0.3}),
	},
	{
		fault: "flap, 1.5 s down and 1.5 s up", hits: ofAPI, expect: []guard.Reason{guard.ReasonHold, guard.ReasonRecovering},
		strike: func(s *stage) (func() error, error) {
			mend, err := again(1500*time.Millisecond, func(s *stage, n int) error {
				return s.proxy.Set(faultproxy.Fault{Refuse: n%2 == 0})
			})(s)
			return func() error { return errors.Join(mend(), s.proxy.Set(faultproxy.Fault{})) }, err
		},
	},
	{fault: "EAGAIN: the queue of the listener is full", hits: ofAPI, expect: opened, strike: proxied(faultproxy.Fault{Deaf: true})},
	{fault: "malformed frame", hits: ofAPI, expect: opened, strike: proxied(faultproxy.Fault{Answer: "+PONG\r\n\r\n"})},
	{
		fault: "500 to everything", hits: ofAPI, expect: opened,
		strike: proxied(faultproxy.Fault{Answer: "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"}),
	},
	{
		fault: "503 to everything", hits: ofAPI, fast: true, expect: opened,
		strike: proxied(faultproxy.Fault{Answer: "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"}),
	},
	{
		fault: "200 with cut JSON to everything, probes too", hits: ofAPI, ajar: true, expect: marked,
		strike: proxied(faultproxy.Fault{Answer: "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"id\":\"s"}),
	},
	{
		fault: "the server is frozen", hits: ofAPI, expect: opened,
		strike: func(s *stage) (func() error, error) { return s.frozen.Thaw, s.frozen.Freeze() },
	},
}
