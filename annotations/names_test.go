package annotations

import (
	"go/token"
	"path/filepath"
	"testing"
	"time"
)

func TestWrappersAreAsVisibleAsTheirInterface(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{
		"Transport": {"GuardedTransport", "NewGuardedTransport"},
		"transport": {"guardedTransport", "newGuardedTransport"},
		"öffner":    {"guardedÖffner", "newGuardedÖffner"},
	} {
		wrapper := wrapperName(name)
		if got := [2]string{wrapper, (Dependency{Wrapper: wrapper}).Constructor()}; got != want {
			t.Errorf("%s has %q, want %q", name, got, want)
		}
	}
}

func TestInternalPackagesAreImportableBesideThem(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		path, from string
		want       bool
	}{
		{"example.com/m/a", "example.com/n", true},
		{"example.com/m/internal/a", "example.com/m/b", true},
		{"example.com/m/internal/a", "example.com/m", true},
		{"example.com/m/internal/a", "example.com/mm", false},
		{"example.com/m/internal", "example.com/n", false},
		{"example.com/m/internal/a/internal/b", "example.com/m/c", false},
		{"internal/abi", "example.com/m", false},
		{"vendor/golang.org/x/net/idna", "example.com/m", false},
		{"example.com/internals/a", "example.com/m", true},
	} {
		if got := Importable(row.path, row.from); got != row.want {
			t.Errorf("%s from %s: %v, want %v", row.path, row.from, got, row.want)
		}
	}
}

func TestWordsLikeGuardAreOneLetterAway(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]bool{
		"guard": true, "Guard": true, "gaurd": true, "gurad": true, "gard": true, "guards": true, "quard": true,
		"safeguard": false, "guardian": false, "hard": false, "board": false, "go": false,
	} {
		if got := likeGuard(word); got != want {
			t.Errorf("likeGuard(%q) is %t, want %t", word, got, want)
		}
	}
}

func TestDiagnosticsReadAsCompilersWriteThem(t *testing.T) {
	t.Parallel()
	at := token.Position{Filename: "a.go", Line: 3, Column: 7}
	for want, d := range map[string]Diagnostic{
		"a.go:3:7: x":          {Pos: at, Message: "x"},
		"a.go:3:7: warning: x": {Pos: at, Severity: Warning, Message: "x"},
		"x":                    {Message: "x"},
	} {
		if got := d.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if Error.String() != "error" || Warning.String() != "warning" {
		t.Error("severities have other names")
	}
	dir := t.TempDir()
	at.Filename = filepath.Join(dir, "b", "a.go")
	if got := (Config{Dir: dir}).Relative(at); got.Filename != filepath.Join("b", "a.go") || got.Line != 3 {
		t.Errorf("relative: %v", got)
	}
}

func TestDurationsAreWrittenShort(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		time.Minute: "1m", time.Hour: "1h", 90 * time.Second: "1m30s", 20 * time.Second: "20s", 10 * time.Minute: "10m",
		time.Hour + time.Second: "1h0m1s", 500 * time.Millisecond: "500ms",
	} {
		if got := FormatDuration(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
