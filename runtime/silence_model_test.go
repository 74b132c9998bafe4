package guard

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// stretch is the time between two looks of a listener: a second, as a rule.
type stretch struct {
	from, to moment
	wall     time.Time // by the wall clock, at the end
	heard    bool      // certainly all of it
	deaf     bool      // certainly all of it; one in which that changed is neither
}

// listener writes down, second by second, whether a registry can hear, from what it tells of its dependencies.
type listener struct {
	w       *world
	clients []*guarded
	names   []string
	seconds []stretch
	before  map[string]DependencyHealth
	failed  map[*guarded]int // the second after which the last unresolved attempt about the key failed
	past    int              // the second after which the last attempt failed that a success came too late for
	missing int              // the second after which the key without a record was first asked about
	back    int              // the second after which the wall clock was last set back
	asked   time.Duration
}

// listen looks at the end of each second for as long as n of them.
func (l *listener) listen(n int) {
	for range n {
		sleep(time.Second)
		l.look(false)
	}
}

// look ends a second. standing says that the process stood still in it.
func (l *listener) look(standing bool) {
	s := stretch{from: 1, to: l.w.clock.now(), wall: l.w.clock.read().wall, heard: !standing, deaf: standing}
	if n := len(l.seconds); n > 0 {
		s.from = l.seconds[n-1].to
	}
	l.seconds = append(l.seconds, s)
	last := &l.seconds[len(l.seconds)-1]
	for _, name := range l.names {
		h, _ := l.w.Health(name)
		before, known := l.before[name]
		deaf := func(h DependencyHealth) bool { return h.Recovering || h.LastSuccess.IsZero() }
		last.deaf = last.deaf || known && deaf(before) && deaf(h) && before.Episode == h.Episode
		last.heard = last.heard && known && !deaf(before) && !deaf(h) && before.Episode == h.Episode && h.State != Unknown && before.State != Unknown
		if h.Recovering {
			l.backdate(l.w.dependencies[name].episodeBegan())
		}
		l.before[name] = h
	}
}

// backdate notes that nothing was heard since then.
func (l *listener) backdate(since moment) {
	for i := range l.seconds {
		s := &l.seconds[i]
		s.heard = s.heard && s.to <= since
		s.deaf = s.deaf || s.from >= since
	}
}

// episodeBegan is when the current or last episode of d began.
func (d *Dependency) episodeBegan() moment {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.episodeSince
}

// outlived notes that nothing clears the last attempt through g any more, because hold is over since it failed.
func (l *listener) outlived(g *guarded) {
	if at := l.failed[g]; at > 0 && l.w.clock.now().sub(l.seconds[at-1].to) > g.dependency.policy.Hold-time.Second {
		l.past = max(l.past, at)
	}
}

// join registers one more required dependency: nothing was heard through it before.
func (l *listener) join(name string) {
	l.clients, l.names = append(l.clients, l.w.guard(name)), append(l.names, name)
	for i := range l.seconds {
		l.seconds[i].heard, l.seconds[i].deaf = false, true
	}
}

// bounds are the least and the most silence since the end of a second.
func (l *listener) bounds(since int) (least, most time.Duration) {
	for _, s := range l.seconds[since:] {
		if s.heard {
			least += s.to.sub(s.from)
		}
		if !s.deaf {
			most += s.to.sub(s.from)
		}
	}
	return least, most
}

// check asks for the silence since the end of each second, and about a key without a record.
func (l *listener) check() string {
	read := l.w.clock.read()
	uptime, wall := read.now.sub(1), read.wall
	failed := 0
	for _, at := range l.failed {
		failed = max(failed, at)
	}
	before := time.Duration(1<<63 - 1)
	for seen := range len(l.seconds) + 1 { // from the oldest
		lastSeen := l.w.clock.start.Round(0).Add(-time.Hour)
		if seen > 0 {
			lastSeen = l.seconds[seen-1].wall
		}
		got := l.w.Silence("session:1", lastSeen)
		l.asked += got
		least, _ := l.bounds(max(seen, failed, l.past))
		_, most := l.bounds(max(seen, failed))
		if seen < l.back {
			least = 0 // it seems to have been seen in the future, until the wall clock has come so far again
		}
		switch {
		case got < 0 || got > uptime:
			return fmt.Sprintf("silence of %s, %s after start", got, uptime)
		case got > max(0, wall.Sub(lastSeen)):
			return fmt.Sprintf("silence of %s since something seen %s ago", got, wall.Sub(lastSeen))
		case got < least || got > most:
			return fmt.Sprintf("silence of %s since second %d of %d, want %s to %s", got, seen, len(l.seconds), least, most)
		case got > before && (seen < 2 || !lastSeen.Before(l.seconds[seen-2].wall)):
			return fmt.Sprintf("silence of %s since second %d, and of %s since the one before", got, seen, before)
		}
		before = got
	}
	if l.missing < 0 {
		l.missing = len(l.seconds)
	}
	least, most := l.bounds(l.missing)
	if got := l.w.Silence("session:lost", time.Time{}); got < least || got > most {
		return fmt.Sprintf("silence of %s about a missing record, asked since second %d of %d, want %s to %s", got, l.missing, len(l.seconds), least, most)
	}
	for _, lastSeen := range []time.Time{time.Unix(1<<40, 0), wall.Add(time.Nanosecond), wall} {
		if got := l.w.Silence("session:2", lastSeen); got != 0 {
			return fmt.Sprintf("silence of %s since %s, which is not past", got, lastSeen)
		}
	}
	if got := l.w.Silence("session:2", time.Unix(-1<<40, 0)); got < 0 || got > uptime {
		return fmt.Sprintf("silence of %s since long before start", got)
	}
	return ""
}

// TestSilenceIsWhatAListenerHeardSecondBySecond holds Silence, in random histories, against a record of each second.
func TestSilenceIsWhatAListenerHeardSecondBySecond(t *testing.T) {
	var asked time.Duration
	rapid.Check(t, func(rt *rapid.T) {
		type change struct {
			what string
			n    int
		}
		changes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) change {
			return change{rapid.SampledFrom([]string{
				"health", "health", "health", "outage", "hanging", "isolated", "stall", "suspend", "set back", "attempt fails", "attempt succeeds",
				"joins", "proven", "unknown", "record", "traffic",
			}).Draw(t, "what"), rapid.IntRange(1, 20).Draw(t, "n")}
		}), 8, 25).Draw(rt, "changes")
		wrong := ""
		inWorld(t, func(t *testing.T, w *world) {
			l := &listener{w: w, before: make(map[string]DependencyHealth), failed: make(map[*guarded]int), missing: -1}
			w.repeatable(len(changes))
			l.join("redis")
			for i, c := range changes {
				g := l.clients[c.n%len(l.clients)]
				name := l.names[c.n%len(l.clients)]
				switch c.what {
				case "health":
					l.listen(c.n)
				case "traffic":
					for i := range 5 * c.n {
						_ = g.Get(t.Context())
						sleep(200 * time.Millisecond)
						if i%5 == 4 {
							l.look(false)
						}
					}
				case "outage":
					g.set(errDown)
					l.listen(c.n)
					g.set(nil)
				case "hanging":
					g.hangs()
					l.listen(c.n)
					g.set(nil)
				case "isolated":
					_ = w.Isolate(name, "test")
					l.listen(c.n)
					_ = w.Restore(name)
				case "stall":
					l.look(false)
					for range 2 + c.n {
						w.standStill(time.Second)
						l.look(true)
					}
					w.goOn()
					w.nextBeat()
					l.look(true) // until its episode was opened
				case "suspend":
					w.clock.wallShift.Add(int64(stallLimit) + int64(c.n)*int64(20*time.Second))
					w.nextBeat()
					l.look(true)
				case "set back":
					w.clock.wallShift.Add(-int64(c.n) * int64(time.Minute))
					w.nextBeat()
					l.look(false)
					l.back = len(l.seconds)
				case "attempt fails":
					l.look(false)
					g.set(errDown)
					_ = g.Get(t.Context(), "session:1")
					g.set(nil)
					l.outlived(g)
					l.failed[g] = len(l.seconds)
				case "attempt succeeds":
					l.look(false)
					l.outlived(g)
					l.failed[g] = len(l.seconds) // a refused one is an attempt too
					if g.Get(t.Context(), "session:1") != nil {
						break
					}
					delete(l.failed, g)
				case "joins":
					if len(l.clients) < 3 {
						l.look(false)
						l.join(fmt.Sprintf("api-%d", len(l.clients)))
					}
				case "proven":
					_ = w.SetState(name, Healthy, "seen")
				case "unknown":
					_ = w.SetState(name, Unknown, "test")
				case "record":
					_ = w.Silence("session:lost", w.clock.read().wall)
					l.missing = -1
				}
				l.look(false)
				if wrong = l.check(); wrong != "" {
					wrong = fmt.Sprintf("after step %d, %v: %s", i, c, wrong)
					return
				}
			}
			asked += l.asked
		}, WithTTL(time.Hour))
		if wrong != "" {
			rt.Fatal(wrong)
		}
	})
	if asked < 100*time.Hour {
		t.Errorf("%s of silence in all: nothing was compared", asked)
	}
}
