package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// bench runs the commands. Memory must stay small in this process: what it has had itself is the least that the kernel
// can say of a process that it starts.
type bench struct {
	rounds int
	cold   bool

	repository string // its directory
	temporary  string
	env        []string
}

// command is one of the programs that are compared, without its packages.
type command struct {
	name string // as the table has it
	args []string
}

// fields are those that guardgen asks the go command for.
const fields = "Name,ImportPath,Error,Dir,GoFiles,IgnoredGoFiles,IgnoredOtherFiles,CFiles,CgoFiles,CXXFiles,MFiles,HFiles," +
	"FFiles,SFiles,SwigFiles,SwigCXXFiles,SysoFiles,DepOnly,Imports,ImportMap,Module"

// The commands, the floor first. What has the export data of every package compiles what is edited.
var (
	list     = command{"go list -deps", []string{"go", "list", "-e", "-deps", "-pgo=off", "-json=" + fields}}
	export   = command{"go list -export -deps", []string{"go", "list", "-e", "-deps", "-export", "-pgo=off", "-json=Export," + fields}}
	generate = command{"guardgen", []string{"./guardgen"}}
	check    = command{"guardgen check", []string{"./guardgen", "check"}}
	commands = []command{list, export, generate, check}

	// The ways to load that guardgen does not go.
	syntax = command{"packages.LoadSyntax", []string{"./load", "syntax"}}
	all    = command{"packages.LoadAllSyntax", []string{"./load", "all"}}
	ways   = []command{list, generate, syntax, all}
)

// measure returns a row for each module and each state of it.
func (b *bench) measure(modules []module) (rows []row, err error) {
	err = b.prepare()
	defer os.RemoveAll(b.temporary) // which is there also if guardgen does not compile
	if err != nil {
		return nil, err
	}
	for _, m := range modules {
		fmt.Fprintln(os.Stderr, "measure:", m.name)
		dir := filepath.Join(b.temporary, m.path)
		if err := b.write(m, dir); err != nil {
			return nil, err
		}
		for _, measure := range []func(module, string) (row, error){b.unchanged, b.edited, b.emptied} {
			r, err := measure(m, dir)
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

// prepare builds guardgen into the temporary directory.
func (b *bench) prepare() (err error) {
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	b.repository = filepath.Dir(strings.TrimSpace(string(mod)))
	if b.temporary, err = os.MkdirTemp("", "measure"); err != nil {
		return err
	}
	b.env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOPROXY=off", "GOTOOLCHAIN=local")
	build := exec.Command("go", "build", "-o", b.temporary, "./cmd/guardgen", "./internal/measure/load")
	build.Dir = b.repository
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, output)
	}
	return nil
}

// write makes dir the module, which requires this one as it stands.
func (b *bench) write(m module, dir string) error {
	own, err := os.ReadFile(filepath.Join(b.repository, "go.mod"))
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(b.repository, "go.sum"))
	if err != nil {
		return err
	}
	text := regexp.MustCompile(`(?m)^module .*$`).ReplaceAllLiteralString(string(own), "module "+m.path)
	text += fmt.Sprintf("\nrequire github.com/guardgen/guardgen v0.0.0\n\nreplace github.com/guardgen/guardgen => %q\n", b.repository)
	files := m.files()
	files["go.mod"], files["go.sum"] = text, string(sums)
	files[m.root] = m.edition(0)
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

// unchanged measures a module whose wrappers are up to date and compiled. The commands take turns, so that what else the
// machine does falls on all of them.
func (b *bench) unchanged(m module, dir string) (row, error) {
	r := newRow(m, "nothing changed")
	for _, c := range []command{generate, export} { // fills the cache
		if _, err := b.run(c, dir); err != nil {
			return r, err
		}
	}
	return r, b.rotate(r, dir, slices.Concat(commands, []command{syntax, all}), nil)
}

// edited measures a module whose first source file has changed since the last run: a comment, or every other time a method
// that is new. Each command has an edit of its own, because some compile it. guardgen runs before the others, because
// without it the module does not compile with a new method.
func (b *bench) edited(m module, dir string) (row, error) {
	r := newRow(m, "after an edit")
	edition := 0
	return r, b.rotate(r, dir, []command{generate, list, export, syntax, all}, func(c command) error {
		edition++
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(m.root)), []byte(m.edition(edition)), 0o666); err != nil {
			return err
		}
		if c.name == generate.name {
			return nil
		}
		_, err := b.run(generate, dir)
		return err
	})
}

// rotate runs the commands one after the other, as often as there are rounds.
func (b *bench) rotate(r row, dir string, commands []command, before func(command) error) error {
	for range b.rounds {
		for _, c := range commands {
			if before != nil {
				if err := before(c); err != nil {
					return err
				}
			}
			cost, err := b.run(c, dir)
			if err != nil {
				return err
			}
			r.costs[c.name] = append(r.costs[c.name], cost)
		}
	}
	return nil
}

// emptied measures each command with a build cache of its own, which is empty.
func (b *bench) emptied(m module, dir string) (row, error) {
	r := newRow(m, "build cache empty")
	if !b.cold {
		return r, nil
	}
	for _, c := range []command{generate, list, export, syntax, all} {
		cache := filepath.Join(b.temporary, "cache")
		cost, err := b.run(c, dir, "GOCACHE="+cache)
		if err = errors.Join(err, os.RemoveAll(cache)); err != nil {
			return r, err
		}
		r.costs[c.name] = append(r.costs[c.name], cost)
	}
	return r, nil
}

// run runs a command in dir, on all its packages.
func (b *bench) run(c command, dir string, env ...string) (cost, error) {
	program := c.args[0]
	if strings.HasPrefix(program, "./") {
		program = filepath.Join(b.temporary, program)
	}
	run := exec.Command(program, append(c.args[1:len(c.args):len(c.args)], "./...")...)
	run.Dir, run.Env = dir, append(b.env[:len(b.env):len(b.env)], env...)
	return costOf(run)
}

// machine says what the numbers were measured on.
func (b *bench) machine() string {
	processor := ""
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if match := regexp.MustCompile(`(?m)^model name\s*:\s*(.+)$`).FindSubmatch(text); match != nil {
			processor = " (" + string(match[1]) + ")"
		}
	}
	return fmt.Sprintf("%s, %s/%s, %d processors%s; median of %d rounds, with an empty build cache one run.",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor, b.rounds)
}
