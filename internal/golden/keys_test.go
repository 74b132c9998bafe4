package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/keys"
	guard "github.com/guardgen/guardgen/runtime"
)

type keysFake struct{ pinger }

func (f keysFake) Touch(ctx context.Context, id keys.ID) error {
	return exercise.Result[error](f.Called("Touch", ctx, id), 0)
}

func (f keysFake) Send(ctx context.Context, id keys.ID, req keys.Request) error {
	return exercise.Result[error](f.Called("Send", ctx, id, req), 0)
}

func (f keysFake) SendTo(ctx context.Context, id keys.ID, req *keys.Request) error {
	return exercise.Result[error](f.Called("SendTo", ctx, id, req), 0)
}

func (f keysFake) EndAll(ctx context.Context, ids []keys.ID) error {
	return exercise.Result[error](f.Called("EndAll", ctx, ids), 0)
}

func (f keysFake) EndIn(ctx context.Context, target keys.Request) error {
	return exercise.Result[error](f.Called("EndIn", ctx, target), 0)
}

func newBroker(r *guard.HealthRegistry, next keys.Broker) (keys.Broker, error) {
	return keys.NewGuardedBroker(r, next)
}

func TestKeys(t *testing.T) {
	subject[keys.Broker]{
		Dependency:  "broker",
		Wrap:        newBroker,
		Fake:        func(r *exercise.Recorder) keys.Broker { return keysFake{pinger{r}} },
		Destructive: []string{"EndAll", "EndIn"},
		Keys: map[string][]string{
			"Touch":  {"session:1"},
			"Send":   {"session:1", "topic:2.Topic"},
			"SendTo": {"session:1", "topic:2.Topic"},
			"EndAll": {"session:1"},
			"EndIn":  {"session:1.Parent.IDs"},
		},
	}.Exercise(t)
}
