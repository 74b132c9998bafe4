// Package unnamed is a golden for parameters and results without a name: they get short ones, by their type.
package unnamed

import (
	"context"
	"net/url"
	"time"
)

// ListOptions narrows a list.
type ListOptions struct{ Limit int }

// Entry is one of a list.
type Entry struct{ Name string }

// Directory knows entries.
//
//guard:dependency name=directory
type Directory interface {
	//guard:probe
	Ping(context.Context) error

	Find(context.Context, string, *ListOptions) ([]*Entry, error)
	Range(context.Context, string, string, time.Time, time.Duration) (map[string]Entry, error)
	Store(context.Context, Entry, []byte, ...string) (bool, error)
	Move(_ context.Context, _ *url.URL, to *url.URL) (int64, error)
	Watch(_ context.Context, _ func(Entry), _ chan<- Entry, _ any) (_ string, _ error)
	Both(ctx context.Context, _ int, n int) (n2 int, _ float64, failure error)
}
