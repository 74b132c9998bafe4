package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// generate brings the generated files up to date.
func (s *session) generate(args []string) int {
	patterns, err := s.parse("generate", args)
	if err != nil {
		return s.fail(err)
	}
	changes, ok := s.changes(patterns)
	if !ok {
		return exitFailed
	}
	end := s.phase("write " + count(len(changes), "file", "files"))
	err = s.apply(changes)
	end()
	if err != nil {
		return s.fail(err)
	}
	return exitOK
}

// apply makes the changes, and says which. All the new texts are on the disk before the first of them gets its name, so
// that a full disk, or a directory that cannot be written to, changes nothing at all.
func (s *session) apply(changes []change) error {
	temporary := make([]string, len(changes))
	defer func() {
		for _, name := range temporary {
			if name != "" {
				os.Remove(name)
			}
		}
	}()
	for i, c := range changes {
		if c.new == nil {
			continue
		}
		var err error
		if temporary[i], err = stage(c); err != nil {
			return fmt.Errorf("%s: %w: nothing has been written", s.relative(c.path), cause(err))
		}
	}
	for i, c := range changes {
		if err := s.settle(c, temporary[i]); err != nil {
			return s.halfway(changes[:i], changes[i:], err)
		}
		temporary[i] = ""
	}
	return nil
}

// settle gives a staged text its name, or removes the file that is to go, and says so.
func (s *session) settle(c change, temporary string) error {
	if c.new == nil {
		if err := os.Remove(c.path); err != nil {
			return err
		}
		fmt.Fprintf(s.stdout, "removed %s: %s\n", s.relative(c.path), c.why)
		return nil
	}
	if err := os.Rename(temporary, target(c.path)); err != nil {
		return err
	}
	fmt.Fprintf(s.stdout, "wrote %s\n", s.relative(c.path))
	return nil
}

// halfway says what an error in the middle of the run has left undone.
func (s *session) halfway(done, left []change, err error) error {
	var names []string
	for _, c := range left {
		names = append(names, s.relative(c.path))
	}
	text := count(len(done), "file has", "files have") + " been brought up to date"
	if len(done) == 0 {
		text = "nothing has been written"
	}
	return fmt.Errorf("%s: %w: %s; not up to date: %s", names[0], cause(err), text, strings.Join(names, ", "))
}

// cause is an error of the file system without the paths in it, which are those of temporary files.
func cause(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}

// target returns the file that a path leads to: a link keeps pointing to it.
func target(path string) string {
	if followed, err := filepath.EvalSymlinks(path); err == nil {
		return followed
	}
	return path
}

// stage writes the new text of a file into another one beside it, which takes its place in one step: whoever reads it
// meanwhile finds the old text or the new one. A new file has the permissions 0644, an old one keeps its own.
func stage(c change) (temporary string, err error) {
	path := target(c.path)
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	// The go command ignores files whose names begin with a dot.
	file, err := os.CreateTemp(filepath.Dir(path), ".guardgen-*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	if _, err := file.Write(c.new); err != nil {
		file.Close()
		return "", err
	}
	if err := file.Close(); err != nil {
		return "", err
	}
	return file.Name(), os.Chmod(file.Name(), mode)
}
