package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/golden/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

type transportFake struct{ pinger }

func (f transportFake) Publish(ctx context.Context, topic string, body []byte) (string, error) {
	r := f.called("Publish", ctx, topic, body)
	return result[string](r, 0), result[error](r, 1)
}

func (f transportFake) History(ctx context.Context, topic string, limit int) ([]transport.Message, error) {
	r := f.called("History", ctx, topic, limit)
	return result[[]transport.Message](r, 0), result[error](r, 1)
}

func (f transportFake) DeleteTopic(ctx context.Context, topic string) error {
	return result[error](f.called("DeleteTopic", ctx, topic), 0)
}

func TestTransport(t *testing.T) {
	subject[transport.Transport]{
		dependency: "redis",
		wrap: func(r *guard.HealthRegistry, next transport.Transport) (transport.Transport, error) {
			return transport.NewGuardedTransport(r, next)
		},
		fake:        func(r *recorder) transport.Transport { return transportFake{pinger{r}} },
		destructive: []string{"DeleteTopic"}, heavy: []string{"History"},
	}.exercise(t)
}
