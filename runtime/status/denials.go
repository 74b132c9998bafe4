package status

import (
	"context"
	"fmt"
	"net/http"

	guard "github.com/guardgen/guardgen/runtime"
)

// Denial counts what was not done.
type Denial struct {
	guard.Denial

	Why string `json:"why"` // the reason in words
}

// denials lists what was not done, by operation and reason.
func (h *handler) denials(w http.ResponseWriter, _ *http.Request) {
	counted := h.registry.Denials()
	all := make([]Denial, len(counted))
	for i, d := range counted {
		all[i] = Denial{d, Why(d.Reason)}
	}
	send(w, http.StatusOK, "application/json", all)
}

// keyLimit bounds the keys of one question.
const keyLimit = 100

// explain answers what the gate would say now, in a scope in which nothing has failed.
func (h *handler) explain(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	operation, keys := query.Get("operation"), query["key"]
	switch {
	case operation == "":
		fail(w, http.StatusBadRequest, "name an operation: /explain?operation=DeleteTopic&key=topic:news")
		return
	case len(keys) > keyLimit:
		fail(w, http.StatusBadRequest, fmt.Sprintf("%d keys: %d are the most", len(keys), keyLimit))
		return
	}
	ctx := guard.NewScope(context.Background())
	if query.Has("confirmed") {
		ctx = guard.UserConfirmed(ctx, "somebody who asks", keys...)
	}
	send(w, http.StatusOK, "application/json", h.registry.Explain(ctx, operation, keys...))
}
