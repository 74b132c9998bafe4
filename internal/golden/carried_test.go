package golden_test

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/golden/carried"
	guard "github.com/guardgen/guardgen/runtime"
)

type carriedFake struct{ *recorder }

func (f carriedFake) Ping(ctx context.Context) *redis.StatusCmd {
	return result[*redis.StatusCmd](f.called("Ping", ctx), 0)
}

func (f carriedFake) Get(ctx context.Context, key string) *redis.StringCmd {
	return result[*redis.StringCmd](f.called("Get", ctx, key), 0)
}

func (f carriedFake) Scan(ctx context.Context, cursor uint64, match string, count int64) *redis.ScanCmd {
	return result[*redis.ScanCmd](f.called("Scan", ctx, cursor, match, count), 0)
}

func (f carriedFake) Del(ctx context.Context, keys ...string) *redis.IntCmd {
	return result[*redis.IntCmd](f.called("Del", ctx, keys), 0)
}

func (f carriedFake) Expire(ctx context.Context, key string, expiration time.Duration) *redis.BoolCmd {
	return result[*redis.BoolCmd](f.called("Expire", ctx, key, expiration), 0)
}

func (f carriedFake) Own(ctx context.Context, name string, n int) *carried.Reply[map[string]int] {
	return result[*carried.Reply[map[string]int]](f.called("Own", ctx, name, n), 0)
}

func TestCarried(t *testing.T) {
	subject[carried.Redis]{
		dependency: "commands",
		wrap: func(r *guard.HealthRegistry, next carried.Redis) (carried.Redis, error) {
			return carried.NewGuardedRedis(r, next)
		},
		fake:        func(r *recorder) carried.Redis { return carriedFake{r} },
		destructive: []string{"Del"}, heavy: []string{"Scan"},
	}.exercise(t)
}
