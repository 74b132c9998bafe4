//go:build unix

package goredis_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/redisserver"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
)

func ExampleGuard() {
	dir, err := os.MkdirTemp("", "goredis-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	server, err := redisserver.Start(dir)
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	registry := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler)))
	defer registry.Close()
	client := redis.NewClient(goredis.Recommended(&redis.Options{Addr: server.Addr}))
	defer client.Close()
	guarded, err := goredis.Guard(registry, client) // what was there already goes on with client
	if err != nil {
		log.Fatal(err)
	}
	defer guarded.Close()

	ctx := guard.NewScope(context.Background()) // a request
	fmt.Println("set:", client.Set(ctx, "session:42", "ann", 0).Err())
	_, err = client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.Incr(ctx, "ended")
		p.Del(ctx, "session:42") // the process has just started: whose session is it?
		return nil
	})
	if denied, ok := errors.AsType[*guard.DestructiveDeniedError](err); ok {
		fmt.Println(denied.Operation, "denied:", denied.Reason)
	}

	asked := guard.UserConfirmed(guard.NewScope(context.Background()), "ann", guard.Keys("key", "session:42")...) // ann logs out
	fmt.Println("del, by ann:", client.Del(asked, "session:42").Err())
	// Output:
	// set: <nil>
	// DEL denied: start
	// del, by ann: <nil>
}
