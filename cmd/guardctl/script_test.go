package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the expectations of the scripts anew")

// TestScripts tells the stories of the command line, one for each file of testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Values[theStory] = &story{running: make(map[string]*running)}
			env.Setenv("TZ", "UTC")
			env.Setenv("TOKEN_OF_ALICE", tokenOfAlice)
			env.Setenv("TOKEN_OF_BOB", tokenOfBob)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"serve":     serve,
			"stop-it":   stopIt,
			"outage":    outageOf,
			"recover":   recoverOf,
			"degrade":   degradeOf,
			"destroy":   destroy,
			"impostor":  impose,
			"exits":     exits,
			"begin":     begin,
			"await":     await,
			"interrupt": interrupt,
		},
	})
}

type storyKey struct{}

var theStory storyKey

// story is what a script has beside its files.
type story struct {
	stage   *stage
	running map[string]*running
}

func storyOf(ts *testscript.TestScript) *story { return ts.Value(theStory).(*story) }

// serve raises a stage, at the address of the one before if there was one: serve [-control] [-observe] [-hold=1m] [-tcp] NAME...
func serve(ts *testscript.TestScript, _ bool, args []string) {
	var of staging
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.BoolVar(&of.control, "control", false, "")
	flags.DurationVar(&of.hold, "hold", 0, "")
	observe, tcp := flags.Bool("observe", false, ""), flags.Bool("tcp", false, "")
	ts.Check(flags.Parse(args))
	of.dependencies = flags.Args()
	if *observe {
		of.mode = guard.Observe
	}
	s := storyOf(ts)
	switch {
	case *tcp:
		of.address = "127.0.0.1:0"
	case s.stage != nil:
		of.address = s.stage.address
	default:
		path, remove, err := socketPath()
		ts.Check(err)
		ts.Defer(remove)
		of.address = path
	}
	stage, err := newStage(of)
	ts.Check(err)
	s.stage = stage
	ts.Defer(stage.stop)
	ts.Setenv("GUARDCTL_ADDRESS", stage.address)
}

// stopIt ends the stage: stop-it
func stopIt(ts *testscript.TestScript, _ bool, _ []string) { storyOf(ts).stage.stop() }

// outageOf: outage NAME [TEXT], where the text may be quoted as in Go
func outageOf(ts *testscript.TestScript, _ bool, args []string) {
	text := "connection refused"
	if len(args) > 1 {
		text = args[1]
	}
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	ts.Check(storyOf(ts).stage.outage(args[0], text))
}

// recoverOf: recover NAME
func recoverOf(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(storyOf(ts).stage.recover(args[0]))
}

// degradeOf: degrade NAME
func degradeOf(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(storyOf(ts).stage.degrade(args[0]))
}

// destroy asks the gate, which must allow, or with ! deny: [!] destroy OPERATION [TIMES]
func destroy(ts *testscript.TestScript, neg bool, args []string) {
	times := 1
	if len(args) > 1 {
		var err error
		times, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	denied := storyOf(ts).stage.destroy(args[0], times)
	if neg && denied < times || !neg && denied > 0 {
		ts.Fatalf("%s: %d of %d were denied", args[0], denied, times)
	}
}

// impose has something else than a guard at the address, which answers with a file, at $IMPOSTOR: impostor [-hangs] FILE
func impose(ts *testscript.TestScript, _ bool, args []string) {
	hangs := args[0] == "-hangs"
	if hangs {
		args = args[1:]
	}
	answer := strings.ReplaceAll(ts.ReadFile(args[0]), "\n", "\r\n")
	i, err := newImpostor(answer, hangs)
	ts.Check(err)
	ts.Defer(i.stop)
	ts.Setenv("GUARDCTL_ADDRESS", "http://"+i.address)
	ts.Setenv("IMPOSTOR", i.address)
}

// exits runs a program, which must exit with a code: exits CODE PROGRAM ARGUMENT...
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	if got := exitCode(err); strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit code %d, and not %s", got, args[0])
	}
}

func exitCode(err error) int {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	if err != nil {
		return -1
	}
	return 0
}

// running is a program in the background, whose output goes to files.
type running struct {
	*exec.Cmd
	out string
}

// begin runs a program in the background, with its output, errors too, in NAME.out: begin NAME PROGRAM ARGUMENT...
func begin(ts *testscript.TestScript, _ bool, args []string) {
	path, err := exec.LookPath(args[1])
	ts.Check(err)
	r := &running{exec.Command(path, args[2:]...), ts.MkAbs(args[0] + ".out")}
	r.Env = os.Environ()
	for _, name := range []string{"GUARDCTL_ADDRESS", "GUARDCTL_TOKEN", "TZ", "LANG", "LC_ALL", "COLUMNS", "HOME"} {
		r.Env = append(r.Env, name+"="+ts.Getenv(name))
	}
	out, err := os.Create(r.out)
	ts.Check(err)
	defer out.Close()
	r.Stdout, r.Stderr = out, out
	ts.Check(r.Start())
	storyOf(ts).running[args[0]] = r
	ts.Defer(func() { r.Process.Kill(); r.Wait() })
}

// await waits until the output of a program in the background matches: await NAME REGEXP
func await(ts *testscript.TestScript, _ bool, args []string) {
	r, wanted := storyOf(ts).running[args[0]], regexp.MustCompile("(?m)"+args[1])
	var out []byte
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for patience := time.After(30 * time.Second); ; {
		var err error
		out, err = os.ReadFile(r.out)
		ts.Check(err)
		if wanted.Match(out) {
			return
		}
		select {
		case <-ticker.C:
		case <-patience:
			ts.Fatalf("%s has not said %s, but\n%s", args[0], args[1], out)
		}
	}
}

// interrupt ends a program in the background as ctrl-c does; it must exit with a code: interrupt NAME CODE
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	r := storyOf(ts).running[args[0]]
	ts.Check(r.Process.Signal(syscall.SIGINT))
	if got := exitCode(r.Wait()); strconv.Itoa(got) != args[1] {
		ts.Fatalf("%s: exit code %d, and not %s", args[0], got, args[1])
	}
}
