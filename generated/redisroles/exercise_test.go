package redisroles

import (
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/exercise"
	guard "github.com/guardgen/guardgen/runtime"
)

//go:generate go run ../../internal/exercise/writefakes

// The methods of each role are called several times: what goes in and what comes out is passed through, a refusal is in
// what carries the error, a failure is recorded once, the gate is asked or not, and it knows what the call is about.

func TestEveryMethodOfHashes(t *testing.T) {
	exercise.Subject[Hashes, Hashes]{
		Dependency:  "redis",
		Wrap:        func(r *guard.HealthRegistry, next Hashes) (Hashes, error) { return NewHashes(r, next) },
		Fake:        func(r *exercise.Recorder) Hashes { return x_fake_Hashes{r} },
		Answers:     []error{redis.Nil},
		Destructive: []string{"HDel"},
		Keys: aboutFirst("HGet", "HMGet", "HGetAll", "HKeys", "HLen", "HExists", "HScan", "HSet", "HSetNX", "HIncrBy", "HExpire",
			"HDel"),
	}.Exercise(t)
}

func TestEveryMethodOfSets(t *testing.T) {
	exercise.Subject[Sets, Sets]{
		Dependency:  "redis",
		Wrap:        func(r *guard.HealthRegistry, next Sets) (Sets, error) { return NewSets(r, next) },
		Fake:        func(r *exercise.Recorder) Sets { return x_fake_Sets{r} },
		Answers:     []error{redis.Nil},
		Destructive: []string{"SRem"},
		Keys:        aboutFirst("SIsMember", "SMIsMember", "SMembers", "SCard", "SRandMemberN", "SScan", "SAdd", "SPop", "SRem"),
	}.Exercise(t)
}

func TestEveryMethodOfSortedSets(t *testing.T) {
	exercise.Subject[SortedSets, SortedSets]{
		Dependency:  "redis",
		Wrap:        func(r *guard.HealthRegistry, next SortedSets) (SortedSets, error) { return NewSortedSets(r, next) },
		Fake:        func(r *exercise.Recorder) SortedSets { return x_fake_SortedSets{r} },
		Answers:     []error{redis.Nil},
		Destructive: []string{"ZRem", "ZRemRangeByRank", "ZRemRangeByScore"},
		Keys: aboutFirst("ZScore", "ZRank", "ZCard", "ZCount", "ZRange", "ZRangeWithScores", "ZRangeByScore", "ZAdd", "ZAddNX",
			"ZIncrBy", "ZPopMin", "ZRem", "ZRemRangeByRank", "ZRemRangeByScore"),
	}.Exercise(t)
}

func TestEveryMethodOfStreams(t *testing.T) {
	keys := aboutFirst("XLen", "XRange", "XRangeN", "XRevRangeN", "XAck", "XPending", "XInfoGroups", "XGroupCreateMkStream", "XDel",
		"XTrimMaxLen", "XTrimMinID", "XGroupDelConsumer", "XGroupDestroy")
	for _, name := range []string{"XAdd", "XPendingExt", "XClaim", "XAutoClaim"} {
		keys[name] = []string{"key:1.Stream"}
	}
	exercise.Subject[Streams, Streams]{
		Dependency:  "redis",
		Wrap:        func(r *guard.HealthRegistry, next Streams) (Streams, error) { return NewStreams(r, next) },
		Fake:        func(r *exercise.Recorder) Streams { return x_fake_Streams{r} },
		Answers:     []error{redis.Nil},
		Destructive: []string{"XDel", "XTrimMaxLen", "XTrimMinID", "XGroupDelConsumer", "XGroupDestroy"},
		Heavy:       []string{"XRange"},
		Keys:        keys,
	}.Exercise(t)
}

func TestEveryMethodOfScripts(t *testing.T) {
	exercise.Subject[Scripts, Scripts]{
		Dependency:  "redis",
		Wrap:        func(r *guard.HealthRegistry, next Scripts) (Scripts, error) { return NewScripts(r, next) },
		Fake:        func(r *exercise.Recorder) Scripts { return x_fake_Scripts{r} },
		Answers:     []error{redis.Nil},
		Destructive: []string{"Eval", "EvalSha"},
		Keys:        map[string][]string{"Eval": {"key:2"}, "EvalSha": {"key:2"}, "EvalRO": {"key:2"}, "EvalShaRO": {"key:2"}},
	}.Exercise(t)
}

// aboutFirst are the keys of methods whose first argument names the key.
func aboutFirst(names ...string) map[string][]string {
	keys := make(map[string][]string)
	for _, name := range names {
		keys[name] = []string{"key:1"}
	}
	return keys
}
