package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/golden/keys"
	guard "github.com/guardgen/guardgen/runtime"
)

type keysFake struct{ pinger }

func (f keysFake) Touch(ctx context.Context, id keys.ID) error {
	return result[error](f.called("Touch", ctx, id), 0)
}

func (f keysFake) Send(ctx context.Context, id keys.ID, req keys.Request) error {
	return result[error](f.called("Send", ctx, id, req), 0)
}

func (f keysFake) SendTo(ctx context.Context, id keys.ID, req *keys.Request) error {
	return result[error](f.called("SendTo", ctx, id, req), 0)
}

func (f keysFake) EndAll(ctx context.Context, ids []keys.ID) error {
	return result[error](f.called("EndAll", ctx, ids), 0)
}

func (f keysFake) EndIn(ctx context.Context, target keys.Request) error {
	return result[error](f.called("EndIn", ctx, target), 0)
}

func newBroker(r *guard.HealthRegistry, next keys.Broker) (keys.Broker, error) {
	return keys.NewGuardedBroker(r, next)
}

func TestKeys(t *testing.T) {
	subject[keys.Broker]{
		dependency:  "broker",
		wrap:        newBroker,
		fake:        func(r *recorder) keys.Broker { return keysFake{pinger{r}} },
		destructive: []string{"EndAll", "EndIn"},
	}.exercise(t)
}
