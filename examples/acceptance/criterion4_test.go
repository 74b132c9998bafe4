//go:build integration

package acceptance

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/rig"
	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
)

// briefHold is a hold that a test can wait out, and in which it can still see something.
const briefHold = 2 * time.Second

// A destruction is a destructive operation, and whether it has taken place.
type destruction struct {
	name    string
	destroy func(context.Context, *stage, session.Session) error
	done    func(testing.TB, *stage, session.Session) bool
}

// destructions are all destructive methods of both interfaces, and an operation written by hand.
var destructions = []destruction{
	{"CloseSession", func(ctx context.Context, s *stage, about session.Session) error {
		return s.API.CloseSession(ctx, about.ID)
	}, sessionGone},
	{"TerminateSession", terminate, sessionGone},
	{"EndSession", func(ctx context.Context, s *stage, about session.Session) error {
		return s.API.EndSession(ctx, about.ID)
	}, sessionGone},
	{"DeleteTopic", deleteTopic, func(t testing.TB, s *stage, about session.Session) bool {
		return !s.Exists(t, "topic:"+about.Topic)
	}},
	{"DeleteChannel", func(ctx context.Context, s *stage, about session.Session) error {
		return s.Transport.DeleteChannel(ctx, about.ID)
	}, channelGone},
	{"EraseChannel", func(ctx context.Context, s *stage, about session.Session) error {
		if err := s.Registry.AllowDestructive(ctx, "EraseChannel", guard.Keys("session", about.ID)...); err != nil {
			return err
		}
		return s.Redis.Direct.Del(ctx, s.Redis.Prefix+"channel:"+about.ID).Err()
	}, channelGone},
}

func sessionGone(_ testing.TB, s *stage, about session.Session) bool { return !s.Listed(about.ID) }

func channelGone(t testing.TB, s *stage, about session.Session) bool {
	return !s.Exists(t, "channel:"+about.ID)
}

// inEachContext are the ways to ask for a destruction; none of them opens the gate in an outage.
var inEachContext = map[string]func(context.Context, session.Session) context.Context{
	"scoped":   func(ctx context.Context, _ session.Session) context.Context { return guard.NewScope(ctx) },
	"unscoped": func(ctx context.Context, _ session.Session) context.Context { return ctx },
	"confirmed by a person": func(ctx context.Context, about session.Session) context.Context {
		keys := append(guard.Keys("session", about.ID), guard.Keys("topic", about.Topic)...)
		return guard.UserConfirmed(guard.NewScope(ctx), "ann", keys...)
	},
}

func TestCriterion4DestructiveOperationsAreBlockedWhileADependencyIsUnhealthy(t *testing.T) {
	t.Parallel()
	for _, d := range dependencies {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			blockedWhileUnhealthy(t, d)
		})
	}
}

func blockedWhileUnhealthy(t *testing.T, d dependency) {
	s := newStage(t, rig.Config{Guarded: true, Change: func(p *guard.Policy) {
		p.Backoff = guard.Backoff{Min: time.Hour, Max: time.Hour} // the trial comes when it is asked for
		p.Hold, p.Reconnect = briefHold, briefHold
	}})
	targets := make(map[string]session.Session)
	for _, x := range destructions {
		targets[x.name] = s.open(t, "topic-"+x.name)
		must(t, s.Notify(t.Context(), targets[x.name].ID, []byte("psst")))
	}
	s.breakDown(t, d, s.open(t, "news"))
	for name, in := range inEachContext {
		deniedAll(t, s, d, targets, name, in, guard.ReasonUnhealthy)
	}

	must(t, s.proxy(d).Set(faultproxy.Fault{}))
	must(t, s.Registry.Probe(t.Context(), string(d)))
	s.story.until(t, d, closes)
	deniedAll(t, s, d, targets, "just after", inEachContext["scoped"], guard.ReasonRecovering)
	s.story.until(t, d, episodeOver)
	deniedAll(t, s, d, targets, "in hold", inEachContext["scoped"], guard.ReasonHold)

	s.waitOutHold(t, d)
	for _, x := range destructions { // else nothing is shown: a gate that always denies would pass
		about := targets[x.name]
		if err := x.destroy(guard.NewScope(t.Context()), s, about); err != nil || !x.done(t, s, about) {
			t.Errorf("%s after hold: error %v, want it done", x.name, err)
		}
	}
}

// deniedAll asks for every destruction and checks that each is denied for that reason, and that nothing is destroyed.
func deniedAll(t *testing.T, s *stage, d dependency, targets map[string]session.Session, when string,
	in func(context.Context, session.Session) context.Context, reason guard.Reason) {
	t.Helper()
	for _, x := range destructions {
		about := targets[x.name]
		err := x.destroy(in(t.Context(), about), s, about)
		denied, ok := errors.AsType[*guard.DestructiveDeniedError](err)
		if !ok || denied.Reason != reason || denied.Dependency != string(d) || denied.Operation != x.name {
			t.Errorf("%s, %s: error %v, want it denied because %s is %s", x.name, when, err, d, reason)
		}
		if x.done(t, s, about) {
			t.Errorf("%s, %s: done", x.name, when)
		}
	}
}
