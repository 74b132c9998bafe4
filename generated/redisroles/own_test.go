package redisroles_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
)

// SessionRedis is what a service calls of go-redis, in an interface of its own.
//
//guard:dependency name=redis key=key,key:keys classify=classify
type SessionRedis interface {
	Ping(ctx context.Context) *redis.StatusCmd //guard:probe
	HGetAll(ctx context.Context, key string) *redis.MapStringStringCmd
	HSet(ctx context.Context, key string, values ...any) *redis.IntCmd
	Del(ctx context.Context, keys ...string) *redis.IntCmd //guard:destructive budget=60/1m
}

func classify(ctx context.Context, err error) guard.Outcome { return goredis.Classify(ctx, err) }

// Example_ownInterface has the methods that a service calls, and no others, so that an upgrade of go-redis does not touch it.
func Example_ownInterface() {
	registry := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler)))
	defer registry.Close()
	client := redis.NewClient(goredis.Recommended(&redis.Options{Addr: "localhost:6379"}))
	defer client.Close()
	guarded, err := goredis.Guard(registry, client) // for pipelines, scripts and whatever goes round the interface
	if err != nil {
		log.Fatal(err)
	}
	defer guarded.Close()
	client.AddHook(unplugged{})

	sessions, err := NewGuardedSessionRedis(registry, client, guard.SharePolicy())
	if err != nil {
		log.Fatal(err)
	}
	ctx := guard.NewScope(context.Background())
	fmt.Println("read:", sessions.HGetAll(ctx, "session:42").Err())
	fmt.Println("delete denied:", errors.Is(sessions.Del(ctx, "session:42").Err(), guard.ErrDestructiveDenied))
	// Output:
	// read: EOF
	// delete denied: true
}

// unplugged fails every command.
type unplugged struct{}

func (unplugged) DialHook(next redis.DialHook) redis.DialHook { return next }

func (unplugged) ProcessHook(redis.ProcessHook) redis.ProcessHook {
	return func(context.Context, redis.Cmder) error { return io.EOF }
}

func (unplugged) ProcessPipelineHook(redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(context.Context, []redis.Cmder) error { return io.EOF }
}
