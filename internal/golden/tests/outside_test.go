// Package tests_test is a golden for annotated interfaces in the tests outside of a package.
package tests_test

import (
	"context"

	"github.com/guardgen/guardgen/internal/golden/tests"
)

// Fake has the name of another one.
//
//guard:dependency name=outside
type Fake interface {
	tests.Store
	Get(ctx context.Context, id tests.ID) error
}
