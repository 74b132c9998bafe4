// Package rediscmd is a ready-made guarded wrapper for everything that go-redis can do: for redis.Cmdable of go-redis
// 9.23.0.
//
//	guarded, err := goredis.Guard(registry, client)
//	…
//	commands, err := rediscmd.New(registry, client) // is a redis.Cmdable
//
// While Redis is unhealthy its calls are refused instead of sent, with the reason in Err(). What destroys something runs
// only with proof that it is not an outage speaking. Calls are about the keys that they name, of the kind "key": an HGET of
// session:42 that failed denies the DEL of session:42, as "key:session:42".
//
// # Which methods are destructive
//
// Those that send a command which a guard at the hooks of the client gates by default, see [goredis.Commands] and
// [goredis.DefaultTiers]; a test calls each method to hold the two together.
//
// What is done to the server or to all of its keys, FlushAll, Shutdown, ReplicaOf, ConfigSet, ScriptFlush and their like:
// each runs 10 times a minute at most, in this process.
//
// What removes a key or a part of what it holds, Del, Unlink, HDel, SRem, ZRem, LTrim, XDel, XTrimMaxLen, XGroupDestroy,
// JSONDel and their like. That is everyday work, so it has no budget: give one to what you do seldom, with
// guard.WithMethod("Del", func(m *guard.MethodSpec) { m.Budget = guard.Budget{Limit: 60, Window: time.Minute} }).
//
// Expire and its like with a time that is not positive, or over by our clock: they remove at once. With any other time they
// run as every call does, because that is how a heartbeat keeps a session. SetArgs, MSetEX and IncrEXInt with a moment that
// has passed remove what they write.
//
// Not destructive are what takes out in order to return it (LPop, SPop, GetDel, XReadGroup), what overwrites (Set, Rename,
// SInterStore), an XAdd that trims its stream, because a gate that is shut after each start would stop all publishing, and
// Eval, EvalSha and FCall, because nobody can tell what a script does. Package redisroles has scripts that go through the
// gate, and goredis.Gate sends more tiers through it for all that the client does. `guardgen list` prints what becomes of
// each method.
//
// # Pipelines
//
// What a pipeline, a transaction or an iterator over a Scan sends does not pass this wrapper. Therefore [New] wants a client
// with a guard at its hooks, which sees all of that. A failure counts once, and a call that this wrapper's gate let pass
// need not pay again below.
//
// # When go-redis is upgraded
//
// A minor version of go-redis adds methods to redis.Cmdable, up to 25 at a time. This package then does not compile, and the
// line that fails says what to do: take the version of this package that is written for it. Code that names the methods
// which it calls, in an interface of its own, does not notice: write one, or take those of package redisroles.
package rediscmd
