package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/predicate"
	guard "github.com/guardgen/guardgen/runtime"
)

type predicateFake struct{ pinger }

func (f predicateFake) Do(ctx context.Context, args ...any) (any, error) {
	r := f.Called("Do", ctx, args)
	return exercise.Result[any](r, 0), exercise.Result[error](r, 1)
}

func (f predicateFake) Exec(statement string) error {
	return exercise.Result[error](f.Called("Exec", statement), 0)
}

func newConn(r *guard.HealthRegistry, next predicate.Conn) (predicate.Conn, error) {
	return predicate.NewGuardedConn(r, next)
}

func TestPredicate(t *testing.T) {
	subject[predicate.Conn]{
		Dependency: "conn",
		Wrap:       newConn,
		Fake:       func(r *exercise.Recorder) predicate.Conn { return predicateFake{pinger{r}} },
	}.Exercise(t)
}
