package guard

import "time"

// simClient is the client of one session, as it really is. While it is alive it sends heartbeats; one that fails makes it
// back off, exponentially and with jitter up to its cap, and then try again.
type simClient struct {
	sim                    *sim
	id                     int
	home                   int // the number of its process
	sessionKeys, topicKeys []string

	died    time.Duration // 0: it lives
	leaving bool          // its user has asked to end the session
	backoff time.Duration // 0: connected
	plan    int           // what it had planned before this one does not happen

	ended time.Duration // of the session
	asked bool          // the reaper has asked about it, dead and in health
}

func newSimClient(s *sim, id int) *simClient {
	c := &simClient{sim: s, id: id, home: id % len(s.processes)}
	c.sessionKeys = Keys("session", id)
	c.topicKeys = Keys("topic", id)
	if !s.topical {
		c.topicKeys = Keys("session", id, "topic", id)
	}
	s.api.sessions[id], s.redis.topics[id] = true, true
	c.meet(s.between(0, s.heartbeat))
	switch fate := s.rnd.Float64(); {
	case fate < s.mortal:
		s.at(s.between(s.deaths[0], s.deaths[1]), c.die)
	case fate > 0.95:
		s.at(s.between(s.warm/2, s.length), c.leave)
	}
	return c
}

// meet makes the next heartbeat d from now. It stands for a client that was seen before the story began.
func (c *simClient) meet(d time.Duration) {
	s := c.sim
	s.redis.records[c.id] = s.wall().Add(d - s.heartbeat)
	s.processes[c.home].seen[c.id] = s.redis.records[c.id]
	c.schedule(d)
}

// schedule plans the next heartbeat, and nothing else.
func (c *simClient) schedule(d time.Duration) {
	c.plan++
	plan := c.plan
	c.sim.after(d, func() {
		if plan == c.plan && c.present() {
			c.try()
		}
	})
}

// present reports whether the client is there and has a session.
func (c *simClient) present() bool { return c.died == 0 && !c.leaving && c.ended == 0 }

// try sends a heartbeat.
func (c *simClient) try() {
	s := c.sim
	p := s.processes[c.home]
	if !s.reachable(p) {
		c.retreat()
		return
	}
	plan := c.plan
	p.resume(func(bool) {
		p.heartbeat(c, func(ok bool) {
			switch {
			case plan != c.plan: // it has given up already
			case ok:
				c.backoff = 0
				c.schedule(s.between(s.heartbeat*9/10, s.heartbeat))
			default:
				c.retreat()
			}
		})
	})
	s.after(2*s.callTimeout+time.Second, func() { // no answer at all: the process stands still, or is gone
		if plan == c.plan && c.present() {
			c.retreat()
		}
	})
}

// retreat backs off: half of the delay is fixed and half random, and never more than the cap.
func (c *simClient) retreat() {
	c.backoff = min(c.sim.cap, max(time.Second, 2*c.backoff))
	c.schedule(c.sim.between(c.backoff/2, c.backoff))
}

// cut throws the client back to somewhere in its longest back-off, as a long time without a connection does.
func (c *simClient) cut() {
	c.backoff = c.sim.cap
	c.schedule(c.sim.between(0, c.sim.cap))
}

// reachable reports whether a client reaches the process: it runs, or the system keeps requests for it, the way is free,
// and no front sends clients away.
func (s *sim) reachable(p *process) bool {
	if p.gone || p.stalled && !s.queues {
		return false
	}
	for _, i := range s.inbound {
		if i.holds(s.now) {
			return false
		}
	}
	return !s.shedding || p.registry == nil || (p.end.method.dependency.word.Load()|p.beat.method.dependency.word.Load())&refusing == 0
}

// die ends the client, silently: its session is to be reaped.
func (c *simClient) die() {
	if c.present() {
		c.died = c.sim.now
		c.sim.note("died", c.id, "")
	}
}

// leave is the wish of the client's user to end the session; it is repeated until it is fulfilled.
func (c *simClient) leave() {
	if c.died != 0 || c.ended != 0 {
		return
	}
	c.leaving = true
	s := c.sim
	if p := s.processes[c.home]; s.reachable(p) {
		p.goodbye(c, func(bool) {})
	}
	s.after(s.between(2*time.Second, 4*time.Second), c.leave)
}
