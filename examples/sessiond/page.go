package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime/debug"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/status"
)

// tokenVariable is the environment variable with the token of the person who starts the daemon.
const tokenVariable = "SESSIOND_TOKEN"

// page is the health of the daemon for those who run it, at an address of its own: it shows what users are not to see.
type page struct {
	listener net.Listener
	handler  http.Handler
	control  bool // who has the token may act
}

// openPage opens the page of a registry at an address of [status.Serve]. It listens, and answers once it serves.
func openPage(address string, registry *guard.HealthRegistry) (*page, error) {
	options := []status.Option{status.WithService("sessiond", release())}
	token := os.Getenv(tokenVariable)
	if token != "" {
		authorise, err := status.Tokens(map[string]string{actor(): token})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", tokenVariable, err)
		}
		options = append(options, status.WithControl(authorise))
	}
	listener, err := status.Listen(address)
	if err != nil {
		return nil, fmt.Errorf("-status: %w", err)
	}
	return &page{listener, status.Handler(registry, options...), token != ""}, nil
}

// serve is a part of the daemon.
func (p *page) serve(ctx context.Context) error {
	return status.ServeListener(ctx, p.listener, p.handler)
}

// release is the version that this program was built from, "" if it does not know.
func release() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return build.Main.Version
}
