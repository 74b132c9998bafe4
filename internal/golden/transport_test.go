package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

type transportFake struct{ pinger }

func (f transportFake) Publish(ctx context.Context, topic string, body []byte) (string, error) {
	r := f.Called("Publish", ctx, topic, body)
	return exercise.Result[string](r, 0), exercise.Result[error](r, 1)
}

func (f transportFake) History(ctx context.Context, topic string, limit int) ([]transport.Message, error) {
	r := f.Called("History", ctx, topic, limit)
	return exercise.Result[[]transport.Message](r, 0), exercise.Result[error](r, 1)
}

func (f transportFake) DeleteTopic(ctx context.Context, topic string) error {
	return exercise.Result[error](f.Called("DeleteTopic", ctx, topic), 0)
}

func TestTransport(t *testing.T) {
	subject[transport.Transport]{
		Dependency: "redis",
		Wrap: func(r *guard.HealthRegistry, next transport.Transport) (transport.Transport, error) {
			return transport.NewGuardedTransport(r, next)
		},
		Fake:        func(r *exercise.Recorder) transport.Transport { return transportFake{pinger{r}} },
		Destructive: []string{"DeleteTopic"}, Heavy: []string{"History"},
	}.Exercise(t)
}
