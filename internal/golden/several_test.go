package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/several"
	guard "github.com/guardgen/guardgen/runtime"
)

type severalFake struct{ pinger }

func (f severalFake) Terminate(ctx context.Context, session string) error {
	return exercise.Result[error](f.Called("Terminate", ctx, session), 0)
}

func (f severalFake) Open(ctx context.Context, channel string) error {
	return exercise.Result[error](f.Called("Open", ctx, channel), 0)
}

func TestSeveral(t *testing.T) {
	t.Run("Sessions", subject[several.Sessions]{
		Dependency: "api",
		Wrap: func(r *guard.HealthRegistry, next several.Sessions) (several.Sessions, error) {
			return several.NewGuardedSessions(r, next)
		},
		Fake:        func(r *exercise.Recorder) several.Sessions { return severalFake{pinger{r}} },
		Destructive: []string{"Terminate"},
	}.Exercise)
	t.Run("Channels", subject[several.Channels]{
		Dependency: "api",
		Wrap: func(r *guard.HealthRegistry, next several.Channels) (several.Channels, error) {
			return several.NewGuardedChannels(r, next)
		},
		Fake: func(r *exercise.Recorder) several.Channels { return severalFake{pinger{r}} },
	}.Exercise)
}
