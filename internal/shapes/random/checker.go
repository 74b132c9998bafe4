package random

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
)

// A Checker type-checks drawn packages, with what they import of the standard library and the runtime from export data.
// Not safe for concurrent use.
type Checker struct {
	fset    *token.FileSet
	outside types.Importer
}

// NewChecker asks the go command, in the module at dir, for the export data.
func NewChecker(dir string, env []string, runtime string) (*Checker, error) {
	arguments := append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", runtime, exercisePath}, slices.Sorted(maps.Keys(standard))...)
	list := exec.Command("go", arguments...)
	list.Dir, list.Env = dir, env
	output, err := list.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			return nil, fmt.Errorf("go list: %w: %s", err, exit.Stderr)
		}
		return nil, fmt.Errorf("go list: %w", err)
	}
	exports := make(map[string]string)
	for line := range strings.Lines(string(output)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			exports[path] = file
		}
	}
	fset := token.NewFileSet()
	return &Checker{fset, importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})}, nil
}

// Check type-checks the package, with generated files beside its own, and returns every error.
func (c *Checker) Check(p *Package, generated map[string]string) (*types.Package, []error) {
	checking := &checking{Checker: c, files: p.Files(), checked: make(map[string]*types.Package)}
	maps.Copy(checking.files, generated)
	pkg, _ := checking.Import(p.Path) // the errors are kept
	return pkg, checking.errors
}

type checking struct {
	*Checker
	files   map[string]string
	checked map[string]*types.Package
	errors  []error
}

// Import checks the files of a drawn package; all others come from outside.
func (c *checking) Import(importPath string) (*types.Package, error) {
	dir, drawn := strings.CutPrefix(importPath, Module+"/")
	if importPath == "unsafe" {
		return types.Unsafe, nil
	}
	if !drawn {
		return c.outside.Import(importPath)
	}
	if pkg := c.checked[importPath]; pkg != nil {
		return pkg, nil
	}
	var files []*ast.File
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		if path.Dir(name) != dir {
			continue
		}
		file, err := parser.ParseFile(c.fset, name, c.files[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			c.errors = append(c.errors, err)
			continue
		}
		files = append(files, file)
	}
	config := types.Config{Importer: c, GoVersion: "go1.26", Error: func(err error) { c.errors = append(c.errors, err) }}
	pkg, err := config.Check(importPath, c.fset, files, nil)
	c.checked[importPath] = pkg
	return pkg, err
}
