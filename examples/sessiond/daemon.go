package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/guardgen/guardgen/examples/sessiond/adapter"
	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/service"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

// stopTimeout is how long requests of users may take to end when the daemon does.
const stopTimeout = 5 * time.Second

// part is a part of the daemon. It runs until ctx is done, and then returns nil.
type part func(ctx context.Context) error

// serve runs the daemon until ctx is done, or a part of it fails.
func serve(ctx context.Context, o options, logger *slog.Logger) error {
	if o.serveAPI {
		server := api.NewServer(nil)
		if err := server.ListenAndServe(o.socket); err != nil {
			return err
		}
		defer server.Close()
	}
	sessions, err := api.NewClient(o.socket, 0)
	if err != nil {
		return err
	}
	defer sessions.Close()
	messages := transport.NewRedis(transport.Config{Addr: o.redis})
	defer messages.Close()

	var parts []part
	config := service.Config{API: sessions, Transport: messages, TTL: o.ttl, Logger: logger}
	if !o.raw {
		registry := guard.NewHealthRegistry(guard.WithLogger(logger), guard.WithTTL(o.ttl))
		defer registry.Close()
		if err := protect(registry, &config, guard.WithGeneration(messages.Generation)); err != nil {
			return err
		}
		connection, err := messages.Guard(registry)
		if err != nil {
			return err
		}
		defer connection.Close()
		if o.status != "" {
			page, err := openPage(o.status, registry)
			if err != nil {
				return err
			}
			defer page.listener.Close()
			logger.Info("sessiond shows its health", "address", page.listener.Addr().String(), "control", page.control)
			parts = append(parts, page.serve)
		}
	}
	users, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	s := service.New(config)
	logger.Info("sessiond serves", "address", users.Addr().String(), "guarded", s.Registry != nil)
	return together(ctx, append(parts,
		func(ctx context.Context) error { s.Run(ctx); return nil },
		func(ctx context.Context) error { return serveUsers(ctx, users, adapter.Handler(s)) },
	)...)
}

// protect swaps the clients of config for guarded ones. The options are of the transport.
func protect(registry *guard.HealthRegistry, config *service.Config, options ...guard.Option) error {
	sessions, err := api.NewGuardedSessionAPI(registry, config.API)
	if err != nil {
		return err
	}
	messages, err := transport.NewGuardedTransport(registry, config.Transport, options...)
	if err != nil {
		return err
	}
	config.API, config.Transport, config.Registry = sessions, messages, registry
	return nil
}

// together runs all parts and returns when they have ended. The first that fails stops the others; its error is returned.
func together(ctx context.Context, parts ...part) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, run := range parts {
		group.Go(func() error { return run(ctx) })
	}
	return group.Wait()
}

// serveUsers serves handler until ctx is done and the requests of that moment are answered. It closes the listener.
func serveUsers(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: stopTimeout}
	defer server.Close() // what has not ended by then
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stopping, done := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer done()
	err := server.Shutdown(stopping)
	<-ended
	return err
}
