// Package predicate is a golden for when=: a predicate on the parameters decides whether a call goes through the gate.
package predicate

import (
	"context"
	"strings"
)

func destroys(_ context.Context, args ...any) bool {
	name, _ := args[0].(string)
	return strings.EqualFold(name, "del")
}

func isDelete(statement string) bool { return strings.HasPrefix(statement, "DELETE") }

// Conn runs any command.
//
//guard:dependency name=conn
type Conn interface {
	//guard:probe
	Ping(ctx context.Context) error

	// Do runs a command.
	//
	//guard:destructive when=destroys budget=10/1m key=conn:args
	Do(ctx context.Context, args ...any) (any, error)

	//guard:destructive when=isDelete budget=10/1m key=conn:statement
	Exec(statement string) error
}
