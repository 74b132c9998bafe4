//go:build unix

package goredis

import (
	"fmt"
	"testing"

	"github.com/redis/go-redis/v9"
)

// TestConditionsSayWhatTheServerDoes runs each call, and looks whether something is lost by it.
func TestConditionsSayWhatTheServerDoes(t *testing.T) {
	client := newClient(t, &redis.Options{Addr: startRedis(t).Addr})
	do := func(t *testing.T, line string) any {
		t.Helper()
		answer, err := client.Do(t.Context(), words(line)...).Result()
		if err != nil && err != redis.Nil {
			t.Fatalf("%s: %v", line, err)
		}
		return answer
	}
	for _, row := range []struct {
		setup string
		line  string
		look  string // what it answers must change if something is lost, and otherwise not
		lost  bool
		tier  Tier
	}{
		{"SET k v", "EXPIRE k 0", "GET k", true, Removal},
		{"SET k v", "EXPIRE k -5", "GET k", true, Removal},
		{"SET k v", "EXPIRE k 100", "GET k", false, Removal},
		{"SET k v", "EXPIRE k 0 NX", "GET k", true, Removal},
		{"SET k v", "PEXPIRE k 0", "GET k", true, Removal},
		{"SET k v", "PEXPIRE k 100000", "GET k", false, Removal},
		{"SET k v", "EXPIREAT k 1", "GET k", true, Removal},
		{"SET k v", "EXPIREAT k 9999999999", "GET k", false, Removal},
		{"SET k v", "PEXPIREAT k 9999999999", "GET k", true, Removal}, // in 1970
		{"SET k v", "PEXPIREAT k 9999999999999", "GET k", false, Removal},
		{"SET k v", "GETEX k EXAT 1", "GET k", true, Removal},
		{"SET k v", "getex k pxat 1", "GET k", true, Removal},
		{"SET k v", "SET k v EXAT 1", "GET k", true, Removal},
		{"SET k v", "SET k v XX GET PXAT 1", "GET k", true, Removal},
		{"SET k v", "SET k v EXAT 9999999999", "GET k", false, Removal},
		{"SET k v", "SET k v KEEPTTL", "GET k", false, Removal},
		{"SET k v", "GETEX k EX 100", "GET k", false, Removal},
		{"SET k v", "GETEX k PERSIST", "GET k", false, Removal},
		{"SET k v", "GETEX k", "GET k", false, Removal},
		{"SET k v", "GETEX k PX 100000", "EXPIRETIME k", true, Expiry},
		{"SET k v", "GETEX k PERSIST", "EXPIRETIME k", false, Expiry},
		{"SET k v", "MOVE k 5", "GET k", true, Removal},
		{"XADD s 1-1 f v", "XADD s MAXLEN 1 2-1 f v", "XRANGE s 1-1 1-1", true, Trimming},
		{"XADD s 1-1 f v", "XADD s NOMKSTREAM minid = 2 2-1 f v", "XRANGE s 1-1 1-1", true, Trimming},
		{"XADD s 1-1 f v", "XADD s 2-1 MAXLEN 1", "XRANGE s 1-1 1-1", false, Trimming},
		{"SET k v", "SET k w", "GET k", true, Overwrite},
		{"SET k v", "SET k w EX 5 GET", "GET k", true, Overwrite},
		{"SET k v", "SET k w NX", "GET k", false, Overwrite},
		{"SET k v", "SET k w px 5000 nx", "GET k", false, Overwrite},
		{"SET k v", "SET k NX", "GET k", true, Overwrite},
		{"SET k v", "SETNX k w", "GET k", false, Overwrite},
		{"SET k v", "MSETNX k w", "GET k", false, Overwrite},
		{"MSET k v l w", "RENAMENX l k", "GET k", false, Overwrite},
		{"MSET k v l w", "RENAMENX l m", "GET l", true, Consuming},
		{"MSET k v l w", "COPY l k", "GET k", false, Overwrite},
		{"MSET k v l w", "COPY l k REPLACE", "GET k", true, Overwrite},
		{"MSET k v l w", "COPY l k DB 0 replace", "GET k", true, Overwrite},
		{"SADD k b c", "SORT k ALPHA", "SMEMBERS k", false, Overwrite},
		{"SADD k b c", "SORT k ALPHA LIMIT 0 1 BY STORE GET # STORE k", "TYPE k", true, Overwrite},
		{"SADD k b c", "SORT k ALPHA BY STORE", "TYPE k", false, Overwrite},
		{"GEOADD k 1 1 a 2 2 b", "GEORADIUS k 1 1 1 km", "ZCARD k", false, Overwrite},
		{"GEOADD k 1 1 a 2 2 b", "GEORADIUS k 1 1 1 km COUNT 9 store k", "ZCARD k", true, Overwrite},
		{"GEOADD k 1 1 a 2 2 b", "GEORADIUSBYMEMBER k a 1 km ASC STOREDIST k", "ZCARD k", true, Overwrite},
		{"GEOADD k 1 1 a 2 2 b", "GEORADIUSBYMEMBER k a 1 km", "ZCARD k", false, Overwrite},
	} {
		t.Run(row.line, func(t *testing.T) {
			do(t, "FLUSHALL")
			do(t, row.setup)
			before := fmt.Sprint(do(t, row.look))
			do(t, row.line)
			after := fmt.Sprint(do(t, row.look))
			if lost := before != after; lost != row.lost {
				t.Fatalf("%s was %s, and is %s", row.look, before, after)
			}
			if found := in(t, row.tier).lookup(words(row.line)) != nil; found != row.lost {
				t.Errorf("the table finds it in %s: %v", row.tier, found)
			}
		})
	}
}

// TestALibraryIsReplacedOnlyWithReplace stands apart because code has spaces.
func TestALibraryIsReplacedOnlyWithReplace(t *testing.T) {
	const code = "#!lua name=lib\nredis.register_function('f', function() return 1 end)"
	client := newClient(t, &redis.Options{Addr: startRedis(t).Addr})
	x := in(t, Overwrite)
	for _, row := range []struct {
		args []any
		lost bool
	}{
		{[]any{"function", "load", code}, false},
		{[]any{"function", "load", "replace", code}, true},
	} {
		if found := x.lookup(row.args) != nil; found != row.lost {
			t.Errorf("%v overwrites: %v", row.args[:3], found)
		}
		if err := client.Do(t.Context(), row.args...).Err(); err != nil {
			t.Errorf("%v: %v", row.args[:3], err)
		}
	}
}
