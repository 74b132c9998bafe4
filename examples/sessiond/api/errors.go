package api

import (
	"context"
	"net/http"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// ErrNotFound is the server's word that a session does not exist.
var ErrNotFound = &unixhttp.StatusError{Code: http.StatusNotFound}

// Classify tells the guard which errors are the server's own answers; see [unixhttp.Classify].
func Classify(ctx context.Context, err error) guard.Outcome { return unixhttp.Classify(ctx, err) }
