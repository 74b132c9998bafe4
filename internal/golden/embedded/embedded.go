// Package embedded is a golden for embedded interfaces: the methods of own and foreign ones, in the order of the
// source, with the documentation they have there and the annotations of the embedding line.
package embedded

import (
	"context"
	"io"

	"github.com/guardgen/guardgen/internal/golden/embedded/foreign"
)

// Archive keeps records.
//
//guard:dependency name=archive
type Archive interface {
	writer
	foreign.Reader //guard:heavy Count
	io.Closer      //guard:skip Close

	// Ping asks for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) error
}

type writer interface {
	// Write stores record.
	Write(ctx context.Context, record *foreign.Record) error

	// Purge removes the records called names.
	//
	//guard:destructive key=record:names budget=5/1m
	Purge(ctx context.Context, names []string) error
}
