package annotations

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestInterruptedRunIsAnError(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	config := Config{Dir: module(t, map[string]string{"a/a.go": client}), Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=")}
	if _, found := Load(ctx, config, "./a"); !found.HasErrors() || found[0].Message != "interrupted" {
		t.Errorf("it says %v", found)
	}
}

func TestRootsWithoutAnnotatedTypesAreOnlyParsed(t *testing.T) {
	t.Parallel()
	dir := module(t, map[string]string{
		"a/a.go": strings.Replace(client, "import", "import \"example.com/m/c\"\nimport", 1) + "\nvar _ c.T\n",
		"b/b.go": "package b\n\nimport \"text/template\"\n\nvar T template.Template\n",
		"c/c.go": "package c\n\nimport \"text/scanner\"\n\ntype T scanner.Scanner\n",
	})
	l := loaderIn(dir)
	l.load(t.Context(), []string{"./..."})
	for path, want := range map[string]bool{"a": true, "b": false, "c": true} {
		if p := l.checked["example.com/m/"+path]; p == nil || len(p.files) != 1 || (p.types != nil) != want {
			t.Errorf("%s: %+v, want types: %t", path, p, want)
		}
	}
	if l.exports["text/scanner"] == "" || l.exports["text/template"] != "" {
		t.Errorf("there is export data of %v", l.exports)
	}
}

func TestNamedIsToldOwnPackages(t *testing.T) {
	t.Parallel()
	dir := module(t, map[string]string{
		"go.mod":     "module example.com/m\n\ngo 1.26\n\nrequire example.com/lib v1.0.0\n\nreplace example.com/lib => ./lib\n",
		"lib/go.mod": "module example.com/lib\n\ngo 1.26\n",
		"lib/lib.go": "package lib\n",
		"a/a.go":     client,
		"b/b.go":     "package b\n\nimport _ \"example.com/m/c\"\n",
		"c/c.go":     "package c\n",
	})
	var named []string
	config := Config{Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOPROXY=off"), Named: func(dir string) { named = append(named, dir) }}
	Load(t.Context(), config, "./a", "./b", "./none", "example.com/lib", "context", "example.com/none")
	slices.Sort(named)
	if want := []string{filepath.Join(dir, "a"), filepath.Join(dir, "b")}; !slices.Equal(named, want) {
		t.Errorf("%v, want %v", named, want)
	}
}
