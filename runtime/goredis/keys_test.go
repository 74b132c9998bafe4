//go:build unix

package goredis

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// calls are those whose keys no rule for all can make: a number says how many they are, or a word where.
var calls = strings.Split(strings.TrimSpace(`
EVAL code 2 a b c
EVAL code 0 c
EVALSHA sha 1 a
EVALSHA_RO sha 2 a b
EVAL_RO code 1 a
FCALL f 2 a b c
FCALL_RO f 1 a
BLMPOP 1 2 a b LEFT
BZMPOP 1 1 a MIN COUNT 5
LMPOP 2 a b RIGHT
ZMPOP 2 a b MAX
SINTERCARD 2 a b LIMIT 5
ZINTERCARD 1 a
ZDIFF 2 a b WITHSCORES
ZINTER 2 a b
ZUNION 2 a b
ZDIFFSTORE to 2 a b
ZINTERSTORE to 2 a b WEIGHTS 1 2
ZUNIONSTORE to 1 a AGGREGATE MAX
XREAD STREAMS a b 0 0
XREAD COUNT 5 BLOCK 1 streams a 0
XREADGROUP GROUP STREAMS c STREAMS a b > >
XREADGROUP GROUP g c COUNT 1 NOACK STREAMS a >
SORT a
SORT a BY b* GET c* DESC
SORT a STORE to
SORT a LIMIT 0 5 store x STORE to
SORT a BY STORE GET STORE
SORT_RO a BY b*
GEORADIUS a 1 1 1 km
GEORADIUS a 1 1 1 km COUNT 5 STORE to
GEORADIUS a 1 1 1 km STOREDIST to
GEORADIUS a 1 1 1 km STORE to STOREDIST too
GEORADIUSBYMEMBER a m 1 km
GEORADIUSBYMEMBER a m 1 km storedist to
MIGRATE host 1 a 0 100
MIGRATE host 1 a 0 100 COPY REPLACE
MIGRATE host 1 "" 0 100 KEYS a b c
MIGRATE host 1 "" 0 100 COPY AUTH KEYS KEYS a
MIGRATE host 1 "" 0 100 AUTH2 KEYS KEYS KEYS a b
MSET a 1 b 2 c 3
MSETNX a 1 b 2
BITOP AND to a b
BLPOP a b 1
BZPOPMIN a b 1
PFMERGE to a b
SUNIONSTORE to a b
OBJECT ENCODING a
MEMORY USAGE a SAMPLES 5
LCS a b LEN
XGROUP CREATE a g $
GEOSEARCHSTORE to a FROMMEMBER m BYRADIUS 1 m
COPY a to DB 1
`), "\n")

// plain is a call of a command with arguments that say nothing.
func plain(l leaf) string {
	line := strings.Fields(l.name)
	n := l.arity
	if n < 0 {
		n = -n + 2
	}
	for i := len(line); i < n; i++ {
		line = append(line, fmt.Sprintf("k%d", i))
	}
	return strings.Join(line, " ")
}

func TestKeysAreThoseThatTheServerFinds(t *testing.T) {
	server := startRedis(t)
	client := newClient(t, &redis.Options{Addr: server.Addr})
	called := map[string]bool{}
	for _, line := range calls {
		args := words(line)
		called[strings.ToUpper(args[0].(string))] = true
		compareKeys(t, client, args)
	}
	for _, l := range leaves(t, server) {
		counted := slices.ContainsFunc(l.specs, func(s keySpec) bool { return s.byWord || !s.ranged })
		switch {
		case counted && !called[l.name]:
			t.Errorf("%s has keys where a number or a word says: write a call of it", l.name)
		case !counted && l.arity != 1: // else there is nothing to ask
			compareKeys(t, client, words(plain(l)))
		}
	}
}

func compareKeys(t *testing.T, client *redis.Client, args []any) {
	t.Helper()
	want, err := client.CommandGetKeys(t.Context(), args...).Result()
	if err != nil && !strings.Contains(err.Error(), "has no key arguments") {
		t.Fatalf("%v: %v", args, err)
	}
	for _, name := range []any{args[0], strings.ToLower(args[0].(string)), []byte(args[0].(string))} {
		args[0] = name
		if got := keysOf(args); !slices.Equal(got, want) {
			t.Errorf("%q: %q, the server says %q", args, got, want)
		}
	}
}

func TestKeysOfCommandsThatTheServerOfTheTestsDoesNotKnow(t *testing.T) {
	for line, want := range map[string]string{
		"MSETEX 2 a 1 b 2 EX 5":           "a b",
		"MSETEX x a 1":                    "",
		"DELEX a IFEQ 5":                  "a",
		"HGETDEL a FIELDS 1 f":            "a",
		"XACKDEL a g KEEPREF IDS 1 1-1":   "a",
		"LMOVEM a b LEFT RIGHT":           "a b",
		"BLMOVEM a b LEFT RIGHT 1":        "a b",
		"SDIFFCARD 2 a b LIMIT 1":         "a b",
		"HIMPORT SET a fieldset v":        "a",
		"HIMPORT PREPARE fieldset f":      "",
		"JSON.DEL a $":                    "a",
		"JSON.MGET a b $":                 "a b",
		"JSON.MSET a $ 1 b $ 2":           "a b",
		"JSON.DEBUG MEMORY a $":           "a",
		"TS.MADD a 1 1 b 2 2":             "a b",
		"TS.CREATERULE a b AGGREGATION 1": "a b",
		"TS.DELETERULE a b":               "a b",
		"TS.MRANGE - + FILTER l=1":        "",
		"TS.NRANGE 2 a b - +":             "a b",
		"CMS.MERGE to 2 a b WEIGHTS 1 2":  "to a b",
		"TDIGEST.MERGE to 1 a OVERRIDE":   "to a",
		"FT.DROPINDEX idx DD":             "idx",
		"FT.CURSOR DEL idx 5":             "idx",
		"FT.CONFIG SET a 1":               "",
		"FOO.BAR a b":                     "a",
		"FOO":                             "",
		"WAITAOF 1 1 100":                 "",
		"AUTH secret":                     "",
		"HELLO 3 AUTH user secret":        "",
		"CLUSTER MIGRATION IMPORT 1 2":    "",
		"VREM a e":                        "a",
		"XREAD BLOCK 1":                   "",
		"XREAD STREAMS a b 0":             "a",
		"EVAL code -1 a":                  "",
		"EVAL code 99999999999999999999":  "",
		"EVAL code 9223372036854775807 a": "a",
		"LMPOP":                           "",
		"MIGRATE host 1":                  "",
		"BLPOP a":                         "",
		"SORT a STORE":                    "a",
	} {
		if got := strings.Join(keysOf(words(line)), " "); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestKeysAreWhatIsSent(t *testing.T) {
	key := "pointer"
	got := keysOf([]any{"del", "text", []byte("bytes"), 7, uint8(8), 2.5, true, &key, spelling("marshalled"), struct{}{}, nil})
	want := []string{"text", "bytes", "7", "8", "2.5", "1", "pointer", "marshalled", ""}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// FuzzArguments looks for arguments that the rules cannot bear. Each byte of types says how one of the words is given.
func FuzzArguments(f *testing.F) {
	for _, line := range calls {
		f.Add(line, []byte{0, 1, 2, 3})
	}
	for _, row := range Commands() {
		f.Add(row.Name+" a 1 b 2 EX 5", []byte{1})
		f.Add(row.Name+" 9223372036854775807 -9223372036854775808 9223372036854775807", []byte{2})
	}
	x, err := newIndex(Commands())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line string, types []byte) {
		args := words(line)
		for i, arg := range args {
			if len(types) == 0 {
				break
			}
			switch word := arg.(string); types[i%len(types)] % 6 {
			case 1:
				args[i] = []byte(word)
			case 2:
				args[i] = &word
			case 3:
				if n, ok := integer(word); ok {
					args[i] = n
				}
			case 4:
				args[i] = spelling(word)
			case 5:
				args[i] = nil
			}
		}
		keys := keysOf(args)
		if len(keys) > len(args)-min(1, len(args)) {
			t.Errorf("%q has the keys %q", args, keys)
		}
		if c := x.lookup(args); c != nil && len(args) == 0 {
			t.Errorf("nothing is %s", c.Name)
		}
		for _, rows := range x {
			for _, row := range rows.whole {
				if row.When != nil {
					row.When(args)
				}
			}
		}
		blocking(args)
	})
}
