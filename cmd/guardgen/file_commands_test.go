package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// longAgo is when a file was changed that a script has aged.
var longAgo = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)

// age makes files look as if they had not been touched for long.
func age(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		ts.Check(os.Chtimes(ts.MkAbs(name), longAgo, longAgo))
	}
}

// readonly takes the permission to write from everything below directories, and makes it look as age does.
func readonly(ts *testscript.TestScript, _ bool, args []string) {
	walk(ts, args, func(path string, info fs.FileInfo) {
		ts.Check(os.Chmod(path, info.Mode().Perm()&^0o222))
		ts.Check(os.Chtimes(path, longAgo, longAgo))
	})
}

// untouched fails unless files, and everything below directories, have not been touched since age; with ! unless they have.
func untouched(ts *testscript.TestScript, neg bool, args []string) {
	walk(ts, args, func(path string, info fs.FileInfo) {
		if info.ModTime().Equal(longAgo) == neg {
			ts.Fatalf("%s: last changed at %s", path, info.ModTime())
		}
	})
}

// walk visits files, and everything below directories.
func walk(ts *testscript.TestScript, names []string, visit func(path string, info fs.FileInfo)) {
	for _, name := range names {
		ts.Check(filepath.Walk(ts.MkAbs(name), func(path string, info fs.FileInfo, err error) error {
			if err == nil {
				visit(path, info)
			}
			return err
		}))
	}
}

// isRoot is the condition [root]: permissions do not bind this user.
func isRoot(condition string) (bool, error) {
	if condition != "root" {
		return false, fmt.Errorf("unknown condition %s", condition)
	}
	return os.Geteuid() == 0, nil
}

// mode fails unless a file has these permissions: mode 0644 file.
func mode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%#o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("%s: permissions %s, want %s", args[1], got, args[0])
	}
}
