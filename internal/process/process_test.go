//go:build unix

package process_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/guardgen/guardgen/internal/process"
)

// patience bounds what must happen.
const patience = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start runs a shell script, which ends with the test.
func start(t *testing.T, script string) (p *process.Process, log string) {
	t.Helper()
	log = filepath.Join(t.TempDir(), "log")
	p, err := process.Start(log, []string{"GREETING=hello"}, "sh", "-c", script)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Kill() })
	return p, log
}

// until waits until something holds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(patience); !holds(); <-ticker.C {
		if time.Now().After(deadline) {
			t.Fatalf("it does not happen: %s", what)
		}
	}
}

// printed reports whether the file of the log ends so.
func printed(log, text string) func() bool {
	return func() bool {
		got, _ := os.ReadFile(log)
		return strings.HasSuffix(string(got), text)
	}
}

func TestItsEnvironmentIsOursAndMore(t *testing.T) {
	t.Setenv("NAME", "world")
	_, log := start(t, `echo "$GREETING $NAME"`)
	until(t, "greeting", printed(log, "hello world\n"))
}

func TestKilledProcessIsGone(t *testing.T) {
	p, log := start(t, `echo here; while :; do sleep 60; done`)
	until(t, "output", printed(log, "here\n"))
	pid := p.Pid()
	if !p.Running() {
		t.Fatal("it does not run")
	}
	for range 2 {
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
	}
	if p.Running() || p.Pid() != 0 || !errors.Is(p.Stop(), os.ErrProcessDone) {
		t.Fatal("it is said to run")
	}
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Fatalf("process %d: %v, want no such process", pid, err)
	}
}

func TestStoppedProcessStandsStillUntilItGoesOn(t *testing.T) {
	p, log := start(t, `while :; do echo on; done`)
	until(t, "output", printed(log, "on\n"))
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	size := func() int64 {
		info, err := os.Stat(log)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	var stood int64
	until(t, "standstill", func() bool { // a signal takes its time
		before := stood
		stood = size()
		return before == stood
	})
	if err := p.Continue(); err != nil {
		t.Fatal(err)
	}
	until(t, "output", func() bool { return size() > stood })
}

func TestProgramThatIsMissingIsAnError(t *testing.T) {
	if _, err := process.Start(os.DevNull, nil, "no-such-program"); err == nil {
		t.Fatal("no error")
	}
}
