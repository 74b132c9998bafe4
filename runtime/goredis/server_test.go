//go:build unix

package goredis

import (
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/redisserver"
)

// startRedis starts a redis-server, which ends with the test. Arguments are added to its command line.
func startRedis(t testing.TB, arguments ...string) *redisserver.Server {
	t.Helper()
	server, err := redisserver.Start(t.TempDir(), arguments...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

// newClient is a client that tries each thing once. It is closed with the test.
func newClient(t testing.TB, options *redis.Options) *redis.Client {
	options.MaxRetries, options.DialerRetries, options.DisableIdentity = -1, 1, true
	client := redis.NewClient(options)
	t.Cleanup(func() { client.Close() })
	return client
}

// leaf is a command as the server itself describes it, or a subcommand of one.
type leaf struct {
	name       string // as in Command
	arity      int    // of all words; negative: that many or more
	flags      []string
	categories []string
	specs      []keySpec
}

// keySpec says where a command has keys, and what it does with them.
type keySpec struct {
	flags  []string
	byWord bool // they stand behind an option
	ranged bool // they stand in a row, and no number says how many
}

// leaves are the commands of the server.
func leaves(t testing.TB, server *redisserver.Server) []leaf {
	t.Helper()
	client := newClient(t, &redis.Options{Addr: server.Addr, Protocol: 2}) // maps are lists there
	answer, err := client.Do(t.Context(), "command").Slice()
	if err != nil {
		t.Fatal(err)
	}
	if len(answer[0].([]any)) < 10 {
		t.Fatal("this redis-server says nothing about keys: the tests need 7.0 or later")
	}
	all := leavesOf(answer)
	if len(all) < 300 {
		t.Fatalf("the server has only %d commands", len(all))
	}
	slices.SortFunc(all, func(a, b leaf) int { return strings.Compare(a.name, b.name) })
	return all
}

func leavesOf(answer []any) (all []leaf) {
	for _, one := range answer {
		fields := one.([]any)
		if subs := fields[9].([]any); len(subs) > 0 {
			all = append(all, leavesOf(subs)...)
			continue
		}
		l := leaf{
			name:  strings.ToUpper(strings.ReplaceAll(fields[0].(string), "|", " ")),
			arity: int(fields[1].(int64)), flags: texts(fields[2]), categories: texts(fields[6]),
		}
		for _, spec := range fields[8].([]any) {
			s := pairs(spec)
			l.specs = append(l.specs, keySpec{
				flags: texts(s["flags"]), byWord: pairs(s["begin_search"])["type"] == "keyword",
				ranged: pairs(s["find_keys"])["type"] == "range",
			})
		}
		all = append(all, l)
	}
	return all
}

func texts(list any) (all []string) {
	for _, one := range list.([]any) {
		all = append(all, one.(string))
	}
	return all
}

func pairs(list any) map[string]any {
	all := map[string]any{}
	for pair := range slices.Chunk(list.([]any), 2) {
		all[pair[0].(string)] = pair[1]
	}
	return all
}

// words are the arguments of a command, written as in a terminal without quotes; "" stands for an empty one.
func words(line string) []any {
	var args []any
	for one := range strings.FieldsSeq(line) {
		if one == `""` {
			one = ""
		}
		args = append(args, one)
	}
	return args
}
