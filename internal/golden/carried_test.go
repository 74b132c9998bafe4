package golden_test

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/carried"
	guard "github.com/guardgen/guardgen/runtime"
)

type carriedFake struct{ *exercise.Recorder }

func (f carriedFake) Ping(ctx context.Context) *redis.StatusCmd {
	return exercise.Result[*redis.StatusCmd](f.Called("Ping", ctx), 0)
}

func (f carriedFake) Get(ctx context.Context, key string) *redis.StringCmd {
	return exercise.Result[*redis.StringCmd](f.Called("Get", ctx, key), 0)
}

func (f carriedFake) Scan(ctx context.Context, cursor uint64, match string, count int64) *redis.ScanCmd {
	return exercise.Result[*redis.ScanCmd](f.Called("Scan", ctx, cursor, match, count), 0)
}

func (f carriedFake) Del(ctx context.Context, keys ...string) *redis.IntCmd {
	return exercise.Result[*redis.IntCmd](f.Called("Del", ctx, keys), 0)
}

func (f carriedFake) Expire(ctx context.Context, key string, expiration time.Duration) *redis.BoolCmd {
	return exercise.Result[*redis.BoolCmd](f.Called("Expire", ctx, key, expiration), 0)
}

func (f carriedFake) Own(ctx context.Context, name string, n int) *carried.Reply[map[string]int] {
	return exercise.Result[*carried.Reply[map[string]int]](f.Called("Own", ctx, name, n), 0)
}

func TestCarried(t *testing.T) {
	subject[carried.Redis]{
		Dependency: "commands",
		Wrap: func(r *guard.HealthRegistry, next carried.Redis) (carried.Redis, error) {
			return carried.NewGuardedRedis(r, next)
		},
		Fake:        func(r *exercise.Recorder) carried.Redis { return carriedFake{r} },
		Destructive: []string{"Del"}, Heavy: []string{"Scan"},
		Timeouts: map[string]time.Duration{"Ping": 500 * time.Millisecond},
	}.Exercise(t)
}
