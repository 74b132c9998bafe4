// Sessiond is the example service: a daemon that keeps sessions alive, and an operator's command to it.
//
//	sessiond -guarded -socket /run/sessions.sock -redis 127.0.0.1:6379      runs the daemon
//	sessiond terminate s00042 misbehaves                                    asks the daemon to end a session
//
// The session API lives behind the unix socket; with -serve-api the daemon brings one along. Those who run a guarded daemon
// see its health at -status, with a browser or with guardctl. Who started it may also act there, with the token that was in
// the environment as SESSIOND_TOKEN.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"os/user"
	"syscall"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/adapter"
	guard "github.com/guardgen/guardgen/runtime"
)

// Exit statuses.
const (
	exitError = 1
	exitUsage = 2
	exitRetry = 75 // EX_TEMPFAIL of sysexits.h: the system is unhealthy, and the text tells when to come again
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the flags.
type options struct {
	raw, guarded, serveAPI bool
	socket, redis          string
	listen, status         string
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
	flags.StringVar(&o.status, "status", "127.0.0.1:9090", "`host:port`, or path of a unix socket, that those who run a guarded daemon see its health at; \"\" for none")
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
