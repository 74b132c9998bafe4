package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/golden/several"
	guard "github.com/guardgen/guardgen/runtime"
)

type severalFake struct{ pinger }

func (f severalFake) Terminate(ctx context.Context, session string) error {
	return result[error](f.called("Terminate", ctx, session), 0)
}

func (f severalFake) Open(ctx context.Context, channel string) error {
	return result[error](f.called("Open", ctx, channel), 0)
}

func TestSeveral(t *testing.T) {
	t.Run("Sessions", subject[several.Sessions]{
		dependency: "api",
		wrap: func(r *guard.HealthRegistry, next several.Sessions) (several.Sessions, error) {
			return several.NewGuardedSessions(r, next)
		},
		fake:        func(r *recorder) several.Sessions { return severalFake{pinger{r}} },
		destructive: []string{"Terminate"},
	}.exercise)
	t.Run("Channels", subject[several.Channels]{
		dependency: "api",
		wrap: func(r *guard.HealthRegistry, next several.Channels) (several.Channels, error) {
			return several.NewGuardedChannels(r, next)
		},
		fake: func(r *recorder) several.Channels { return severalFake{pinger{r}} },
	}.exercise)
}
