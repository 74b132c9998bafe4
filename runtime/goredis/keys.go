package goredis

import "strings"

// keysOf returns the keys that a command names, in its order, its own name first among args. Of a command that is not
// known, and of one of a module that names an index or a dictionary instead, it is the first argument. It never panics,
// whatever args are.
func keysOf(args []any) []string {
	if len(args) < 2 {
		return nil
	}
	name := wordOf(args[0])
	places, known := keyPlaces[string(name.bytes())]
	if !known {
		places = one(1)
	}
	var keys []string
	for _, at := range places(args) {
		if key, ok := text(args[at]); ok {
			keys = append(keys, key)
		}
	}
	return keys
}

// places finds the positions of the keys among the arguments of a command, all of them below len(args).
type places func(args []any) []int

// keyPlaces says of commands where their keys are; of all others it is the first argument.
var keyPlaces = gather(map[string]places{
	// Keys of others, of nobody, and channels, which are no keys; above all nothing that may be a password.
	`ACL ASKING AUTH BGREWRITEAOF BGSAVE CLIENT CLUSTER COMMAND CONFIG DBSIZE DEBUG DISCARD ECHO EXEC FAILOVER FLUSHALL FLUSHDB
	FT.CONFIG FT.TAGVALS FT._LIST FUNCTION HELLO HOTKEYS INFO KEYS LASTSAVE LATENCY LOLWUT MODULE MONITOR MULTI PFSELFTEST PING
	PSUBSCRIBE PSYNC PUBLISH PUBSUB PUNSUBSCRIBE QUIT RANDOMKEY READONLY READWRITE REPLCONF REPLICAOF RESET ROLE SAVE SCAN SCRIPT SELECT
	SENTINEL SHUTDOWN SLAVEOF SLOWLOG SPUBLISH SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE SWAPDB SYNC TIME TRIMSLOTS TS.MGET TS.MRANGE
	TS.MREVRANGE TS.QUERYINDEX TS.QUERYLABELS UNSUBSCRIBE UNWATCH WAIT WAITAOF`: none,

	`DEL EXISTS MGET PFCOUNT PFMERGE SDIFF SDIFFSTORE SINTER SINTERSTORE SUNION SUNIONSTORE TOUCH UNLINK WATCH`: each(1, 0, 1),
	`BLPOP BRPOP BZPOPMAX BZPOPMIN JSON.MGET`: each(1, 1, 1),
	`MSET MSETNX`:         each(1, 0, 2),
	`JSON.MSET TS.MADD`:   each(1, 0, 3),
	`BITOP`:               each(2, 0, 1),
	`PFDEBUG JSON.DEBUG`:  one(2),
	`OBJECT XGROUP XINFO`: one(2),
	`FT.CURSOR`:           one(2),
	`MEMORY`:              sub("USAGE", one(2)),
	`HIMPORT`:             sub("SET", one(2)),
	`BLMOVE BLMOVEM BRPOPLPUSH COPY GEOSEARCHSTORE LCS LMOVE LMOVEM RENAME RENAMENX RPOPLPUSH SMOVE TS.CREATERULE TS.DELETERULE
	ZRANGESTORE`: each(1, -2, 1),

	`EVAL EVALSHA EVALSHA_RO EVAL_RO FCALL FCALL_RO BLMPOP BZMPOP`:                                      counted(2, 1),
	`LMPOP SDIFFCARD SINTERCARD SUNIONCARD TS.NRANGE TS.NREVRANGE ZDIFF ZINTER ZINTERCARD ZMPOP ZUNION`: counted(1, 1),
	`MSETEX`: counted(1, 2),
	`CMS.MERGE TDIGEST.MERGE ZDIFFSTORE ZINTERSTORE ZUNIONSTORE`: both(one(1), counted(2, 1)),

	`XREAD`:             streams(1),
	`XREADGROUP`:        streams(4),
	`SORT`:              both(one(1), sortStore),
	`GEORADIUS`:         both(one(1), after(6, "STORE"), after(6, "STOREDIST")),
	`GEORADIUSBYMEMBER`: both(one(1), after(5, "STORE"), after(5, "STOREDIST")),
	`MIGRATE`:           migrated,
})

// gather makes one entry for each of the names of a line.
func gather(lines map[string]places) map[string]places {
	all := make(map[string]places)
	for names, p := range lines {
		for name := range strings.FieldsSeq(names) {
			all[name] = p
		}
	}
	return all
}

// none are the places of a command without keys.
func none([]any) []int { return nil }

// one is a single key.
func one(at int) places {
	return func(args []any) []int { return span(args, at, at+1, 1) }
}

// each is a key at first and every step from there on: but for so many arguments at the end, or, where that is negative, so
// many keys.
func each(first, end, step int) places {
	return func(args []any) []int {
		if end < 0 {
			return span(args, first, first-end*step, step)
		}
		return span(args, first, len(args)-end, step)
	}
}

// span are the positions from first up to limit, without it, as far as there are arguments.
func span(args []any, first, limit, step int) (at []int) {
	for i := first; i < min(limit, len(args)); i += step {
		at = append(at, i)
	}
	return at
}

// counted are keys whose number stands at a position, the first right behind it.
func counted(at, step int) places {
	return func(args []any) []int {
		if at >= len(args) {
			return nil
		}
		n := count(args, at)
		return span(args, at+1, at+1+n*step, step)
	}
}

// both are places one after the other.
func both(parts ...places) places {
	return func(args []any) (at []int) {
		for _, p := range parts {
			at = append(at, p(args)...)
		}
		return at
	}
}

// sub are the keys of one subcommand; others have none.
func sub(command string, p places) places {
	is := says(1, command)
	return func(args []any) []int {
		if !is(args) {
			return nil
		}
		return p(args)
	}
}

// after is the key behind the first of an option, from a position on.
func after(from int, option string) places {
	return func(args []any) []int {
		for i := from; i+1 < len(args); i++ {
			if w := wordOf(args[i]); w.in(option) {
				return []int{i + 1}
			}
		}
		return nil
	}
}

// streams are the keys behind STREAMS: the first half of what follows, the other half are ids.
func streams(from int) places {
	return func(args []any) []int {
		at := after(from, "STREAMS")(args)
		if at == nil {
			return nil
		}
		return span(args, at[0], at[0]+(len(args)-at[0])/2, 1)
	}
}

// sortStore is the destination of SORT: the last one given.
func sortStore(args []any) (at []int) {
	for from := 2; ; {
		store := option(args, from, ofSort, "STORE")
		if store == 0 || store+1 >= len(args) {
			return at
		}
		at, from = []int{store + 1}, store+2
	}
}

// migrated are the keys of MIGRATE host port key|"" db timeout [COPY] [REPLACE] [AUTH password|AUTH2 user password] [KEYS key …].
func migrated(args []any) []int {
	if len(args) < 4 {
		return nil
	}
	if key, _ := text(args[3]); key != "" {
		return []int{3}
	}
	for i := 6; i < len(args); i++ {
		switch w := wordOf(args[i]); {
		case w.in("KEYS"):
			return span(args, i+1, len(args), 1)
		case w.in("AUTH"):
			i++
		case w.in("AUTH2"):
			i += 2
		}
	}
	return nil
}
