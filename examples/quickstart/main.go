// Quickstart is the smallest complete program: an annotated interface, its generated wrapper, and what that says in an
// outage. The rest of the package is written by go generate.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"sync/atomic"

	guard "github.com/guardgen/guardgen/runtime"
)

//go:generate go tool guardgen

// Store keeps topics.
//
//guard:dependency name=store key=topic
type Store interface {
	//guard:probe
	Ping(ctx context.Context) error

	//guard:destructive budget=20/1m
	DeleteTopic(ctx context.Context, topic string) error
}

func main() {
	registry := guard.NewHealthRegistry(guard.WithStartHold(0)) // a daemon that clients are connected to keeps the start hold
	defer registry.Close()
	network := &network{}
	store, err := NewGuardedStore(registry, network)
	if err != nil {
		log.Fatal(err)
	}
	ctx := guard.NewScope(context.Background()) // one request, or one turn of a loop
	fmt.Println("in health:   ", store.DeleteTopic(ctx, "old"))

	network.down.Store(true)
	for range 5 {
		store.Ping(ctx)
	}
	fmt.Println("in an outage:", store.DeleteTopic(ctx, "orders"))
}

// network is the Store behind the wrapper: real clients stand here.
type network struct{ down atomic.Bool }

func (n *network) Ping(context.Context) error {
	if n.down.Load() {
		return errors.New("connection refused")
	}
	return nil
}

func (n *network) DeleteTopic(ctx context.Context, _ string) error { return n.Ping(ctx) }
