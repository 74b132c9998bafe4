//go:build unix

// Package process runs programs for tests, which stop them, let them go on and kill them. None of them outlives the test:
// each is killed, by its own pid, when we are gone, however we went.
package process

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// underShell starts a program, what it prints going to the file $1, says its pid, and kills it when the input ends.
const underShell = `trap '' INT TERM; log=$1; shift; "$@" >"$log" 2>&1 </dev/null & echo $!; cat >/dev/null; kill -9 $! 2>/dev/null; wait`

// Process is a program that runs. Not safe for concurrent use.
type Process struct {
	pid   int       // 0: it has been killed
	shell *exec.Cmd // its parent: it kills the program when we are gone
	alive io.Closer // our end of the shell's input
}

// Start runs a program with what env adds to our environment. What it prints goes to the file log.
func Start(log string, env []string, name string, arguments ...string) (*Process, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, err
	}
	p := &Process{shell: exec.Command("sh", append([]string{"-c", underShell, "sh", log, path}, arguments...)...)}
	p.shell.Env = append(os.Environ(), env...)
	if p.alive, err = p.shell.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := p.shell.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.shell.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err == nil {
		p.pid, err = strconv.Atoi(strings.TrimSpace(line))
	}
	if err != nil {
		p.Kill()
		return nil, fmt.Errorf("pid of %s: %w", name, err)
	}
	return p, nil
}

// Pid is the number of the process; 0 after Kill.
func (p *Process) Pid() int { return p.pid }

// Running reports whether the process has not ended by itself.
func (p *Process) Running() bool { return p.pid != 0 && syscall.Kill(p.pid, 0) == nil }

// Stop stops the process where it stands, as SIGSTOP does: its sockets accept, and nothing answers.
func (p *Process) Stop() error { return p.signal(syscall.SIGSTOP) }

// Continue lets the process go on, with all that was sent to it meanwhile.
func (p *Process) Continue() error { return p.signal(syscall.SIGCONT) }

// signal sends a signal to the process, and to nobody else.
func (p *Process) signal(which syscall.Signal) error {
	if p.pid == 0 {
		return os.ErrProcessDone
	}
	return syscall.Kill(p.pid, which)
}

// Kill ends the process as kill -9 does, and waits until it is gone. Killing again does nothing.
func (p *Process) Kill() error {
	if p.alive == nil {
		return nil
	}
	if p.pid != 0 {
		syscall.Kill(p.pid, syscall.SIGKILL)
	}
	p.alive.Close()
	p.alive, p.pid = nil, 0
	return p.shell.Wait()
}
