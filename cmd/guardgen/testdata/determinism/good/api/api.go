// Package api has much that a map could hold: imports of one name, type parameters, keys, embedded interfaces.
package api

import (
	"context"
	"io"
	"net/http"
	"text/template"

	html "html/template"

	"example.com/m/good/store"
)

//guard:dependency name=api key=session:id,topic,tenant:req.Tenant
type API interface {
	store.Store[string, *http.Request]
	io.Closer //guard:skip Close

	//guard:probe
	Ping(ctx context.Context) error

	Render(ctx context.Context, id string, text *template.Template, page *html.Template) (map[string]struct {
		Name string `json:"name"`
	}, error)

	//guard:destructive budget=20/1m
	Drop(ctx context.Context, topic string, req store.Request) error

	//guard:destructive
	Purge(ctx context.Context, others ...string) error

	Delete(ctx context.Context, id string) error
	Remove(ctx context.Context, id string) error
	Evict(ctx context.Context, id string) error
}

//guard:dependency name=other optional
type Other[K comparable, V any] interface {
	store.Store[K, V]
	Name() string
	Count() int
}
