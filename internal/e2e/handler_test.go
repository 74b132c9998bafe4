package e2e

import (
	"context"
	"errors"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

// handler says which of the program's handlers a user calls. They destroy at the first error.
type handler struct {
	Snippet int // of snippets
	Way     int // of ways
}

// A snippet asks a dependency and, whatever the error, destroys.
type snippet struct {
	ask, destroy func(context.Context, *program, session.Session) error
}

// snippets are if err := api.Get(ctx, session); err != nil { transport.DeleteTopic(ctx, topic) }, and its siblings: two that
// ask the API, and two that ask Redis.
var snippets = []snippet{{get, deleteTopic}, {get, terminate}, {publish, deleteTopic}, {send, terminate}}

// asking are the snippets that notice a fault of each dependency.
var asking = map[dependency][]int{ofAPI: {0, 1}, ofRedis: {2, 3}, ofProcess: {0, 1, 2, 3}}

func get(ctx context.Context, p *program, about session.Session) error {
	_, err := p.api.Get(ctx, about.ID)
	return err
}

// message takes its time where bytes trickle.
var message = make([]byte, 2<<10)

func publish(ctx context.Context, p *program, about session.Session) error {
	_, err := p.transport.Publish(ctx, about.Topic, message)
	if errors.Is(err, transport.ErrNoTopic) {
		return p.transport.CreateTopic(ctx, about.Topic)
	}
	return err
}

func send(ctx context.Context, p *program, about session.Session) error {
	_, err := p.transport.Send(ctx, about.ID, message)
	return err
}

func deleteTopic(ctx context.Context, p *program, about session.Session) error {
	return p.transport.DeleteTopic(ctx, about.Topic)
}

func terminate(ctx context.Context, p *program, about session.Session) error {
	return p.api.TerminateSession(ctx, about.ID, "unreachable")
}

// A way is how a handler runs its snippet.
type way func(context.Context, snippet, *program, session.Session) error

// ways are in a scope, with a deadline of the user's; without either; in a scope that is lost where it destroys; and that for
// a user who does not wait.
var ways = []way{scoped, unscoped, losingScope, hungUp}

// usual is how many of ways a user may have who waits for his answer; impatience is that of one who does not.
const (
	usual      = 3
	impatience = 3
)

func scoped(ctx context.Context, h snippet, p *program, about session.Session) error {
	ctx = guard.NewScope(ctx)
	limited, cancel := context.WithTimeout(ctx, userDeadline)
	defer cancel()
	err := h.ask(limited, p, about)
	if destroys(err) {
		err = errors.Join(err, h.destroy(ctx, p, about))
	}
	return err
}

func unscoped(ctx context.Context, h snippet, p *program, about session.Session) error {
	err := h.ask(ctx, p, about)
	if destroys(err) {
		err = errors.Join(err, h.destroy(ctx, p, about))
	}
	return err
}

func losingScope(ctx context.Context, h snippet, p *program, about session.Session) (err error) {
	defer func() {
		if destroys(err) {
			err = errors.Join(err, h.destroy(context.Background(), p, about))
		}
	}()
	return h.ask(guard.NewScope(ctx), p, about)
}

func hungUp(ctx context.Context, h snippet, p *program, about session.Session) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	impatience := time.AfterFunc(hangUpAfter, cancel)
	defer impatience.Stop()
	return losingScope(ctx, h, p, about)
}

// destroys reports whether a handler takes the error for the end of its session: it takes any for it but the dependency's
// own answers.
func destroys(err error) bool {
	background := context.Background()
	return err != nil && (transport.Classify(background, err) != guard.OutcomeSuccess && api.Classify(background, err) != guard.OutcomeSuccess)
}

// Handle has a handler of the program do its work about the session.
func (p *program) Handle(ctx context.Context, h handler, about session.Session) error {
	return ways[h.Way](ctx, snippets[h.Snippet], p, about)
}
