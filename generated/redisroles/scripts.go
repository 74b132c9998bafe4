package redisroles

import (
	"context"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Scripts is for scripts in Lua. It is a redis.Scripter, so that a *redis.Script runs on it: script.Run(ctx, scripts, keys).
//
// What a script destroys, only its author knows, and so it goes through the gate. One that destroys nothing says so where it
// is written, see [Harmless]; or it is run by EvalRO and EvalShaRO, by script.RunRO, and the server keeps it from writing.
//
//guard:dependency name=redis key=key:keys classify=classify wrapper=guardedScripts
type Scripts interface {
	// Ping asks the server for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) *redis.StatusCmd

	// Eval runs a script.
	//
	//guard:destructive when=mayDestroy budget=none
	Eval(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd

	// EvalSha runs the script with a digest.
	//
	//guard:destructive when=mayDestroyByDigest budget=none
	EvalSha(ctx context.Context, sha1 string, keys []string, args ...any) *redis.Cmd

	// EvalRO runs a script that must not write.
	EvalRO(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd

	// EvalShaRO runs the script with a digest, which must not write.
	EvalShaRO(ctx context.Context, sha1 string, keys []string, args ...any) *redis.Cmd

	// ScriptExists reports for each digest whether the server knows its script.
	ScriptExists(ctx context.Context, hashes ...string) *redis.BoolSliceCmd

	// ScriptLoad makes a script known to the server, and returns its digest.
	ScriptLoad(ctx context.Context, script string) *redis.StringCmd
}

var (
	_ Scripts        = redis.Cmdable(nil)
	_ redis.Scripter = Scripts(nil)
)

// Harmless makes a script that destroys nothing, so that [Scripts] runs it without asking the gate. It stands where
// redis.NewScript would:
//
//	var limit = redisroles.Harmless(`return redis.call("INCR", KEYS[1])`)
//
// Who reviews the script then sees what it promises.
func Harmless(source string) *redis.Script {
	script := redis.NewScript(source)
	harmless.Store(script.Hash(), true)
	return script
}

// harmless holds the digests of the scripts that destroy nothing. A digest says which script it is, so that one set serves all
// clients.
var harmless sync.Map

func mayDestroy(ctx context.Context, script string, keys []string, args ...any) bool {
	return mayDestroyByDigest(ctx, redis.NewScript(script).Hash(), keys, args...)
}

func mayDestroyByDigest(_ context.Context, sha1 string, _ []string, _ ...any) bool {
	_, said := harmless.Load(strings.ToLower(sha1))
	return !said
}
