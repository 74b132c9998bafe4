// Package goredis guards an existing go-redis client, whatever calls it: commands, pipelines, transactions, scripts, Do,
// iterators, and code that only has the *redis.Client.
//
//	client := redis.NewClient(goredis.Recommended(&redis.Options{Addr: "redis:6379"}))
//	guarded, err := goredis.Guard(registry, client)
//	…
//	defer guarded.Close()
//
// From then on every command runs through the circuit breaker of the dependency "redis", and a destructive one, such as DEL,
// XGROUP DESTROY or FLUSHDB, through the safety gate, asked about the keys in its arguments. What is refused is not sent: the
// command keeps its name and arguments, and its Err is a [*guard.DependencyUnhealthyError] or a [*guard.DestructiveDeniedError].
// [Commands] lists what is destructive; [Gate], [Destructive] and [Harmless] choose from it.
//
// # With a generated wrapper above
//
// A wrapper for one's own interface and the guard of the client go together, under one name: the wrapper accounts for its
// calls, so that a failure counts once; the guard accounts for what goes round the wrapper. The gate is asked by both, about
// different things: the wrapper about DeleteTopic, the guard about the DEL that the client sends for it. What the wrapper's
// gate let pass carries a permit: for the first destructive command of the call, and for further ones about the same keys,
// as [KeyNames] calls them. What else the call destroys asks for itself, which costs nothing while all is well: removals have
// no budget here unless one is given.
//
// # What it cannot do
//
// A full-duplex auto-pipeline writes commands before hooks see them: [Guard] refuses a client that is set up for one, and says so
// in the log when a command was written that should not have been. A subscription reports its errors late: use
// [Guarded.Subscribe]. client.WithTimeout makes a client without the hooks of the first: guard it, too. Messages that a subscription receives say nothing about health.
package goredis
