package goredis

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// in is the index of some tiers.
func in(t testing.TB, chosen ...Tier) index {
	t.Helper()
	x, err := newIndex(InTiers(chosen...))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// spelling is text that marshals itself.
type spelling string

func (s spelling) MarshalBinary() ([]byte, error) {
	if s == "" {
		return nil, errors.New("nothing to say")
	}
	return []byte(s), nil
}

func TestACommandIsFoundHoweverItIsWritten(t *testing.T) {
	x, pointer := in(t, DefaultTiers()...), "flushAll"
	for _, row := range []struct {
		args []any
		want string // the row's name; "" if none
	}{
		{[]any{"del", "a"}, "DEL"},
		{[]any{"DEL", "a"}, "DEL"},
		{[]any{"dEl", "a"}, "DEL"},
		{[]any{[]byte("Del"), "a"}, "DEL"},
		{[]any{&pointer}, "FLUSHALL"},
		{[]any{spelling("unlink"), "a"}, "UNLINK"},
		{[]any{spelling(""), "a"}, ""}, // go-redis does not send it
		{[]any{"xgroup", "destroy", "s", "g"}, "XGROUP DESTROY"},
		{[]any{[]byte("XGroup"), []byte("Destroy"), "s", "g"}, "XGROUP DESTROY"},
		{[]any{"xgroup", "create", "s", "g", "$"}, ""},
		{[]any{"xgroup"}, ""},
		{[]any{"config", "get", "set"}, ""},
		{[]any{"config", "set", "maxmemory", "1"}, "CONFIG SET"},
		{[]any{"debug", "sleep", "0"}, "DEBUG"},
		{[]any{"debug"}, "DEBUG"},
		{[]any{"get", "del"}, ""},
		{[]any{"del a"}, ""}, // no such command
		{[]any{7}, ""},
		{[]any{nil}, ""},
		{[]any{""}, ""},
		{[]any{strings.Repeat("x", 1000)}, ""},
		{nil, ""},
	} {
		got := ""
		if c := x.find(redis.NewCmd(context.Background(), row.args...)); c != nil {
			got = c.Name
		}
		if got != row.want {
			t.Errorf("%q is %q, want %q", row.args, got, row.want)
		}
	}
}

func TestARuleMayBeAboutAllSubcommands(t *testing.T) {
	x, err := newIndex([]Command{{Name: "client", Tier: Server}, {Name: "client kill", Tier: Removal}})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"client", "CLIENT list", "client kill"} {
		if c := x.lookup(words(line)); c == nil || c.Name != "CLIENT" {
			t.Errorf("%s is %v", line, c)
		}
	}
}

func TestANameThatNoCommandHasIsAnError(t *testing.T) {
	for _, name := range []string{"", "  ", "CONFIG SET maxmemory", strings.Repeat("X", 100)} {
		if _, err := newIndex([]Command{{Name: name, Tier: Server}}); err == nil {
			t.Errorf("%q is the name of a command", name)
		}
	}
}

func TestFindCostsNoAllocation(t *testing.T) {
	x := in(t, Tiers()...)
	for _, args := range [][]any{
		{"get", "key"},
		{"del", "key"},
		{"XGROUP", "DESTROY", "s", "g"},
		{[]byte("xgroup"), []byte("create"), "s", "g"},
		{"expire", "key", int64(60)},
		{"set", "key", "value", "ex", int64(60), "nx"},
		{"xadd", "s", "maxlen", "~", int64(1000), "*", "f", "v"},
		{"zremrangebyscore", "key", "0", "1"},
	} {
		cmd := redis.NewCmd(context.Background(), args...)
		if n := testing.AllocsPerRun(100, func() { x.find(cmd); blocks(cmd) }); n != 0 {
			t.Errorf("%v costs %v allocations", args, n)
		}
	}
}

func TestConditionsReadArgumentsOfAnyType(t *testing.T) {
	past, zero := time.Now().Add(-time.Hour), int32(0)
	for _, row := range []struct {
		args []any
		want bool
	}{
		{[]any{"expire", "k", 1}, false},
		{[]any{"expire", "k", 0}, true},
		{[]any{"expire", "k", "0"}, true},
		{[]any{"expire", "k", []byte("-1")}, true},
		{[]any{"expire", "k", []byte("1")}, false},
		{[]any{"expire", "k", &zero}, true},
		{[]any{"expire", "k", (*int)(nil)}, true},
		{[]any{"expire", "k", true}, false},
		{[]any{"expire", "k", 1.0}, false},
		{[]any{"expire", "k", 0.0}, true},
		{[]any{"expire", "k", "soon"}, true}, // the server may know better
		{[]any{"expire", "k", struct{}{}}, true},
		{[]any{"expire", "k"}, false}, // the server refuses it
		{[]any{"pexpire", "k", time.Duration(0)}, true},
		{[]any{"expireat", "k", past.Unix()}, true},
		{[]any{"expireat", "k", time.Now().Add(time.Hour).Unix()}, false},
		{[]any{"pexpireat", "k", past.UnixMilli()}, true},
		{[]any{"pexpireat", "k", time.Now().Add(time.Hour).UnixMilli()}, false},
		{[]any{"hexpire", "k", 0, "FIELDS", 1, "f"}, true},
		{[]any{"hexpireat", "k", past.Unix(), "FIELDS", 1, "f"}, true},
		{[]any{"hpexpireat", "k", past.UnixMilli(), "FIELDS", 1, "f"}, true},
		{[]any{"hgetex", "k", "PXAT", past.UnixMilli(), "FIELDS", 1, "f"}, true},
		{[]any{"hgetex", "k", "FIELDS", 2, "EX", "0"}, false},
		{[]any{"hgetex", "k", "FIELDS", 1, "f", "EXAT", 1}, true},
		{[]any{"hsetex", "k", "FNX", "EXAT", 1, "FIELDS", 1, "f", "v"}, true},
		{[]any{"hsetex", "k", "EX", 60, "FIELDS", 1, "f", "v"}, false},
		{[]any{"hsetex", "k", "FIELDS", 1, "EXAT", "1"}, false},
		{[]any{"getex", "k", "EXAT", "1"}, true},
		{[]any{"getex", "k", "ex"}, false},
	} {
		if got := in(t, Removal).lookup(row.args) != nil; got != row.want {
			t.Errorf("%v removes: %v, want %v", row.args, got, row.want)
		}
	}
}

func TestConditionsOfNewerCommands(t *testing.T) {
	for _, row := range []struct {
		line string
		tier Tier
		want bool
	}{
		{"MSETEX 1 k v EX 5", Overwrite, true},
		{"MSETEX 1 k v EX 5 NX", Overwrite, false},
		{"MSETEX 1 NX NX EX 5", Overwrite, true},
		{"MSETEX", Overwrite, true},
		{"JSON.SET k $ 1", Overwrite, true},
		{"JSON.SET k $ 1 NX", Overwrite, false},
		{"TDIGEST.MERGE d 2 a b", Overwrite, false},
		{"TDIGEST.MERGE d 2 a override", Overwrite, false},
		{"TDIGEST.MERGE d 2 a b COMPRESSION 5 OVERRIDE", Overwrite, true},
		{"FT.CONFIG SET MAXEXPANSIONS 1", Server, true},
		{"FT.CONFIG GET SET", Server, false},
		{"INCREX k BYINT 1 EX 5", Expiry, true},
		{"INCREX k LBOUND 1", Expiry, false},
		{"TS.ALTER k RETENTION 5", Trimming, true},
		{"TS.ALTER k CHUNK_SIZE 5", Trimming, false},
		{"XADD s IDMP maxlen maxlen * f v", Trimming, false},
		{"XADD s IDMPAUTO p NOMKSTREAM MAXLEN 5 * f v", Trimming, true},
		{"SET k v IFEQ NX", Overwrite, true},
		{"SET k v IFEQ EXAT EXAT 1", Removal, true},
		{"SET k v PX -5", Removal, false},
		{"MSETEX 1 k v EXAT 1", Removal, true},
		{"MSETEX 1 k v EXAT 9999999999", Removal, false},
		{"MSETEX 1 EXAT 1", Removal, false},
		{"INCREX k BYINT 1 PXAT 1", Removal, true},
		{"INCREX k BYINT 1 EX 5", Removal, false},
	} {
		if got := in(t, row.tier).lookup(words(row.line)) != nil; got != row.want {
			t.Errorf("%s is %s: %v, want %v", row.line, row.tier, got, row.want)
		}
	}
}
