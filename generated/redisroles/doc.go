// Package redisroles has ready-made guarded wrappers for the parts of go-redis that services use: keys, hashes, streams,
// sets, sorted sets and scripts.
//
//	hashes, err := redisroles.NewHashes(registry, redisClient)
//
// Each role is an interface of a few methods of redis.Cmdable. They are written out, so that an upgrade of go-redis, which
// adds methods to its interfaces, breaks none of them, and so that a fake for a test is a dozen lines. What a role lacks, an
// interface of your own has: copy the role, add the method, run guardgen.
//
// All roles are one dependency, redis, with one breaker, and share it with a guard at the hooks of the client. Targets are
// of the kind "key": what failed about HGET session:42 denies DEL session:42, as "key:session:42".
//
// What removes a part of a value, such as HDel, has no budget, because it is everyday work. Give it one if you know how much
// is normal: guard.WithMethod("HDel", func(m *guard.MethodSpec) { m.Budget = … }).
//
// The client is a *redis.Client, a cluster, ring or sentinel client; for what has to be set there, so that the breaker
// learns soon, see package goredis.
package redisroles
