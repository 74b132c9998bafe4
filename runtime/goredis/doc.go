// Package goredis guards an existing go-redis client, whatever calls it: commands, pipelines, transactions, scripts, Do,
// iterators, and code that only has the *redis.Client.
//
//	registry := guard.NewHealthRegistry() // one for the program
//	defer registry.Close()
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
// # What the program notices
//
// Destructive commands are denied for 60 s after its start, and after an outage: clients of before may still be on their way
// back. They are denied, too, while any critical dependency of the registry is unhealthy, and where something has failed in the
// same unit of work: begin one with guard.NewScope for each request, turn or item. Such an error matches
// guard.ErrDestructiveDenied, and has a RetryAfter: keep the record, and ask again then. What a person asks for need not wait
// for those 60 s, if the program says so, with the keys as [KeyNames] calls them:
//
//	ctx = guard.UserConfirmed(ctx, "ann", guard.Keys("key", "session:42")...)
//	err := client.Del(ctx, "session:42").Err()
//
// To roll out, make the registry with guard.WithMode(guard.Observe): the gate logs what it would deny, and denies nothing. The
// breaker refuses commands as always.
//
// # With a generated wrapper above
//
// A wrapper for one's own interface and the guard of the client go together, under one name: the wrapper accounts for its
// calls, so that a failure counts once; the guard accounts for what goes round the wrapper. The gate is asked by both, about
// different things: the wrapper about DeleteTopic, the guard about the DEL that the client sends for it. What the wrapper's
// gate let pass carries a permit: for the first destructive command of the call, unless that is about another key of the same
// kind, and for further ones about the same keys, as [KeyNames] calls them. What else the call destroys asks for itself, which
// costs nothing while all is well: removals have no budget here unless one is given.
//
// # What it cannot do
//
// A full-duplex auto-pipeline writes commands before hooks see them: [Guard] refuses a client that is set up for one, and the
// log says so when a command of one that was made later was written and should not have been. A subscription reports its
// errors late: use [Guarded.Subscribe]; the messages that it receives say nothing about health. client.WithTimeout makes a
// client without the hooks of the first: guard it, too. An auto-pipeline sends with a context of its own, so that what goes
// through it belongs to no scope: delete with the client itself.
package goredis
