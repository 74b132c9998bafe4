// Package client looks at what is given to a ready-made wrapper: whether it is a go-redis client that works, and what
// guards it already.
package client

import (
	"errors"
	"fmt"
	"reflect"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
	"github.com/redis/go-redis/v9"
)

// Options returns the options for a wrapper around client: those with which it joins the guard at the hooks of client, if
// there is one, under its name and policy, and then those of the user, which win. Or it says why there must be no such
// wrapper.
func Options(registry *guard.HealthRegistry, client any, options []guard.Option) ([]guard.Option, error) {
	if err := check(client); err != nil {
		return nil, err
	}
	guarded := goredis.Of(universal(client))
	if guarded == nil {
		return append([]guard.Option{guard.WithPolicy(func(p *guard.Policy) { p.Classify = goredis.Classify })}, options...), nil
	}
	if registry != nil && guarded.Registry() != registry {
		return nil, errors.New("the guard at the hooks of the client belongs to another registry: give both the same one")
	}
	return append([]guard.Option{guard.Named(guarded.Dependency().Name()), guard.SharePolicy()}, options...), nil
}

// IsGuarded reports whether a guard is attached to the hooks of client, so that its pipelines, scripts and iterators do not
// go round the gate.
func IsGuarded(client any) bool { return goredis.Of(universal(client)) != nil }

// universal is client, if it is one that has hooks.
func universal(client any) redis.UniversalClient {
	universal, _ := client.(redis.UniversalClient)
	return universal
}

// check says what is wrong with client.
func check(client any) error {
	switch client := client.(type) {
	case *redis.AutoPipeliner:
		return errors.New("a *redis.AutoPipeliner sends what several callers queued, later than they ask: wrap its client")
	case redis.Pipeliner:
		return fmt.Errorf("a %T queues commands, and knows no error before Exec: wrap its client", client)
	case redis.UniversalClient:
		if isNil(client) {
			return errNil
		}
		if goredis.Closed(client) {
			return fmt.Errorf("%w, and cannot be used any more: make another one", redis.ErrClosed)
		}
	}
	if isNil(client) {
		return errNil
	}
	return nil
}

var errNil = errors.New("the client is nil")

func isNil(client any) bool {
	v := reflect.ValueOf(client)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}
