// Package guard keeps an outage from destroying what was fine.
//
// A service that depends on an API socket and on Redis sees both fail now and then. Timeouts cascade into clean-up
// code, and clean-up terminates sessions and deletes topics that were alive. Behind the wrappers that guardgen
// generates, this package runs every call through a circuit breaker, keeps a health state for every dependency that
// heals by probes, and lets a destructive call run only with proof that it is not the outage speaking.
//
// A program makes one [HealthRegistry], puts each client behind its generated wrapper, and handles one error:
//
//	registry := guard.NewHealthRegistry()
//	defer registry.Close()
//
//	transport, err := NewGuardedTransport(registry, redisTransport)
//	…
//	err = transport.DeleteTopic(ctx, topic)
//	if errors.Is(err, guard.ErrDestructiveDenied) {
//		return err // "System unhealthy; retry in 12s (DeleteTopic denied: …)": nothing was deleted
//	}
//
// [NewScope] marks a request, a job or one turn of a loop, so that what fails in it cannot lead to destruction in it.
// [UserConfirmed] says that a person asked; [BreakGlass] overrides the gate and is audited. Paths without a wrapper
// use [Call] and [HealthRegistry.AllowDestructive]. Loops slow down with [NewPoller] and wait with
// [HealthRegistry.WaitHealthy].
//
// # How a call runs
//
// The request path reads one atomic word per dependency: whether calls are refused, the breaker's generation, and a
// failure epoch. Nothing else happens while all is well, but for one stamp per tick of a coarse clock that says when
// the dependency last proved itself. A failure bumps the epoch before its error is returned, so that whoever acts on
// that error meets a gate that knows of it. Counting is left to failsafe-go; the schedule of an open breaker, the only
// probe that may close it, and everything about time are this package's own.
//
// # How a destructive call runs
//
// It asks the gate, which denies for the first reason that holds: a required dependency is isolated or unhealthy; the
// scope or a key of the call has an unresolved failure; there is no scope and something failed just now; the program
// started, or an outage ended, less than hold ago; the budget is spent; a required dependency has not proven itself
// since its last failure. For the last one the gate probes before it answers. So it does for a dependency that has a
// generation (see [WithGeneration]), to be sure that it is still the one that it was. A process that stood still has not
// heard anything; until it has, nothing is destroyed. Not knowing is a reason to deny.
//
// Whoever takes something for dead because it was silent asks [HealthRegistry.Silence] for how long.
package guard
