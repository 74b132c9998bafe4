//go:build terminal

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// terminal is a real one: a tmux of its own, with a shell in it.
type terminal struct {
	*testing.T

	env []string
}

// newTerminal opens a terminal of a size.
func newTerminal(t *testing.T, address string, width, height int) *terminal {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Fatalf("this test needs tmux (apt-get install tmux): %v", err)
	}
	dir, err := os.MkdirTemp("", "gt") // t.TempDir may be too long for the path of a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	m := &terminal{t, append(os.Environ(), "TMUX_TMPDIR="+dir, "TMUX=", "LC_ALL=C.UTF-8", "TZ=UTC", "GUARDCTL_ADDRESS="+address)}
	m.tmux("new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height), "sh")
	t.Cleanup(func() { m.tmux("kill-server") })
	m.await(`^[$#]`)
	return m
}

// tmux runs a command of the tmux of this terminal, and of no other.
func (m *terminal) tmux(args ...string) string {
	m.Helper()
	cmd := exec.Command("tmux", append([]string{"-L", "guardctl", "-f", os.DevNull}, args...)...)
	cmd.Env = m.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		m.Fatalf("tmux %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// keys presses keys.
func (m *terminal) keys(keys ...string) {
	m.Helper()
	m.tmux(append([]string{"send-keys"}, keys...)...)
}

// asked is what tmux knows of the terminal.
func (m *terminal) asked(what string) string {
	m.Helper()
	return strings.TrimSpace(m.tmux("display-message", "-p", "#{"+what+"}"))
}

// await waits until the screen matches, and returns it.
func (m *terminal) await(wanted string) string {
	m.Helper()
	pattern := regexp.MustCompile("(?ms)" + wanted)
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for patience := time.After(30 * time.Second); ; {
		screen := m.tmux("capture-pane", "-p")
		if pattern.MatchString(screen) {
			return screen
		}
		select {
		case <-ticker.C:
		case <-patience:
			m.Fatalf("there is no %q on\n%s", wanted, screen)
		}
	}
}

// awaitRestored waits until the program has ended with code 0, and left the terminal as it was.
func (m *terminal) awaitRestored() {
	m.Helper()
	m.await(`^code=0$`)
	if m.asked("alternate_on") != "0" || m.asked("cursor_flag") != "1" {
		m.Errorf("alternate screen %s, cursor %s", m.asked("alternate_on"), m.asked("cursor_flag"))
	}
	m.keys("clear; stty -a; echo known", "Enter")
	modes := m.await(`^known$`)
	for _, mode := range []string{"icanon", "echo", "isig", "opost", "icrnl"} {
		if !regexp.MustCompile(`(^|\s)` + mode + `\b`).MatchString(modes) {
			m.Errorf("the terminal is not restored: no %s in\n%s", mode, modes)
		}
	}
}

func raise(t *testing.T, of staging) *stage {
	t.Helper()
	s, err := newStage(of)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	return s
}

func TestWatchInATerminal(t *testing.T) {
	path, remove, err := socketPath()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	of := staging{address: path, dependencies: []string{"redis", "api", "mail?"}}
	s := raise(t, of)
	m := newTerminal(t, path, 80, 24)
	m.keys("guardctl watch; echo code=$?", "Enter")
	m.await(`\AOK    All is well.*^redis +healthy.*^q quits`)
	if m.asked("alternate_on") != "1" {
		t.Error("it does not use the alternate screen")
	}

	if err := s.outage("redis", "dial tcp 127.0.0.1:6379: \x1b]0;owned\x07\x1b[2Jconnection refused"); err != nil {
		t.Fatal(err)
	}
	shown := m.await(`\AFAIL  Destructive operations blocked: redis unhealthy since [0-9:]+, next probe\s+in \d+ s.*^redis +UNHEALTHY.*^[0-9:]+  FAIL  redis unhealthy`)
	t.Logf("an outage on 80 columns and 24 lines:\n%s", shown)
	if title := m.asked("pane_title"); strings.Contains(title, "owned") {
		t.Errorf("an error message has set the title of the terminal: %s", title)
	}
	count := regexp.MustCompile(`probe\s+(in \d+ s)`)
	m.await(`probe\s+in ` + fewer(t, count.FindStringSubmatch(shown)[1]) + ` s`)

	m.tmux("resize-window", "-x", "160", "-y", "50")
	shown = m.await(`\AFAIL [^\n]*next probe in \d+ s\n(.*\n){48}q quits`)
	t.Logf("on 160 columns and 50 lines:\n%s", shown)
	m.tmux("resize-window", "-x", "60", "-y", "14")
	m.await(`\AFAIL.*more lines: down`)
	m.keys("Down", "Down")
	m.await(`next probe\s+in \d+ s\n\n  5 failures in a row`)
	m.keys("Home")
	for i := range 40 { // faster than anybody draws
		m.tmux("resize-window", "-x", fmt.Sprint(20+i*53%140), "-y", fmt.Sprint(3+i*29%60))
	}
	m.tmux("resize-window", "-x", "80", "-y", "24")
	m.await(`\AFAIL  [^\n]*\n      in \d+ s\n\n` +
		`DEPENDENCY  STATE      SINCE     BREAKER  NEXT TRY  LAST OK +LAST HOUR\nredis  [^\n]*█\n  5 failures [^\n]*\napi  [^\n]*▁\nmail  [^\n]*▁\n\n` +
		`OPERATION    OF     BUDGET  GATE\nDeleteApi    api    10/1m   blocked: redis unhealthy\nDeleteMail   mail   10/1m   blocked: redis unhealthy\nDeleteRedis  redis  10/1m   blocked: redis unhealthy\n\n` +
		`Not done: nothing; no destructive call was denied.\n\n([0-9:]{8}  (OK  |WARN|FAIL)  [^\n]*\n)+\n*q quits  \|[^\n]*\n\z`)

	s.stop()
	m.await(`\ANO CONTACT for \d+ s, what stands here is as old: .*FAIL`)
	raise(t, of)
	m.await(`\AOK    All is well.*the service was restarted`)

	m.keys("q")
	m.awaitRestored()
	for _, end := range []string{"C-c", "Escape"} {
		m.keys("clear; guardctl watch; echo code=$?", "Enter")
		m.await(`^q quits`)
		m.keys(end)
		m.awaitRestored()
	}
}

// fewer is a pattern for the numbers of a countdown below that of one that says "in 42 s".
func fewer(t *testing.T, text string) string {
	t.Helper()
	var n int
	if _, err := fmt.Sscanf(text, "in %d s", &n); err != nil {
		t.Fatal(err)
	}
	numbers := make([]string, n)
	for i := range numbers {
		numbers[i] = fmt.Sprint(i)
	}
	return "(" + strings.Join(numbers, "|") + ")"
}

// TestStatusInATerminal looks at colours, which are only where a person sees them.
func TestStatusInATerminal(t *testing.T) {
	path, remove, err := socketPath()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	s := raise(t, staging{address: path, dependencies: []string{"redis"}})
	if err := s.outage("redis", "connection refused"); err != nil {
		t.Fatal(err)
	}
	m := newTerminal(t, path, 80, 24)
	m.keys("clear; guardctl status; echo coloured=$?", "Enter")
	m.await(`^coloured=2$`)
	if screen := m.tmux("capture-pane", "-p", "-e"); !strings.Contains(screen, "\x1b[1m\x1b[31mUNHEALTHY") {
		t.Errorf("there is no colour in\n%q", screen)
	}
	m.keys("clear; NO_COLOR=1 guardctl status; echo plain=$?", "Enter")
	m.await(`^plain=2$`)
	if screen := m.tmux("capture-pane", "-p", "-e"); strings.Contains(screen, "\x1b[31m") {
		t.Errorf("there is colour in\n%q", screen)
	}
	m.keys("clear; TERM=dumb guardctl watch; echo watched=$?", "Enter") // nothing to draw on
	m.await(`^[0-9:]+  unhealthy: Destructive operations blocked[^\n]*\n {10}\S`)
	m.keys("C-c")
	m.await(`watched=0$`)
	file := filepath.Join(t.TempDir(), "out")
	m.keys("clear; guardctl status > "+file+"; echo written=$?", "Enter")
	m.await(`^written=2$`)
	if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), "\x1b") {
		t.Errorf("in a file there is colour: %q, %v", text, err)
	}
}
