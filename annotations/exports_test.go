package annotations

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestNothingIsLeftOfACompilationThatIsGivenUp has the go command begin to compile the standard library, and stops it.
func TestNothingIsLeftOfACompilationThatIsGivenUp(t *testing.T) {
	t.Parallel()
	temporary := t.TempDir()
	config := Config{
		Dir: module(t, map[string]string{"a/a.go": client}),
		Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOCACHE="+t.TempDir(), "GOTMPDIR="+temporary),
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		for ctx.Err() == nil { // until a compiler writes
			if objects, _ := filepath.Glob(filepath.Join(temporary, "*", "go-build*", "*", "*")); len(objects) > 0 {
				return
			}
			select {
			case <-ctx.Done():
			case <-time.After(time.Millisecond):
			}
		}
	}()
	if files := config.listExports(ctx, time.Minute, []string{"net/http"}); len(files) > 0 {
		t.Fatalf("the go command has compiled all of %v", files)
	}
	if left, _ := os.ReadDir(temporary); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// TestTemporaryDirectoryIsTakenAsTheGoCommandTakesIt has one that is relative to where the go command runs.
func TestTemporaryDirectoryIsTakenAsTheGoCommandTakesIt(t *testing.T) {
	t.Parallel()
	dir := module(t, map[string]string{"a/a.go": client, "tmp/a.txt": ""})
	config := Config{Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOTMPDIR=tmp")}
	if files := config.listExports(t.Context(), time.Minute, []string{"context"}); files["context"] == "" {
		t.Errorf("the export data are %v", files)
	}
}
