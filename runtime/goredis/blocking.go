package goredis

import "github.com/redis/go-redis/v9"

// blocks reports whether cmd waits at the server for something to happen, up to a time of its own: BLPOP, XREAD with
// BLOCK, WAIT. That it has waited as long as its caller let it then says nothing about the server.
func blocks(cmd redis.Cmder) bool { return blocking(cmd.Args()) }

// blocking is blocks for the arguments of a command, its name first.
func blocking(args []any) bool {
	if len(args) == 0 {
		return false
	}
	name := wordOf(args[0])
	switch string(name.bytes()) {
	case "BLMOVE", "BLMOVEM", "BLMPOP", "BLPOP", "BRPOP", "BRPOPLPUSH", "BZMPOP", "BZPOPMAX", "BZPOPMIN", "WAIT", "WAITAOF":
		return true
	case "XREAD", "XREADGROUP":
		return option(args, 1, ofXRead, "BLOCK") > 0
	case "TS.READ":
		return option(args, 3, ofNone, "BLOCK") > 0
	}
	return false
}

// ofXRead: XREADGROUP GROUP group consumer [COUNT n] [MAXCOUNT n] [MAXSIZE n] [BLOCK ms] [NOACK] [CLAIM ms] STREAMS key … id …
func ofXRead(args []any, at int) int {
	w := wordOf(args[at])
	switch {
	case w.in("GROUP"):
		return 2
	case w.in("COUNT", "MAXCOUNT", "MAXSIZE", "CLAIM"):
		return 1
	case w.in("STREAMS"):
		return -1
	}
	return 0
}
