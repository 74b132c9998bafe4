package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// generate brings the generated files up to date.
func (s *session) generate(args []string) int {
	patterns, err := s.parse("generate", args)
	if err != nil {
		return s.fail(err)
	}
	changes, ok := s.plan(patterns)
	if !ok {
		return exitFailed
	}
	for _, c := range changes {
		if err := s.apply(c); err != nil {
			return s.fail(err)
		}
	}
	return exitOK
}

// apply makes one change, and says so.
func (s *session) apply(c change) error {
	if c.new == nil {
		if err := os.Remove(c.path); err != nil {
			return err
		}
		fmt.Fprintf(s.stdout, "removed %s: %s\n", s.relative(c.path), c.why)
		return nil
	}
	if err := replace(c.path, c.new); err != nil {
		return err
	}
	fmt.Fprintf(s.stdout, "wrote %s\n", s.relative(c.path))
	return nil
}

// replace puts text into the file at path in one step: whoever reads it meanwhile finds the old text or the new one. A
// new file has the permissions 0644, an old one keeps its own; a link keeps its target.
func replace(path string, text []byte) (err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	// The go command ignores files whose names begin with a dot.
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temporary.Name())
		}
	}()
	if _, err := temporary.Write(text); err != nil {
		temporary.Close()
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	if err := os.Chmod(temporary.Name(), mode); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}
