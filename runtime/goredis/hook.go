package goredis

import (
	"context"
	"errors"
	"net"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"
)

// hook is the guard as go-redis sees it.
//
// The path of a command: what the guard itself let through passes, for go-redis sends its handshake, the redirections of a
// cluster and the like through the same hooks, nested in the command that needs them. What belongs to a call of a wrapper
// only asks the gate. Everything else is an attempt of the dependency.
type hook struct {
	*Guarded

	node bool // of a node of a cluster or a ring
}

// insideKey finds in a context the mark of the guard that has let through what is sent with it.
type insideKey struct{}

// mark says of which guard, and whether it has let through something destructive. Each guard has its two.
type mark struct {
	of       *Guarded
	destroys bool
}

func (g *Guarded) inside(ctx context.Context, destroys bool) context.Context {
	m := &g.marks[0]
	if destroys {
		m = &g.marks[1]
	}
	return context.WithValue(ctx, insideKey{}, m)
}

// isInside reports whether ctx belongs to a command that was let through. One that destroys nothing covers none that does:
// hooks that a program has added below send what they like.
func (h hook) isInside(ctx context.Context, destroys bool) bool {
	m, _ := ctx.Value(insideKey{}).(*mark)
	return m != nil && m.of == h.Guarded && (m.destroys || !destroys)
}

// DialHook implements [redis.Hook]. It only counts: see stale.
func (h hook) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		h.dials.Add(1)
		conn, err := next(ctx, network, addr)
		if err != nil {
			h.deadDials.Store(time.Now().UnixNano())
		}
		return conn, err
	}
}

// ProcessHook implements [redis.Hook].
func (h hook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		row := h.index.find(cmd)
		if h.isInside(ctx, row != nil) || h.maintains(cmd) || tidies(cmd) {
			return next(ctx, cmd)
		}
		if h.dependency.Encloses(ctx) {
			if row != nil {
				if err := h.gate[row.Name].Allow(ctx, h.names(cmd)...); err != nil {
					return h.refuse(err, cmd)
				}
			}
			dials := h.dials.Load()
			err := next(h.inside(ctx, row != nil), cmd)
			if err == nil {
				return nil
			}
			err = h.explained(ctx, err, dials, cmd)
			h.outlive(ctx, h.method(cmd), err, dials, cmd)
			return err
		}
		attempt := guard.Attempt{}
		if row == nil {
			attempt = h.method(cmd).Begin(ctx)
		} else {
			attempt = h.gate[row.Name].Ask(ctx, h.names(cmd)...)
		}
		if !attempt.Admitted() {
			return h.refuse(attempt.Settle(ctx, nil, h.names(cmd)...), cmd)
		}
		dials := h.dials.Load()
		err := next(h.inside(attempt.Context(ctx), row != nil), cmd)
		if attempt.Succeeded(err) {
			return nil
		}
		if err != nil {
			err = h.explained(ctx, err, dials, cmd)
		}
		outcome := h.judge(ctx, err, dials)
		if outcome == guard.OutcomeFailure && hasWaited(err) {
			outcome = guard.OutcomeIgnored // whatever the program's own classifier makes of it
		}
		_ = attempt.SettleAs(ctx, outcome, err, h.names(cmd)...)
		return err
	}
}

// ProcessPipelineHook implements [redis.Hook]. A pipeline is one call. Each destructive command in it asks the gate, before
// anything is sent: if one is denied, nothing is.
func (h hook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		asks := h.asks(cmds)
		if h.isInside(ctx, len(asks) > 0) || h.maintains(cmds...) {
			return next(ctx, cmds)
		}
		enclosed := h.dependency.Encloses(ctx)
		standsFor := len(asks) - 1 // the last one that asks is the attempt
		if enclosed {
			standsFor = len(asks)
		}
		for i := range max(0, standsFor) {
			if err := asks[i].method.Allow(ctx, h.names(asks[i].cmd)...); err != nil {
				return h.refuse(err, cmds...)
			}
		}
		attempt := guard.Attempt{}
		switch {
		case enclosed:
			dials := h.dials.Load()
			err := next(h.inside(ctx, len(asks) > 0), cmds)
			if err == nil {
				return nil
			}
			err = h.explained(ctx, err, dials, cmds...)
			h.outlive(ctx, h.pipeline, err, dials, cmds...)
			return err
		case standsFor < 0:
			attempt = h.pipeline.Begin(ctx)
		default:
			attempt = asks[standsFor].method.Ask(ctx, h.names(asks[standsFor].cmd)...)
		}
		if !attempt.Admitted() {
			return h.refuse(attempt.Settle(ctx, nil, h.namesOf(cmds)...), cmds...)
		}
		dials := h.dials.Load()
		err := next(h.inside(attempt.Context(ctx), len(asks) > 0), cmds)
		if attempt.Succeeded(err) {
			return nil
		}
		if err != nil {
			err = h.explained(ctx, err, dials, cmds...)
		}
		judge := func(err error) guard.Outcome { return h.judge(ctx, err, dials) }
		outcome, cause := worst(cmds, err, judge)
		if outcome != guard.OutcomeSuccess {
			cmds = failed(cmds, judge)
		}
		_ = attempt.SettleAs(ctx, outcome, cause, h.namesOf(cmds)...)
		return err
	}
}

// outlive records the failure of commands that began in a call of a wrapper and outlasted it: nobody else will.
func (g *Guarded) outlive(ctx context.Context, m *guard.Method, err error, dials int64, cmds ...redis.Cmder) {
	if g.dependency.Encloses(ctx) {
		return
	}
	attempt := m.Begin(context.WithoutCancel(ctx))
	if !attempt.Admitted() {
		_ = attempt.Settle(ctx, nil, g.namesOf(cmds)...)
		return
	}
	outcome, cause := worst(cmds, err, func(err error) guard.Outcome { return g.judge(ctx, err, dials) })
	_ = attempt.SettleAs(ctx, outcome, cause, g.namesOf(cmds)...)
}

// ask is a destructive command of a pipeline.
type ask struct {
	cmd    redis.Cmder
	method *guard.Method
}

// asks are the commands of a pipeline that ask the gate.
func (g *Guarded) asks(cmds []redis.Cmder) (those []ask) {
	for _, cmd := range cmds {
		if row := g.index.find(cmd); row != nil {
			those = append(those, ask{cmd, g.gate[row.Name]})
		}
	}
	return those
}

// tidies reports whether cmd ends what a connection has begun. It is sent whatever the breaker says, because the connection
// goes back to its pool afterwards: one that still watches keys would fail the transaction of whoever gets it next.
func tidies(cmd redis.Cmder) bool {
	name := cmd.Name()
	return name == "unwatch" || name == "discard"
}

// failed are the commands of a pipeline that went wrong: those whose keys are suspect.
func failed(cmds []redis.Cmder, judge func(error) guard.Outcome) (those []redis.Cmder) {
	for _, cmd := range cmds {
		if err := cmd.Err(); err != nil && judge(err) != guard.OutcomeSuccess {
			those = append(those, cmd)
		}
	}
	return those
}

func (g *Guarded) namesOf(cmds []redis.Cmder) (names []string) {
	for _, cmd := range cmds {
		names = append(names, g.names(cmd)...)
	}
	return names
}

// refuse makes err the answer of commands that are not sent. They keep their names and arguments.
func (g *Guarded) refuse(err error, cmds ...redis.Cmder) error {
	if g.isStreamed(err, cmds) {
		return err
	}
	for _, cmd := range cmds {
		cmd.SetErr(err)
	}
	return err
}

// judge says what err tells of the server, for a call during which dials were begun beyond the given number.
func (g *Guarded) judge(ctx context.Context, err error, dials int64) (outcome guard.Outcome) {
	defer func() {
		if recover() != nil {
			outcome = guard.OutcomeFailure
		}
	}()
	if g.stale(err, dials) {
		return guard.OutcomeIgnored
	}
	return g.classify(ctx, err)
}

// stale reports whether err is old news. Once a pool has failed to dial as often as it may have connections, it gives every
// call the error of the last dial, at once, until its next try a second later; so a server that is back is reported dead
// for up to a second. It is news unless a probe has succeeded since that dial.
func (g *Guarded) stale(err error, dials int64) bool {
	if g.dials.Load() != dials || g.answered.Load() <= g.deadDials.Load() {
		return false
	}
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// maintains reports whether go-redis may send commands of its own accord to a node of a cluster or a ring: to know the
// nodes and which of them are there. It must learn that while the breaker is open, too. It destroys nothing.
func (h hook) maintains(cmds ...redis.Cmder) bool {
	if !h.node {
		return false
	}
	for _, cmd := range cmds {
		if h.index.find(cmd) != nil {
			return false
		}
		switch cmd.Name() {
		case "ping", "cluster", "command", "hello", "client", "auth", "select", "readonly", "readwrite", "asking":
		default:
			return false
		}
	}
	return true
}
