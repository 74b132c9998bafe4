package annotations

import (
	"cmp"
	"context"
	"fmt"
	"go/token"
	"path/filepath"
	"runtime"
	"time"
)

// Config says where and how the go command is asked. The zero Config asks in the current directory.
type Config struct {
	Dir        string            // where patterns are resolved, and what diagnostics are relative to; "" is the current one
	BuildFlags []string          // for the go command, such as -tags=integration
	Env        []string          // environment of the go command; nil is that of the process
	Overlay    map[string][]byte // contents of files, by absolute path, that replace those on disk

	// Named, unless it is nil, is told the directory of each package that the patterns name and that is the user's own, with
	// annotated types or without: not of packages of the standard library, or of a module that is only required.
	Named func(dir string)

	// Trace, unless it is nil, is told how long each phase of a run took.
	Trace func(phase string, took time.Duration)
}

// phase begins a phase of the run, and returns what ends it.
func (c Config) phase(name string) (end func()) {
	if c.Trace == nil {
		return func() {}
	}
	began := time.Now()
	return func() { c.Trace(name, time.Since(began)) }
}

// architecture returns the GOARCH of the run.
func (c Config) architecture() string { return cmp.Or(c.getenv("GOARCH"), runtime.GOARCH) }

// settled returns the configuration with an absolute directory, and without what this package does in place of the go
// command.
func (c Config) settled() (Config, error) {
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return c, err
	}
	c.Dir = dir
	return c.withGoFlags()
}

// Load reads the annotated types of the packages that the patterns name; without patterns, of the package in
// Config.Dir. It loads once for all of them.
//
// The packages are those that hold at least one annotated type, sorted by import path. They are complete only if
// diagnostics.HasErrors is false. The packages need not compile: code that is wrong elsewhere, calls what is not
// generated yet, or was generated from an older state of a type is no obstacle. What the go command itself reports, syntax
// errors, and errors inside an annotated type are diagnostics.
func Load(ctx context.Context, config Config, patterns ...string) ([]*Package, Diagnostics) {
	report := &reporter{fset: token.NewFileSet()}
	config, err := config.settled()
	report.dir = config.Dir
	if err != nil {
		report.add(token.Position{}, Error, err.Error())
		return nil, report.sorted()
	}
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	l := newLoader(config, report)
	return l.model(ctx, patterns), report.sorted()
}

// model is Load without its preparations.
func (l *loader) model(ctx context.Context, patterns []string) []*Package {
	roots := l.load(ctx, patterns)
	defer l.config.phase(fmt.Sprintf("read %d packages", len(roots)))()
	packages := newReader(l, roots).read()
	for _, p := range roots {
		if p.hasParseError { // half a package lacks much that is there
			l.report.dropWarnings(p.paths)
		}
	}
	checkPolicies(l.report, packages)
	checkMissingProbes(l.report, packages)
	return packages
}

// Relative returns pos with its file as seen from the configured directory, the form that diagnostics have.
func (c Config) Relative(pos token.Position) token.Position {
	if dir, err := filepath.Abs(c.Dir); err == nil {
		pos.Filename = relative(dir, pos.Filename)
	}
	return pos
}
