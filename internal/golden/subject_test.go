package golden_test

import (
	"context"

	"github.com/guardgen/guardgen/internal/exercise"
)

// subject is a golden's wrapper, which is what it wraps.
type subject[I any] = exercise.Subject[I, I]

// pinger is the part of a fake that most interfaces have as their probe.
type pinger struct{ *exercise.Recorder }

func (p pinger) Ping(ctx context.Context) error {
	return exercise.Result[error](p.Called("Ping", ctx), 0)
}
