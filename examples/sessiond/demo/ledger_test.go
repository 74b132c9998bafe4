package main

import (
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/session"
)

// at is a moment of the tests' day, in seconds.
func at(seconds int) time.Time {
	return time.Unix(1_000_000, 0).Add(time.Duration(seconds) * time.Second)
}

func TestLedgerTellsKillingFromReaping(t *testing.T) {
	l := newLedger()
	for _, s := range []session.Session{{ID: "killed", Topic: "k"}, {ID: "reaped", Topic: "r"}, {ID: "dead", Topic: "d"}, {ID: "living", Topic: "l"}} {
		l.opened(s)
	}
	l.died("reaped")
	l.died("dead")
	l.ended(session.Session{ID: "killed"}, session.Ended)
	l.ended(session.Session{ID: "reaped"}, session.Ended)
	l.died("killed") // too late: it was killed before
	l.topics(map[string]bool{topicKey("k"): true, topicKey("d"): true})
	want := count{living: 2, killed: 1, topics: 2, deleted: 1, dead: 2, reaped: 1}
	if got := l.add(); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

func TestTopicDeletedInItsOwnersLifetimeStaysDeletedAliveWhenTheOwnerDies(t *testing.T) {
	l := newLedger()
	l.opened(session.Session{ID: "a", Topic: "t"})
	l.topics(nil)
	l.died("a")
	l.topics(nil)
	if got := l.add(); got.deleted != 1 || got.topics != 1 {
		t.Errorf("counted %+v, want one live topic deleted of one", got)
	}
}

func TestDeadAreOverdueOnlyAfterEnoughContinuousHealth(t *testing.T) {
	const owed = 10 * time.Second
	for _, row := range []struct {
		name    string
		died    int
		ended   int // 0: never
		healthy []stretch
		late    int
	}{
		{"in time", 0, 9, []stretch{{at(0), at(30)}}, 0},
		{"too late", 0, 11, []stretch{{at(0), at(30)}}, 1},
		{"never", 0, 0, []stretch{{at(0), at(30)}}, 1},
		{"never, but health was too short", 0, 0, []stretch{{at(0), at(9)}, {at(20), at(29)}}, 0},
		{"health began after the death", 0, 29, []stretch{{at(20), at(60)}}, 0},
		{"too late after the second stretch", 0, 31, []stretch{{at(0), at(5)}, {at(20), at(60)}}, 1},
		{"died within health", 15, 26, []stretch{{at(0), at(60)}}, 1},
		{"died after health", 40, 0, []stretch{{at(0), at(30)}}, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := newLedger()
			f := &fate{died: at(row.died)}
			if row.ended != 0 {
				f.ended = at(row.ended)
			}
			l.sessions["a"] = f
			if late := l.overdue(row.healthy, owed, at(60)); late != row.late {
				t.Errorf("%d overdue, want %d", late, row.late)
			}
		})
	}
}

func TestCastIsTheSameForTheSameSeed(t *testing.T) {
	speed := newTempo(10)
	one, two := newCast(240, 60, speed, 7), newCast(240, 60, speed, 7)
	if len(one.deaths) != 24 {
		t.Fatalf("%d deaths among 240, want one in ten", len(one.deaths))
	}
	for i, when := range one.deaths {
		if two.deaths[i] != when {
			t.Errorf("session %d dies after %v and after %v", i, when, two.deaths[i])
		}
		if when <= 0 || when > time.Duration(float64(length())/speed.scale) {
			t.Errorf("session %d dies after %v, outside of the script", i, when)
		}
	}
}

func TestVerdictNeedsEveryCheck(t *testing.T) {
	good := result{
		tempo:   newTempo(10),
		raw:     count{living: 216, killed: 54},
		guarded: count{living: 216, dead: 24, reaped: 24},
		healed:  true,
	}
	if !good.passed() {
		t.Fatal("a good result fails")
	}
	for name, spoil := range map[string]func(*result){
		"a session killed":       func(r *result) { r.guarded.killed = 1 },
		"a topic deleted":        func(r *result) { r.guarded.deleted = 1 },
		"a dead one left":        func(r *result) { r.guarded.reaped-- },
		"a dead one reaped late": func(r *result) { r.overdue = 1 },
		"nobody died":            func(r *result) { r.guarded.dead, r.guarded.reaped = 0, 0 },
		"not healed":             func(r *result) { r.healed = false },
		"raw killed too few":     func(r *result) { r.raw.killed-- },
	} {
		bad := good
		spoil(&bad)
		if bad.passed() {
			t.Errorf("%s: the verdict is good", name)
		}
	}
}
