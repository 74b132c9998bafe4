package golden_test

import (
	"context"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/words"
	guard "github.com/guardgen/guardgen/runtime"
)

// nameable are the methods of the interface whose types have names outside of its package.
type nameable interface {
	Target(ctx context.Context, id *words.Target) *redis.StatusCmd
	Eval(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd
	ScriptExists(ctx context.Context, hashes ...string) *redis.BoolSliceCmd
}

type wordsFake struct {
	words.Words
	*exercise.Recorder
}

func (f wordsFake) Target(ctx context.Context, id *words.Target) *redis.StatusCmd {
	return exercise.Result[*redis.StatusCmd](f.Called("Target", ctx, id), 0)
}

func (f wordsFake) Eval(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd {
	return exercise.Result[*redis.Cmd](f.Called("Eval", ctx, script, keys, args), 0)
}

func (f wordsFake) ScriptExists(ctx context.Context, hashes ...string) *redis.BoolSliceCmd {
	return exercise.Result[*redis.BoolSliceCmd](f.Called("ScriptExists", ctx, hashes), 0)
}

func TestWords(t *testing.T) {
	subject[nameable]{
		Dependency: "words",
		Wrap: func(r *guard.HealthRegistry, next nameable) (nameable, error) {
			return words.NewGuardedWords(r, next.(words.Words), exercise.Alive)
		},
		Fake: func(r *exercise.Recorder) nameable { return wordsFake{Recorder: r} },
		Keys: map[string][]string{"Target": {"id:1.Name"}},
	}.Exercise(t)
}

func TestConstructorOfAPackageWithItsOwnErrorReturnsGos(t *testing.T) {
	var err error
	if _, err = words.NewGuardedWords(quietRegistry(t), nil); err == nil {
		t.Error("a nil client is taken")
	}
}
