package rediscmd

import (
	"context"
	"reflect"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/exercise"
	guard "github.com/guardgen/guardgen/runtime"
)

//go:generate go run ../../internal/exercise/writefakes

type vector struct{ redis.Vector }

// TestEveryMethod calls each method several times: what goes in and what comes out is passed through, a refusal is in what
// carries the error, a failure is recorded once, the gate is asked or not, and it knows what the call is about.
func TestEveryMethod(t *testing.T) {
	exercise.Subject[Cmdable, Cmdable]{
		Dependency: "redis",
		Wrap: func(r *guard.HealthRegistry, next Cmdable) (Cmdable, error) {
			return New(r, next, WithoutHook())
		},
		Fake:        func(r *exercise.Recorder) Cmdable { return x_fake_Cmdable{r} },
		Samples:     []any{&vector{}, &struct{ redis.Pipeliner }{}, redis.NewCmd(context.Background(), "a")},
		Answers:     []error{redis.Nil},
		Destructive: destructiveBySample(t),
		Heavy:       []string{"Keys"},
		Unguarded:   []string{"Pipeline", "TxPipeline"},
		Keys:        keys(t),
	}.Exercise(t)
}

// destructiveBySample are the methods that the gate is asked about with the samples of package exercise: durations are
// positive there, times long ago, and structs of others empty.
func destructiveBySample(t *testing.T) (names []string) {
	client := newWire(t)
	for method := range reflect.TypeFor[Cmdable]().Methods() {
		client.sent = nil
		over := method.Type.NumIn() > 2 && method.Type.In(2).String() == "time.Time"
		if unsent[method.Name] != "" {
			continue
		}
		if call(client.Client, method.Name, over); isDestructive(client.sent[0]) {
			names = append(names, method.Name)
		}
	}
	return names
}

// keys are what calls are about, of all destructive methods and of some others: by their first argument, but for the
// exceptions.
func keys(t *testing.T) map[string][]string {
	about := map[string][]string{
		"ACLDelUser": {"user:1"}, "ACLSetUser": {"user:1"}, "ClientKill": {"client:1"}, "ClientKillByFilter": {"client:1"},
		"ClientUnblock": {"client:1"}, "ClientUnblockWithError": {"client:1"}, "ClusterForget": {"node:1"},
		"ClusterReplicate": {"node:1"}, "FunctionDelete": {"function:1"}, "FTDropIndex": {"index:1"},
		"FTDropIndexWithArgs": {"index:1"}, "FTAliasDel": {"alias:1"}, "FTDictDel": {"dictionary:1"},
		"Migrate": {"key:3"}, "TSDeleteRule": {"key:1", "key:2"},

		"Get": {"key:1"}, "MGet": {"key:1"}, "Rename": {"key:1", "key:2"}, "LMove": {"key:1", "key:2"}, "XAdd": {"key:1.Stream"},
		"XClaim": {"key:1.Stream"}, "ZInterStore": {"key:1", "key:2.Keys"}, "ZUnion": {"key:1.Keys"}, "ZRangeStore": {"key:1", "key:2.Key"},
		"SortStore": {"key:1", "key:2"}, "GeoSearchStore": {"key:1", "key:2"}, "PFMerge": {"key:1", "key:2"}, "Eval": {"key:2"},
		"BLPop": {"key:2"}, "BitOpNot": {"key:1", "key:2"}, "LCS": {"key:1.Key1", "key:1.Key2"}, "Expire": {"key:1"},
	}
	for _, name := range destructiveBySample(t) {
		if about[name] == nil && !withoutTarget[name] {
			about[name] = []string{"key:1"}
		}
	}
	return about
}

// withoutTarget are the destructive methods that are about the server, and nothing that a key could name.
var withoutTarget = map[string]bool{
	"FlushAll": true, "FlushAllAsync": true, "FlushDB": true, "FlushDBAsync": true, "Shutdown": true, "ShutdownSave": true,
	"ShutdownNoSave": true, "Save": true, "BgSave": true, "BgRewriteAOF": true, "SlaveOf": true, "ReplicaOf": true, "ConfigSet": true,
	"ConfigRewrite": true, "ConfigResetStat": true, "FTConfigSet": true, "ModuleLoadex": true, "ACLLogReset": true,
	"SlowLogReset": true, "LatencyReset": true, "ClientPause": true, "ClientUnpause": true, "ClusterAddSlots": true,
	"ClusterAddSlotsRange": true, "ClusterDelSlots": true, "ClusterDelSlotsRange": true, "ClusterFailover": true,
	"ClusterMeet": true, "ClusterSaveConfig": true, "ClusterResetHard": true, "ClusterResetSoft": true, "ScriptFlush": true,
	"ScriptKill": true, "FunctionFlush": true, "FunctionFlushAsync": true, "FunctionKill": true, "FunctionRestore": true,
}
