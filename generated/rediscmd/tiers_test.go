package rediscmd

import (
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
)

// unsent are the methods that send no command when they are called with whatever arguments.
var unsent = map[string]string{
	"Quit":            "go-redis panics: not implemented",
	"JSONDebugMemory": "go-redis panics: not implemented",
	"Pipeline":        "sends when Exec is called, through the hooks of the client",
	"TxPipeline":      "sends when Exec is called, through the hooks of the client",
	"Pipelined":       "sends what its function queues, through the hooks of the client",
	"TxPipelined":     "sends what its function queues, through the hooks of the client",
}

// TestDestructiveMethodsAreThoseThatSendDestructiveCommands calls every method of a wrapper whose gate is shut, and of a bare
// client, with times that are over and times that are not: denied is what sends a command of the tiers that a guard at the
// hooks of a client gates by default, and nothing else.
func TestDestructiveMethodsAreThoseThatSendDestructiveCommands(t *testing.T) {
	client := newWire(t)
	registry := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler))) // whose gate is shut, because it has just started
	defer registry.Close()
	wrapper, err := New(registry, client.Client, WithoutHook())
	if err != nil {
		t.Fatal(err)
	}
	reached := make(map[string]bool)
	for method := range reflect.TypeFor[Cmdable]().Methods() {
		if unsent[method.Name] != "" {
			continue
		}
		for _, over := range []bool{false, true} {
			client.sent = nil
			err := call(client.Client, method.Name, over)
			if len(client.sent) != 1 {
				t.Errorf("%s sends %v, want one command: %v", method.Name, client.sent, err)
				continue
			}
			want := isDestructive(client.sent[0])
			reached[nameOf(client.sent[0])] = true
			client.sent = nil
			denied := errors.Is(call(wrapper, method.Name, over), guard.ErrDestructiveDenied)
			if sent := len(client.sent) > 0; denied != want || sent == denied {
				t.Errorf("%s with times that are over: %t: denied %t, want %t; sent %v", method.Name, over, denied, want, client.sent)
			}
		}
	}
	for name := range unsent {
		if _, ok := reflect.TypeFor[Cmdable]().MethodByName(name); !ok {
			t.Errorf("there is no method %s", name)
		}
	}
	for _, command := range goredis.InTiers(goredis.DefaultTiers()...) {
		if reached[command.Name] == slices.Contains(unreachable, command.Name) {
			t.Errorf("%s: a method of redis.Cmdable sends it: %t", command.Name, reached[command.Name])
		}
	}
}

// unreachable are the destructive commands that no method of redis.Cmdable sends: a raw Do does, or SwapDB of a connection.
var unreachable = strings.Split("FAILOVER,HOTKEYS RESET,MODULE LOAD,MODULE UNLOAD,MONITOR,PFDEBUG,PSYNC,REPLCONF,"+
	"RESTORE-ASKING,SWAPDB,SYNC,TRIMSLOTS,XSETID,FT.DROP,FT.SUGDEL,ACL LOAD,ACL SAVE,CLIENT NO-EVICT,CLUSTER BUMPEPOCH,"+
	"CLUSTER FLUSHSLOTS,CLUSTER MIGRATION,CLUSTER SET-CONFIG-EPOCH,CLUSTER SETSLOT,SCRIPT DEBUG,CLUSTER ADDSLOTSRANGE,CLUSTER DELSLOTSRANGE", ",")
