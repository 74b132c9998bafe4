package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/golden/predicate"
	guard "github.com/guardgen/guardgen/runtime"
)

type predicateFake struct{ pinger }

func (f predicateFake) Do(ctx context.Context, args ...any) (any, error) {
	r := f.called("Do", ctx, args)
	return result[any](r, 0), result[error](r, 1)
}

func (f predicateFake) Exec(statement string) error {
	return result[error](f.called("Exec", statement), 0)
}

func newConn(r *guard.HealthRegistry, next predicate.Conn) (predicate.Conn, error) {
	return predicate.NewGuardedConn(r, next)
}

func TestPredicate(t *testing.T) {
	subject[predicate.Conn]{
		dependency: "conn",
		wrap:       newConn,
		fake:       func(r *recorder) predicate.Conn { return predicateFake{pinger{r}} },
	}.exercise(t)
}
