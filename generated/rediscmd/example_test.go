//go:build unix

package rediscmd_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/generated/rediscmd"
	"github.com/guardgen/guardgen/internal/redisserver"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
)

// sessions is what a service has already: it keeps sessions in Redis.
type sessions struct{ redis redis.Cmdable }

func (s sessions) open(ctx context.Context, id, owner string) error {
	return s.redis.HSet(ctx, "session:"+id, "owner", owner).Err()
}

func (s sessions) end(ctx context.Context, id string) error {
	return s.redis.Del(ctx, "session:"+id).Err()
}

func ExampleNew() {
	ctx := context.Background()
	address, stop := startRedis()
	defer stop()

	registry := guard.NewHealthRegistry()
	defer registry.Close()
	client := redis.NewClient(goredis.Recommended(&redis.Options{Addr: address}))
	defer client.Close()
	guarded, err := goredis.Guard(registry, client)
	if err != nil {
		log.Fatal(err)
	}
	defer guarded.Close()
	commands, err := rediscmd.New(registry, client)
	if err != nil {
		log.Fatal(err)
	}

	s := sessions{redis: commands} // it was sessions{redis: client}
	fmt.Println("open:", s.open(ctx, "42", "ann"))

	err = s.end(guard.NewScope(ctx), "42") // the process has just started: whose session is it?
	var denied *guard.DestructiveDeniedError
	if errors.As(err, &denied) {
		fmt.Println("end:", denied.Operation, "denied:", denied.Reason)
	}

	asked := guard.UserConfirmed(ctx, "ann", guard.Keys("key", "session:42")...) // ann logs out
	fmt.Println("end, by ann:", s.end(asked, "42"))
	// Output:
	// open: <nil>
	// end: Del denied: start
	// end, by ann: <nil>
}

// startRedis starts a server for an example.
func startRedis() (address string, stop func()) {
	dir, err := os.MkdirTemp("", "rediscmd-")
	if err != nil {
		log.Fatal(err)
	}
	server, err := redisserver.Start(dir)
	if err != nil {
		log.Fatal(err)
	}
	return server.Addr, func() {
		server.Close()
		os.RemoveAll(dir)
	}
}
