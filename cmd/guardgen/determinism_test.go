package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestHundredRunsGiveOneOutput asks for what there is to say and to write, a hundred times in one process: what iterates
// over a map in no order, or depends on which goroutine comes first, would give itself away.
func TestHundredRunsGiveOneOutput(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOPROXY", "off")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "determinism"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "go.mod.txt"), filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	runs := 100
	if testing.Short() {
		runs = 10
	}
	first := make(map[string]string)
	for i := range runs {
		procs := 1 + i%2
		before := runtime.GOMAXPROCS(procs)
		for j, row := range []struct {
			args []string
			want int
		}{
			{[]string{"check", "./good/..."}, exitStale},
			{[]string{"list", "-json", "./good/..."}, exitOK},
			{[]string{"check", "./..."}, exitFailed},
		} {
			if j > 0 && i/2%5 > 0 { // what the first row runs through is most of what these do
				continue
			}
			var stdout, stderr bytes.Buffer
			code := run(row.args, &stdout, &stderr, dir)
			got, name := stdout.String()+"\n"+stderr.String(), row.args[0]+" "+row.args[len(row.args)-1]
			if code != row.want {
				t.Fatalf("%s: exit %d, want %d:\n%s", name, code, row.want, got)
			}
			if first[name] == "" {
				first[name] = got
			}
			if got != first[name] {
				t.Fatalf("%s: run %d, GOMAXPROCS %d, differs from the first:\n%s\n--- first\n%s", name, i, procs, got, first[name])
			}
		}
		runtime.GOMAXPROCS(before)
	}
}
