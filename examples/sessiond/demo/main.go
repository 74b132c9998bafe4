// Demo runs the example service twice, side by side, through the same outages of both its dependencies: once with raw
// clients, once with the wrappers that guardgen has written. It knows who is really dead, and counts who was killed.
//
//	go run ./sessiond/demo                              with embedded Redis servers
//	REDIS_ADDR=127.0.0.1:6379 go run ./sessiond/demo    with a real one
//	DEMO_HOLD=1 go run ./sessiond/demo                  goes on after the verdict, until it is interrupted
//	DEMO_STATUS=127.0.0.1:0 go run ./sessiond/demo      shows the guarded service's health there, and not at 127.0.0.1:9090
//
// Its exit status is 0 only if the guarded service killed and deleted nothing alive, reaped everything dead in time and
// healed by itself, and if the raw service killed at least a quarter of the living.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/guardgen/guardgen/examples/sessiond/redistest"
)

// Exit statuses.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(command(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// options are the flags, and what the environment says.
type options struct {
	scale            float64
	sessions, topics int
	seed             uint64
	verbose          bool
	redis            string // address of a real server; "" for embedded ones
	status           string // address of the page; "" for defaultStatus, or a free port
	hold             bool   // goes on after the verdict
}

// command is the command without the process around it.
func command(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o := options{redis: os.Getenv("REDIS_ADDR"), status: os.Getenv("DEMO_STATUS")}
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Float64Var(&o.scale, "scale", 10, "how many times faster than a real service")
	flags.IntVar(&o.sessions, "sessions", 240, "number of sessions, one in ten of which really dies")
	flags.IntVar(&o.topics, "topics", 60, "number of topics, at most one for each session")
	flags.Uint64Var(&o.seed, "seed", 1, "what the dice of clients and proxies begin with")
	flags.BoolVar(&o.verbose, "v", false, "print the guard's log")
	short := flags.Bool("short", false, "a quarter of the time with a third of the sessions: -scale 40 -sessions 80 -topics 20")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	if *short {
		o.scale, o.sessions, o.topics = 40, 80, 20
	}
	if flags.NArg() > 0 || !(o.scale >= 1 && o.scale <= 50) || o.sessions < mortalShare || o.topics < 0 || o.topics > o.sessions {
		fmt.Fprintf(stderr, "demo: want no arguments, a scale from 1 to 50, at least %d sessions and no more topics than those\n", mortalShare)
		return exitUsage
	}
	var err error
	if o.hold, err = strconv.ParseBool(cmp.Or(os.Getenv("DEMO_HOLD"), "0")); err != nil {
		fmt.Fprintln(stderr, "demo: DEMO_HOLD: want 1 or 0")
		return exitUsage
	}
	outcome, err := run(ctx, o, stdin, stdout, stderr)
	switch {
	case outcome == nil && ctx.Err() != nil:
		fmt.Fprintln(stderr, "demo: interrupted")
		return exitInterrupted
	case err != nil:
		fmt.Fprintln(stderr, "demo:", err)
		return exitFailed
	case !outcome.passed():
		return exitFailed
	}
	return 0
}

// run runs the demo and leaves nothing behind. It returns the result, nil if it did not come to one.
func run(ctx context.Context, o options, stdin io.Reader, stdout, stderr io.Writer) (outcome *result, err error) {
	redistest.Mute()
	dir, err := os.MkdirTemp("", "demo")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s := setting{dir: dir, redis: o.redis, tempo: newTempo(o.scale), seed: o.seed, log: slog.New(slog.DiscardHandler)}
	if o.verbose {
		s.log = slog.New(slog.NewTextHandler(stderr, nil))
	}
	members := newCast(o.sessions, o.topics, s.tempo, o.seed)
	fmt.Fprintf(stdout, "%v\n%d sessions, %d of which really die; %d topics; %s; about %v of your time\n\n"+
		"killed, topics: destroyed although alive. reaped: dead sessions cleaned up, of those that have died so far.\n\n", s.tempo,
		o.sessions, len(members.deaths), o.topics, cmp.Or(o.redis, "embedded Redis"), s.tempo.wholeRun())

	var worlds []*world
	defer func() {
		for _, w := range worlds {
			err = errors.Join(err, w.close())
		}
	}()
	for _, name := range []string{"raw", "guarded"} {
		w, err := newWorld(ctx, name, name == "guarded", s)
		worlds = append(worlds, w)
		if err == nil {
			err = w.populate(ctx, members)
		}
		if err != nil {
			return nil, err
		}
	}
	raw, guarded := worlds[0], worlds[1]
	page, err := openPage(o.status, guarded.registry)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, page.close()) }()
	fmt.Fprintf(stdout, "%v\n", page)
	if !o.hold {
		fmt.Fprintln(stdout, "stay:     with DEMO_HOLD=1 all goes on after the verdict")
	}
	fmt.Fprintln(stdout)

	d := newDrama(raw, guarded, stdout)
	err = d.live(ctx, func(ctx context.Context) error {
		ended, err := d.outages(ctx)
		if err != nil {
			return err
		}
		outcome = &ended
		ended.table(stdout)
		ended.verdict(stdout)
		if !o.hold {
			return nil
		}
		fmt.Fprintf(stdout, "\n%v\n\nAll goes on. Enter: the outages once more. Ctrl-C: the end.\n", page)
		return d.hold(ctx, stdin)
	})
	return outcome, err
}
