package guard

import (
	"context"
	"errors"
	"strconv"
	"time"
)

// process is the service: it takes heartbeats of clients, has handlers that destroy at the first error, and a reaper.
type process struct {
	sim         *sim
	number      int // among the processes that share the servers
	incarnation int // how often it was restarted

	protection protection
	registry   *HealthRegistry // nil unless guarded

	list, touch, end                     *simMethod // of the API
	beat, lastSeen, publish, deleteTopic *simMethod // of Redis

	gone    bool // the process has ended: what it was about to do does not happen
	stalled bool // it stands still: what it was about to do waits
	backlog []func(late bool)
	seen    []time.Time // when it last saw each client, from memory
	missing []time.Time // since when it has known of no record
	ending  []bool      // sessions that it is about to end
}

func newProcess(s *sim, number int) *process {
	p := &process{
		sim: s, number: number,
		list: &simMethod{server: s.api, name: "List"}, touch: &simMethod{server: s.api, name: "Touch", writes: true},
		end:  &simMethod{server: s.api, name: "EndSession", writes: true},
		beat: &simMethod{server: s.redis, name: "Beat", writes: true}, lastSeen: &simMethod{server: s.redis, name: "LastSeen"},
		publish:     &simMethod{server: s.redis, name: "Publish", writes: true},
		deleteTopic: &simMethod{server: s.redis, name: "DeleteTopic", writes: true},
		seen:        make([]time.Time, s.sessions), missing: make([]time.Time, s.sessions), ending: make([]bool, s.sessions),
	}
	return p
}

// start begins the work of the process.
func (p *process) start() {
	p.protect()
	p.later(p.sim.between(0, p.sim.turn), p.reap)
	if p.sim.background > 0 {
		p.later(0, p.work)
	}
}

// stop ends the process.
func (p *process) stop() {
	p.gone = true
	if p.registry != nil {
		p.registry.Close()
	}
}

// restart starts the process anew some time after it was stopped. It knows nothing of before.
func (p *process) restart(downtime time.Duration) {
	p.stop()
	next := newProcess(p.sim, p.number)
	next.incarnation = p.incarnation + 1
	p.sim.after(downtime, func() {
		p.sim.processes[p.number] = next
		p.sim.note("restarted", -1, "")
		next.start()
	})
}

// resume lets the process do something, as soon as it runs. What waited is late.
func (p *process) resume(do func(late bool)) {
	switch {
	case p.gone:
	case p.stalled:
		p.backlog = append(p.backlog, do)
	default:
		do(false)
	}
}

// later lets the process do something d from now.
func (p *process) later(d time.Duration, do func()) {
	p.sim.after(d, func() { p.resume(func(bool) { do() }) })
}

// call makes a regular call about a session, -1 for none, through the protection. do is what the server does, then what
// the caller does with the outcome.
func (p *process) call(ctx context.Context, m *simMethod, about int, keys []string, do func(), then func(error)) {
	p.perform(ctx, p.protection.begin(ctx, m), m, about, keys, do, then)
}

// destroy makes a destructive call. asked hears at once what the gate says.
func (p *process) destroy(ctx context.Context, m *simMethod, about int, keys []string, asked func(allowed bool), do func(), then func(error)) {
	p.sim.ask(func() func() {
		answer := p.protection.ask(ctx, m, keys)
		return func() {
			p.resume(func(bool) {
				p.sim.note("asked", about, p.sim.word(answer))
				asked(answer.Admitted())
				p.perform(ctx, answer, m, about, keys, do, then)
			})
		}
	})
}

// perform makes the call that was admitted, or settles the one that was not.
func (p *process) perform(ctx context.Context, pass pass, m *simMethod, about int, keys []string, do func(), then func(error)) {
	if !pass.Admitted() {
		then(pass.end(ctx, nil, keys))
		return
	}
	s := p.sim
	answer := m.server.serve(m.server.rnd, s.now, s.callTimeout, request{process: p.number, key: about, writes: m.writes})
	s.after(answer.after, func() {
		if answer.arrives && do != nil {
			do()
		}
		p.resume(func(late bool) {
			err := answer.err
			if late {
				err = context.DeadlineExceeded
			}
			then(pass.end(ctx, err, keys))
		})
	})
}

// heartbeat takes the request of a client: it is noted in Redis, and for some at the API. Whatever fails, some handlers
// destroy at once.
func (p *process) heartbeat(c *simClient, reply func(ok bool)) {
	ctx := scoped()
	written := func(err error) {
		if err != nil {
			p.despair(ctx, c, err)
			reply(false)
			return
		}
		p.seen[c.id] = p.sim.wall()
		reply(true)
	}
	record := func() { p.sim.redis.records[c.id] = p.sim.wall() }
	if p.sim.rnd.IntN(4) > 0 {
		p.call(ctx, p.beat, c.id, c.sessionKeys, record, written)
		return
	}
	p.call(ctx, p.touch, c.id, c.sessionKeys, nil, func(err error) {
		if err != nil {
			p.despair(ctx, c, err)
			reply(false)
			return
		}
		p.call(ctx, p.beat, c.id, c.sessionKeys, record, written)
	})
}

// despair is what a rash handler does with an error: it takes the session for broken and ends it, or deletes its topic.
// Half of them have lost the context of the request.
func (p *process) despair(ctx context.Context, c *simClient, cause error) {
	s := p.sim
	s.note("failed", c.id, kindOf(cause))
	if s.rnd.Float64() >= s.rash {
		return
	}
	by := "handler"
	if s.rnd.IntN(2) == 0 {
		ctx, by = context.Background(), "stray handler"
	}
	if s.rnd.IntN(2) == 0 {
		p.endSession(ctx, c, by, func(bool) {}, func(error) {})
	} else {
		p.dropTopic(ctx, c, by)
	}
}

// kindOf is an error for the trace. What a refusal tells of its cause depends on who of two that see a deadline is first.
func kindOf(err error) string {
	if errors.Is(err, ErrUnhealthy) {
		return "refused"
	}
	return err.Error()
}

func (p *process) endSession(ctx context.Context, c *simClient, by string, asked func(bool), then func(error)) {
	p.destroy(ctx, p.end, c.id, c.sessionKeys, asked, func() { p.sim.sessionEnds(c, by) }, then)
}

func (p *process) dropTopic(ctx context.Context, c *simClient, by string) {
	p.destroy(ctx, p.deleteTopic, c.id, c.topicKeys, func(bool) {}, func() { p.sim.topicGoes(c, by) }, func(error) {})
}

// goodbye is the request of a user to end the session: the one rightful way while its client is alive.
func (p *process) goodbye(c *simClient, reply func(ok bool)) {
	ctx := UserConfirmed(scoped(), "user "+strconv.Itoa(c.id), append(c.sessionKeys[:1:1], c.topicKeys...)...)
	p.endSession(ctx, c, "user", func(bool) {}, func(err error) {
		if err == nil {
			p.dropTopic(ctx, c, "user")
		}
		reply(err == nil)
	})
}

// reap is one turn of the reaper: it lists the sessions and examines each in a scope of its own.
func (p *process) reap() {
	p.later(p.sim.turn, p.reap)
	var listed []*simClient
	p.call(scoped(), p.list, -1, nil, func() {
		for _, c := range p.sim.clients {
			if p.sim.api.sessions[c.id] {
				listed = append(listed, c)
			}
		}
	}, func(err error) {
		if err != nil {
			return
		}
		for i, c := range listed {
			p.later(p.sim.turn/2*time.Duration(i)/time.Duration(len(listed)), func() { p.examine(c) })
		}
	})
}

// examine ends the session if its client has been silent for the TTL.
func (p *process) examine(c *simClient) {
	ctx := scoped()
	if p.sim.memory {
		p.judge(ctx, c, p.seen[c.id])
		return
	}
	var seen time.Time
	p.call(ctx, p.lastSeen, c.id, c.sessionKeys, func() { seen = p.sim.redis.records[c.id] }, func(err error) {
		if err == nil { // otherwise we do not know
			p.judge(ctx, c, seen)
		}
	})
}

func (p *process) judge(ctx context.Context, c *simClient, seen time.Time) {
	if p.ending[c.id] || p.silent(c, seen) < p.sim.ttl {
		return
	}
	p.ending[c.id] = true
	p.endSession(ctx, c, "reaper", func(allowed bool) { p.sim.reaperAsked(c, allowed) }, func(err error) {
		p.ending[c.id] = false
		if err == nil {
			p.dropTopic(ctx, c, "reaper")
		}
	})
}

// silent is how long the reaper takes a client to have been silent. A service without a guard takes a missing record for
// a dead client.
func (p *process) silent(c *simClient, seen time.Time) time.Duration {
	now := p.sim.wall()
	switch {
	case p.registry == nil:
	case p.sim.silence:
		return p.registry.Silence(c.sessionKeys[0], seen)
	case seen.IsZero():
		if p.missing[c.id].IsZero() {
			p.missing[c.id] = now
		}
		seen = p.missing[c.id]
	default:
		p.missing[c.id] = time.Time{}
	}
	return now.Sub(seen)
}

// work is the other traffic of the process, without keys.
func (p *process) work() {
	p.later(time.Second/time.Duration(p.sim.background), p.work)
	p.call(context.Background(), p.publish, -1, nil, nil, func(error) {})
}
