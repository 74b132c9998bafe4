//go:build integration

package acceptance

import (
	"github.com/guardgen/guardgen/examples/sessiond/rig"
	"github.com/guardgen/guardgen/internal/faultproxy"
)

// fault is something that goes wrong with a dependency.
type fault struct {
	name       string
	hits       []dependency
	begin, end func(*stage, dependency) error
	noise      bool // most calls succeed all the same
}

// faults are the ways in which a dependency, or what is between it and us, may fail.
var faults = []fault{
	proxied("black hole", faultproxy.Fault{BlackHole: true}),
	proxied("refused", faultproxy.Fault{Refuse: true, Stale: true}),
	proxied("reset", faultproxy.Fault{Reset: true}),
	proxied("slow beyond the deadline", faultproxy.Fault{Latency: 2 * rig.Hasty}),
	// Mostly timeouts: an HTTP client asks again by itself, unheard, when an old connection is closed.
	noisy(proxied("5 % noise", faultproxy.Fault{Fail: 0.01, Swallow: 0.04})),
	frozen,
	{
		name: "refuses to serve", hits: []dependency{ofRedis},
		begin: func(s *stage, _ dependency) error { return s.redis.refuse() },
		end:   func(s *stage, _ dependency) error { return s.redis.serve() },
	},
	{
		// The probe succeeds throughout.
		name: "writes paused", hits: []dependency{ofRedis},
		begin: func(s *stage, _ dependency) error { return s.redis.pauseWrites() },
		end:   func(s *stage, _ dependency) error { return s.redis.resumeWrites() },
	},
}

// frozen is a server that hangs: its process is stopped, or does as if it were.
var frozen = fault{
	name: "frozen", hits: dependencies,
	begin: func(s *stage, d dependency) error {
		if d == ofAPI {
			return s.api.Freeze()
		}
		return s.redis.Freeze()
	},
	end: func(s *stage, d dependency) error {
		if d == ofAPI {
			return s.api.Thaw()
		}
		return s.redis.Thaw()
	},
}

// proxied is a fault between the dependency and us.
func proxied(name string, f faultproxy.Fault) fault {
	return fault{
		name: name, hits: dependencies,
		begin: func(s *stage, d dependency) error { return s.proxy(d).Set(f) },
		end:   func(s *stage, d dependency) error { return s.proxy(d).Set(faultproxy.Fault{}) },
	}
}

// noisy marks a fault that leaves most calls alone.
func noisy(f fault) fault {
	f.noise = true
	return f
}
