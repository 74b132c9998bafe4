package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// files returns the names in a directory, those that begin with a dot too.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestNothingIsWrittenWhereOneTextCannotBe(t *testing.T) {
	dir := t.TempDir()
	var stdout bytes.Buffer
	s := &session{stdout: &stdout, dir: dir}
	err := s.apply([]change{
		{path: filepath.Join(dir, "a_guard.go"), new: []byte("package a\n")},
		{path: filepath.Join(dir, "none", "b_guard.go"), new: []byte("package b\n")},
	})
	const want = "none/b_guard.go: no such file or directory: nothing has been written"
	if err == nil || filepath.ToSlash(err.Error()) != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if stdout.Len() > 0 || len(files(t, dir)) > 0 {
		t.Errorf("said %q, left %v", stdout.String(), files(t, dir))
	}
}

func TestWhatAnErrorLeavesUndoneIsNamed(t *testing.T) {
	dir := t.TempDir()
	blocked := filepath.Join(dir, "b_guard.go") // a directory that holds something cannot be replaced by a file
	if err := os.MkdirAll(filepath.Join(blocked, "inside"), 0o755); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(dir, "d_guard.go")
	if err := os.WriteFile(old, []byte("package d\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	s := &session{stdout: &stdout, dir: dir}
	err := s.apply([]change{
		{path: filepath.Join(dir, "a_guard.go"), new: []byte("package a\n")},
		{path: blocked, new: []byte("package b\n")},
		{path: filepath.Join(dir, "c_guard.go"), new: []byte("package c\n")},
		{path: old, old: []byte("package d\n"), why: "d.go is gone"},
	})
	if err == nil || !strings.HasPrefix(err.Error(), "b_guard.go: ") ||
		!strings.HasSuffix(err.Error(), ": 1 file has been brought up to date; not up to date: b_guard.go, c_guard.go, d_guard.go") {
		t.Errorf("got %v", err)
	}
	if got := stdout.String(); got != "wrote a_guard.go\n" {
		t.Errorf("said %q", got)
	}
	if got := strings.Join(files(t, dir), " "); got != "a_guard.go b_guard.go d_guard.go" {
		t.Errorf("left %s", got)
	}
}
