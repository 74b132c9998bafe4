package templates_test

import (
	"bytes"
	"context"
	"flag"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/guardgen/guardgen/annotations"
	"github.com/guardgen/guardgen/templates"
)

var update = flag.Bool("update", false, "write the goldens anew")

func TestGoldensAreWhatIsGenerated(t *testing.T) {
	packages, diagnostics := annotations.Load(context.Background(), annotations.Config{Dir: "../internal/golden"}, "./...")
	for _, d := range diagnostics {
		if d.Severity == annotations.Error {
			t.Error(d)
		}
	}
	if len(packages) == 0 {
		t.Fatal("no annotated package found")
	}
	for _, pkg := range packages {
		for _, file := range pkg.Files {
			t.Run(filepath.Base(file.Path), func(t *testing.T) {
				checkGolden(t, pkg, file)
			})
		}
	}
}

func checkGolden(t *testing.T, pkg *annotations.Package, file *annotations.File) {
	text, problems := templates.File(pkg, file)
	for _, problem := range problems {
		t.Error(problem)
	}
	if len(problems) > 0 {
		return
	}
	if formatted, err := format.Source(text); err != nil || !bytes.Equal(text, formatted) {
		t.Errorf("not gofmt-clean: %v\n%s", err, diff.Diff("generated", text, "formatted", formatted))
	}
	if name, ok := annotations.GeneratedFrom(text); !ok || name != filepath.Base(file.Path) {
		t.Errorf("the header names %q as the source", name)
	}
	path := annotations.GeneratedPath(file.Path)
	if *update {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run go test ./templates -update", err)
	}
	if d := diff.Diff("golden", golden, "generated", text); d != nil {
		t.Errorf("%s differs from what guardgen writes:\n%s", filepath.Base(path), d)
	}
}

func TestEachGoldenHasItsReason(t *testing.T) {
	sources, err := filepath.Glob("../internal/golden/*/*_guard.go")
	if err != nil || len(sources) == 0 {
		t.Fatal(err, "no goldens found")
	}
	for _, path := range sources {
		source, err := os.ReadFile(strings.TrimSuffix(path, "_guard.go") + ".go")
		if err != nil {
			t.Error(err)
			continue
		}
		first, _, _ := strings.Cut(string(source), "\n")
		if want := "// Package " + filepath.Base(filepath.Dir(path)) + " is a golden for "; !strings.HasPrefix(first, want) {
			t.Errorf("%s begins with %q, not with its reason %q", path, first, want)
		}
	}
}
