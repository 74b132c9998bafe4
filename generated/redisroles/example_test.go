//go:build unix

package redisroles_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/generated/redisroles"
	"github.com/guardgen/guardgen/internal/redisserver"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
)

// limit destroys nothing, and says so: it counts calls while the gate is shut, too.
var limit = redisroles.Harmless(`return redis.call("INCR", KEYS[1])`)

// forget may destroy anything.
var forget = redis.NewScript(`return redis.call("DEL", KEYS[1])`)

func Example() {
	ctx := context.Background()
	address, stop := startRedis()
	defer stop()

	registry := guard.NewHealthRegistry()
	defer registry.Close()
	client := redis.NewClient(goredis.Recommended(&redis.Options{Addr: address}))
	defer client.Close()
	hashes, err := redisroles.NewHashes(registry, client)
	if err != nil {
		log.Fatal(err)
	}
	scripts, err := redisroles.NewScripts(registry, client)
	if err != nil {
		log.Fatal(err)
	}

	fmt.Println(hashes.HSet(ctx, "session:42", "owner", "ann").Result())
	fmt.Println(limit.Run(ctx, scripts, []string{"calls:42"}).Int())

	// The process has just started: sessions may still be on their way back.
	fmt.Println(errors.Is(hashes.HDel(ctx, "session:42", "owner").Err(), guard.ErrDestructiveDenied))
	fmt.Println(errors.Is(forget.Run(ctx, scripts, []string{"session:42"}).Err(), guard.ErrDestructiveDenied))
	// Output:
	// 1 <nil>
	// 1 <nil>
	// true
	// true
}

// startRedis starts a server for an example.
func startRedis() (address string, stop func()) {
	dir, err := os.MkdirTemp("", "redisroles-")
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
