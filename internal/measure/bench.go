package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// long is what nobody waits for twice.
const long = 5 * time.Second

// bench runs the commands. Memory must stay small in this process: what it has had itself is the least that the kernel
// can say of a process that it starts.
type bench struct {
	rounds int
	peers  int // the rounds in which peers run, too; 0 leaves them out
	cold   bool

	repository string // its directory
	temporary  string
	env        []string
	commands   []command
	edition    int // of the file that is edited, the last one
}

// measure returns a row for each module and each state of it.
func (b *bench) measure(modules []module) (rows []row, err error) {
	err = b.prepare()
	defer os.RemoveAll(b.temporary) // which is there also if guardgen does not compile
	if err != nil {
		return nil, err
	}
	for _, m := range modules {
		fmt.Fprintln(os.Stderr, "measure:", m.name)
		if err := b.write(m); err != nil {
			return nil, err
		}
		for _, measure := range []func(module) (row, error){b.unchanged, b.edited, b.emptied} {
			r, err := measure(m)
			if err != nil {
				return nil, err
			}
			if len(r.costs) > 0 {
				rows = append(rows, r)
			}
		}
	}
	return rows, nil
}

// prepare builds guardgen, and the peers if they are to run, into the temporary directory.
func (b *bench) prepare() (err error) {
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	b.repository = filepath.Dir(strings.TrimSpace(string(mod)))
	if b.temporary, err = os.MkdirTemp("", "measure"); err != nil {
		return err
	}
	b.commands = commands
	if err := b.build(b.repository, nil, "build", "-o", b.temporary, "./cmd/guardgen", "./internal/measure/load"); err != nil {
		return err
	}
	if b.peers > 0 {
		b.commands = slices.Concat(commands, peers)
		env := []string{"GOWORK=off", "GOFLAGS=", "GOBIN=" + b.temporary}
		if err := b.build(filepath.Join(b.repository, "internal", "measure", "peers"), env, "install", "tool"); err != nil {
			return err
		}
	}
	b.env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOPROXY=off", "GOTOOLCHAIN=local")
	return nil
}

func (b *bench) build(dir string, env []string, args ...string) error {
	build := exec.Command("go", args...)
	build.Dir, build.Env = dir, append(os.Environ(), env...)
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", args[0], err, output)
	}
	return nil
}

// dir returns where a command works on a module.
func (b *bench) dir(m module, c command) string {
	if c.own {
		return filepath.Join(b.temporary, "own", strings.ReplaceAll(c.name, " ", ""), m.path)
	}
	return filepath.Join(b.temporary, m.path)
}

// write makes the copies of the module, which require this one as it stands.
func (b *bench) write(m module) error {
	own, err := os.ReadFile(filepath.Join(b.repository, "go.mod"))
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(b.repository, "go.sum"))
	if err != nil {
		return err
	}
	text := regexp.MustCompile(`(?m)^module .*$`).ReplaceAllLiteralString(string(own), "module "+m.path)
	text += fmt.Sprintf("\nrequire github.com/guardgen/guardgen v0.0.0\n\nreplace github.com/guardgen/guardgen => %q\n\ntool github.com/guardgen/guardgen/cmd/guardgen\n", b.repository)
	for _, c := range b.commands {
		files := m.files()
		files["go.mod"], files["go.sum"] = text, string(sums)
		files[m.source()] = m.edition(0)
		if c.files != nil {
			maps.Copy(files, c.files(m))
		}
		if err := writeFiles(b.dir(m, c), files); err != nil {
			return err
		}
	}
	return nil
}

func writeFiles(dir string, files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// unchanged measures a module for which all is up to date and compiled.
func (b *bench) unchanged(m module) (row, error) {
	r := newRow(m, unchanged)
	for _, c := range slices.Concat([]command{generate, export}, b.commands) { // fills the cache
		if _, err := b.run(c, m); err != nil {
			return r, err
		}
	}
	return r, b.rotate(r, m, b.commands, func(command) error { return nil })
}

// edited measures a module whose first source file has changed since the last run: a comment, or every other time a method
// that is new. Each command has an edit of its own, because some compile it.
func (b *bench) edited(m module) (row, error) {
	r := newRow(m, edited)
	commands := slices.DeleteFunc(slices.Clone(b.commands), func(c command) bool { return c.name == check.name })
	return r, b.rotate(r, m, commands, func(c command) error {
		b.edition++
		if err := writeFiles(b.dir(m, c), map[string]string{m.source(): m.edition(b.edition)}); err != nil {
			return err
		}
		if !c.recompiles {
			return nil
		}
		_, err := b.run(generate, m) // without it the module does not compile with a new method
		return err
	})
}

// rotate runs the commands one after the other, as often as there are rounds, so that what else the machine does falls on
// all of them.
func (b *bench) rotate(r row, m module, commands []command, before func(command) error) error {
	for round := range b.rounds {
		if len(commands)%2 == 0 {
			b.edition++ // so that each command gets edits of both kinds
		}
		for _, c := range commands {
			if c.own && round >= b.peers || round > 0 && r.costs[c.name][0].wall > long {
				continue
			}
			if err := before(c); err != nil {
				return err
			}
			cost, err := b.run(c, m)
			if err != nil {
				return err
			}
			r.costs[c.name] = append(r.costs[c.name], cost)
		}
	}
	return nil
}

// emptied measures each command that is one run with a build cache of its own, which is empty.
func (b *bench) emptied(m module) (row, error) {
	r := newRow(m, emptied)
	if !b.cold || m.large {
		return r, nil
	}
	for _, c := range b.commands {
		if c.built || len(c.runs(m)) > 1 { // the first of several runs fills the cache
			continue
		}
		cache := filepath.Join(b.temporary, "cache")
		cost, err := b.run(c, m, "GOCACHE="+cache)
		if err = errors.Join(err, os.RemoveAll(cache)); err != nil {
			return r, err
		}
		r.costs[c.name] = append(r.costs[c.name], cost)
	}
	return r, nil
}

// run runs the processes of a command for a module, one after the other.
func (b *bench) run(c command, m module, env ...string) (sum cost, err error) {
	for _, p := range c.runs(m) {
		program := p.args[0]
		if strings.HasPrefix(program, "./") {
			program = filepath.Join(b.temporary, program)
		}
		run := exec.Command(program, p.args[1:]...)
		run.Dir, run.Env = filepath.Join(b.dir(m, c), filepath.FromSlash(p.dir)), append(b.env[:len(b.env):len(b.env)], env...)
		one, err := costOf(run)
		if err != nil {
			return cost{}, err
		}
		sum = sum.plus(one)
	}
	fmt.Fprintf(os.Stderr, "measure: %s, %s: %s\n", m.name, c.name, seconds(sum.wall))
	return sum, nil
}

// machine says what the numbers were measured on.
func (b *bench) machine() string {
	processor := ""
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if match := regexp.MustCompile(`(?m)^model name\s*:\s*(.+)$`).FindSubmatch(text); match != nil {
			processor = " (" + string(match[1]) + ")"
		}
	}
	text := fmt.Sprintf("%s, %s/%s, %d processors%s; median of %d rounds", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor, b.rounds)
	if b.peers > 0 {
		text += fmt.Sprintf(", of %d for other generators", min(b.peers, b.rounds))
	}
	return text + ", of one where that takes more than 5 s or the build cache is empty."
}
