// Sessiond is the example service: a daemon that keeps sessions alive, and an operator's command to it.
//
//	sessiond -guarded -socket /run/sessions.sock -redis 127.0.0.1:6379      runs the daemon
//	sessiond terminate s00042 misbehaves                                    asks the daemon to end a session
//
// The session API lives behind the unix socket; with -serve-api the daemon brings one along.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"os/user"
	"syscall"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/adapter"
	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/service"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

// Exit statuses.
const (
	exitError   = 1
	exitUsage   = 2
	exitRetry   = 75 // EX_TEMPFAIL of sysexits.h: the system is unhealthy, and the text tells when to come again
	stopTimeout = 5 * time.Second
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the flags.
type options struct {
	raw, guarded, serveAPI bool
	socket, redis, listen  string
	ttl                    time.Duration
}

// run is the command without the process around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("sessiond", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&o.guarded, "guarded", false, "run the clients through the guard (the default)")
	flags.BoolVar(&o.raw, "raw", false, "run the clients as they are: an outage will end sessions")
	flags.BoolVar(&o.serveAPI, "serve-api", false, "serve the session API at -socket, too")
	flags.StringVar(&o.socket, "socket", "sessions.sock", "unix `path` of the session API")
	flags.StringVar(&o.redis, "redis", "127.0.0.1:6379", "`host:port` of Redis")
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8080", "`host:port` that users and the operator's command reach the daemon at")
	flags.DurationVar(&o.ttl, "ttl", 30*time.Second, "silence after which a session ends")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	if o.raw && o.guarded {
		fmt.Fprintln(stderr, "sessiond: give -raw or -guarded, not both")
		return exitUsage
	}
	if o.ttl <= 0 {
		fmt.Fprintln(stderr, "sessiond: -ttl must be positive")
		return exitUsage
	}
	var err error
	if flags.NArg() > 0 {
		command := adapter.Command{Daemon: "http://" + o.listen, Actor: actor()}
		err = command.Run(ctx, stdout, flags.Args())
	} else {
		err = serve(ctx, o, slog.New(slog.NewTextHandler(stderr, nil)))
	}
	switch {
	case err == nil:
		return 0
	case errors.Is(err, guard.ErrDestructiveDenied), errors.Is(err, guard.ErrUnhealthy):
		fmt.Fprintln(stderr, err)
		return exitRetry
	case errors.Is(err, adapter.ErrUsage):
		fmt.Fprintln(stderr, err)
		return exitUsage
	}
	fmt.Fprintln(stderr, "sessiond:", err)
	return exitError
}

// actor names the person at the terminal.
func actor() string {
	if person, err := user.Current(); err == nil {
		return person.Username
	}
	return "operator"
}

// serve runs the daemon until ctx is done.
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
	}
	return listen(ctx, o.listen, service.New(config), logger)
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

// listen runs the service and serves it to its users until ctx is done.
func listen(ctx context.Context, address string, s *service.Service, logger *slog.Logger) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := &http.Server{Handler: adapter.Handler(s), ReadHeaderTimeout: stopTimeout}
	failed := make(chan error, 1)
	go func() {
		failed <- server.Serve(listener)
		cancel()
	}()
	logger.Info("sessiond serves", "address", listener.Addr().String(), "guarded", s.Registry != nil)
	s.Run(ctx)
	stopping, done := context.WithTimeout(context.Background(), stopTimeout)
	defer done()
	stopped := server.Shutdown(stopping)
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(err, stopped)
	}
	return stopped
}
