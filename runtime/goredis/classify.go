package goredis

import (
	"context"
	"errors"
	"net"
	"strings"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"
)

// Classify judges the errors of go-redis. What the server says of a command is its own answer, a success: no such key, a
// wrong type. That it cannot serve anybody now is a failure (it loads, its master is down, it asks for a password), and so
// is whatever is no reply at all, deadlines included. What it does for others and not for us degrades: a refused write
// (READONLY, OOM, MISCONF, NOREPLICAS), a missing permission, a transaction that was not executed, a full pool. The server
// is there then, but the call left no trace, so that nobody may be taken for dead because of it. Ignored is what says
// nothing about the server: our own client is closed, the caller cancelled, an argument that cannot be sent.
//
// A blocking command that waited until its caller's deadline is ignored, if its client is guarded: the guard says so in the
// error. Without one it is a failure, because nothing tells it from a command that was not answered.
func Classify(ctx context.Context, err error) guard.Outcome {
	if err == nil {
		return guard.OutcomeSuccess
	}
	if answer := reply(err); answer != nil {
		return ofReply(answer)
	}
	switch {
	case errors.Is(err, redis.ErrPoolTimeout), errors.Is(err, redis.ErrPoolExhausted):
		return guard.OutcomeDegraded
	case errors.Is(err, redis.ErrClosed), errors.Is(err, net.ErrClosed), unsendable(err), hasWaited(err):
		return guard.OutcomeIgnored
	}
	return guard.Classify(ctx, err)
}

// reply is the server's own answer in err; nil if it is none. It does not look into joined errors: several sentinels
// that cannot be asked are an outage, though one of them has answered that it knows no master.
func reply(err error) redis.Error {
	for ; err != nil; err = errors.Unwrap(err) {
		if answer, ok := err.(redis.Error); ok {
			return answer
		}
	}
	return nil
}

// ofReply judges what the server says.
func ofReply(answer redis.Error) guard.Outcome {
	switch {
	case answer == redis.Nil:
		return guard.OutcomeSuccess
	case redis.IsReadOnlyError(answer), redis.IsOOMError(answer), redis.IsNoReplicasError(answer), redis.IsPermissionError(answer),
		redis.IsExecAbortError(answer), startsWith(answer, degrading):
		return guard.OutcomeDegraded
	case redis.IsLoadingError(answer), redis.IsMasterDownError(answer), redis.IsClusterDownError(answer), redis.IsTryAgainError(answer),
		redis.IsAuthError(answer), redis.IsMaxClientsError(answer), startsWith(answer, failing):
		return guard.OutcomeFailure
	}
	return guard.OutcomeSuccess
}

// degrading and failing begin the replies that go-redis has no type for.
var (
	degrading = []string{
		"MISCONF ",                  // the last save failed, and writes are refused since
		"UNBLOCKED ",                // the server became a replica while we waited
		"IOERR ",                    // the server that MIGRATE speaks to
		"DB index is out of range",  // the database of our options is not there: no command of ours is executed
		"SELECT is not allowed in ", // nor here, a cluster
	}
	failing = []string{
		"BUSY ",   // a script runs, and nobody is served
		"DENIED ", // protected mode
	}
)

// startsWith reports whether a reply begins with one of prefixes.
func startsWith(answer redis.Error, prefixes []string) bool {
	for _, prefix := range prefixes {
		if redis.HasErrorPrefix(answer, prefix) {
			return true
		}
	}
	return false
}

// unsent begins what go-redis says of commands that it does not send.
var unsent = []string{
	"redis: can't marshal ",
	"redis: invalid bitcount index",
	"redis: Watch requires ",
	"redis: CLIENT TRACKING ",
	"redis: ModuleLoadex nil config",
	"redis: at least one metric must be specified",
	"redis: please enter the command to be executed",
}

// unsendable reports whether err is about a command that was never sent. These errors have no type.
func unsendable(err error) bool {
	message := err.Error()
	for _, prefix := range unsent {
		if strings.HasPrefix(message, prefix) {
			return true
		}
	}
	return false
}
