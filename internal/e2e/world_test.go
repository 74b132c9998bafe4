package e2e

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// world is a program with its users and the truth about them. The raw world of a row and the guarded one share a stage.
type world struct {
	ledger *ledger
	users  []*user

	program *program // in our process, or
	child   *child   // in one of its own

	running sync.WaitGroup
	cancel  context.CancelFunc
}

// newWorld opens sessions and starts a program that looks after them. Nobody uses it yet. It ends with the test.
func newWorld(t *testing.T, s *stage, r *row, guarded bool) *world {
	t.Helper()
	name, population := "raw", living
	if guarded {
		name, population = "guarded", living+dying
	}
	sessions := s.open(t, name+":", population)
	config := programConfig{
		Guarded: guarded, Socket: s.proxy.Addr(), Redis: s.door, Prefix: name + ":", Pool: r.pool, Lifetime: r.lifetime,
		Sessions: sessions,
	}
	w := &world{ledger: newLedger(sessions)}
	s.tell(w.ledger.ended)
	var reached service
	if r.own {
		var err error
		w.child, err = startChild(filepath.Join(s.dir, name), config)
		must(t, err)
		t.Cleanup(func() { w.child.end() })
		s.children = append(s.children, w.child)
		reached = w.child
	} else {
		var err error
		w.program, err = newProgram(config, w.ledger.destroyed)
		t.Cleanup(func() { w.program.close() })
		must(t, err)
		var ctx context.Context
		ctx, w.cancel = context.WithCancel(context.Background())
		w.running.Go(func() { w.program.run(ctx) })
		reached = w.program
	}
	for i, about := range sessions {
		w.users = append(w.users, &user{service: reached, session: about, handler: r.handler(i), ledger: w.ledger})
	}
	t.Cleanup(w.stop)
	t.Cleanup(func() {
		if told, err := w.report(); t.Failed() && err == nil && guarded {
			t.Logf("what the registry tells:\n%s", strings.Join(told.Story, "\n"))
		}
	})
	return w
}

// clockTime is how a row that fails prints times.
const clockTime = "04:05.000"

// stop has everybody leave who has not, and ends what the program does by itself. Stopping again does nothing.
func (w *world) stop() {
	for _, u := range w.users {
		if u.cancel != nil {
			u.leave()
		}
	}
	if w.cancel != nil {
		w.cancel()
	}
	w.running.Wait()
}

// report is what the program tells of itself.
func (w *world) report() (report, error) {
	if w.child != nil {
		return w.child.report()
	}
	return w.program.report(), nil
}

// follow brings the ledger up to date with what a child does.
func (w *world) follow() error {
	if w.child == nil {
		return nil
	}
	return w.child.follow(w.ledger.destroyed)
}

// lost counts who was lost so far.
func (w *world) lost(t *testing.T) int {
	t.Helper()
	must(t, w.follow())
	return w.ledger.lost()
}

// all reports whether all users are as wanted.
func all(users []*user, wanted func(*user) bool) bool {
	for _, u := range users {
		if !wanted(u) {
			return false
		}
	}
	return true
}

// bury reports whether the sessions of all users, who are dead, are gone.
func buried(users []*user) bool {
	return all(users, func(u *user) bool { return u.ledger.buried(u.session.ID) })
}

// since returns a condition that a user has been served and has handled so often from now on.
func since(users []*user, served, handled int64) func() bool {
	type mark struct{ beats, handlings int64 }
	marks := make(map[*user]mark, len(users))
	for _, u := range users {
		marks[u] = mark{u.beats.Load() + served, u.handlings.Load() + handled}
	}
	return func() bool {
		return all(users, func(u *user) bool {
			return u.beats.Load() >= marks[u].beats && u.handlings.Load() >= marks[u].handlings
		})
	}
}
