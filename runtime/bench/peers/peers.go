// Package peers wraps a client in other circuit breakers, as a generator for each of them would: a struct with the breaker
// and the client, and a method of the same signature, in the cheapest way that the library documents.
//
// All are asked for the same: they open after [Threshold] failures in a row, or, where a library only knows rates, when
// nearly all calls fail; they stay open for an hour; and no call has a deadline, unless the library knows no call without.
package peers

import (
	"slices"
	"time"

	"github.com/guardgen/guardgen/runtime/bench/store"
)

const (
	// Threshold is how many failures in a row open a breaker.
	Threshold = 5
	// openFor is how long it stays open: longer than the benchmark takes.
	openFor = time.Hour
	// timeout is the deadline of a call, where a peer is asked for one.
	timeout = 2 * time.Second
)

// Peer is one way to guard a client.
type Peer struct {
	Name string
	Wrap func(store.Store) (store.Getter, error)

	// WrapFailing is Wrap for a client half of whose calls fail, where the threshold in a row cannot be said. Nil: Wrap.
	WrapFailing func(store.Store) (store.Getter, error)

	// NoBreaker says that it never rejects.
	NoBreaker bool
}

// All are the peers, the cheapest of a library's ways first.
var All = []Peer{
	{Name: "failsafe-go, standalone", Wrap: newStandalone},
	{Name: "failsafe-go, executor", Wrap: newExecutor},
	{Name: "gobreaker", Wrap: newGobreaker},
	{Name: "cep21/circuit", Wrap: newCircuit},
	{Name: "mercari/go-circuitbreaker", Wrap: newMercari},
	{Name: "go-resiliency", Wrap: newResiliency, WrapFailing: newResiliencyFailing},
	{Name: "rubyist/circuitbreaker", Wrap: newRubyist},
	{Name: "goresilience", Wrap: newGoresilience},
	{Name: "sentinel-golang", Wrap: newSentinel},
	{Name: "hystrix-go", Wrap: newHystrix},
}

// Timed are the peers that give a call a deadline, of two seconds.
var Timed = []Peer{
	{Name: "`context.WithTimeout` by hand, no breaker", Wrap: newByHand, NoBreaker: true},
	{Name: "cep21/circuit", Wrap: newTimedCircuit},
	{Name: "failsafe-go, executor with its timeout", Wrap: newTimedExecutor},
	{Name: "hystrix-go", Wrap: newHystrix},
}

// Idle are the peers as they are compared when nobody calls: hystrix-go reserves memory for each call that its limit
// allows, so that it has its default limit.
var Idle = append(slices.Clone(All[:len(All)-1]), Peer{Name: "hystrix-go", Wrap: newHystrixLimited})

// Modules are where the peers come from.
var Modules = []string{
	"github.com/failsafe-go/failsafe-go", "github.com/sony/gobreaker/v2", "github.com/cep21/circuit/v4", "github.com/mercari/go-circuitbreaker",
	"github.com/eapache/go-resiliency", "github.com/rubyist/circuitbreaker", "github.com/slok/goresilience",
	"github.com/alibaba/sentinel-golang", "github.com/afex/hystrix-go",
}
