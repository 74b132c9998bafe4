// Command guardctl shows and changes, from a terminal, what the guard of a running service knows: which dependency is
// unhealthy, since when, when it is tried again, what is protected meanwhile, and what was not done.
//
//	export GUARDCTL_ADDRESS=http://127.0.0.1:9090
//	guardctl status
//	guardctl watch
//	guardctl explain DeleteTopic topic:news
//
// It speaks to the handler of package status in that service, which is the only thing that acts. guardctl help tells the
// rest.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	guard "github.com/guardgen/guardgen/runtime"
)

// Exit codes, those of plugins for monitoring.
const (
	exitHealthy     = 0 // or: done
	exitDegraded    = 1
	exitUnhealthy   = 2   // or: denied, not answered
	exitUnknown     = 3   // or: not reached, not understood, refused
	exitInterrupted = 130 // as shells have it
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	stop()
	os.Exit(code)
}

// run is guardctl without the process around it. It returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, env func(string) string) int {
	s := &session{
		stdin: stdin, stdout: &output{Writer: stdout}, stderr: stderr, env: env,
		screen: screenOf(stdout, env),
	}
	err := s.commands().Run(ctx, append([]string{"guardctl"}, args...))
	if err == nil && s.stdout.err != nil {
		err = fmt.Errorf("standard output: %w", s.stdout.err)
	}
	switch {
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return exitInterrupted
	case err != nil:
		s.say(err.Error())
		return exitUnknown
	}
	return s.code
}

// session is one run of guardctl.
type session struct {
	stdin  io.Reader
	stdout *output
	stderr io.Writer
	env    func(string) string
	screen screen
	code   int // unless there is an error
}

// say tells on standard error what is not the answer. What it says may come from the server.
func (s *session) say(text string) { fmt.Fprintln(s.stderr, "guardctl:", clean(text)) }

// output remembers that something could not be written.
type output struct {
	io.Writer

	err error
}

// Write implements [io.Writer].
func (o *output) Write(text []byte) (int, error) {
	n, err := o.Writer.Write(text)
	if err != nil && o.err == nil {
		o.err = err
	}
	return n, err
}

// print writes lines on standard output, in one piece.
func (s *session) print(lines ...string) { io.WriteString(s.stdout, join(lines)) }

// codeOf is the exit code for a state.
func codeOf(state guard.DependencyState) int {
	switch state {
	case guard.Healthy:
		return exitHealthy
	case guard.Degraded:
		return exitDegraded
	case guard.Unhealthy:
		return exitUnhealthy
	default:
		return exitUnknown
	}
}
