package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/guardgen/guardgen/templates"
)

// orphans finds the files in the directories that guardgen wrote and would not write again. Files that this run writes
// are planned.
func orphans(directories []string, planned map[string]bool) ([]change, error) {
	var list []change
	for _, directory := range directories {
		entries, err := os.ReadDir(directory)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			path := filepath.Join(directory, entry.Name())
			if !entry.Type().IsRegular() || !templates.IsFileName(path) || planned[path] {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			why, err := orphaned(path, text)
			if err != nil {
				return nil, err
			}
			if why != "" {
				list = append(list, change{path: path, old: text, why: why})
			}
		}
	}
	slices.SortFunc(list, func(a, b change) int { return strings.Compare(a.path, b.path) })
	return list, nil
}

// annotated matches what makes a file the source of a generated one.
var annotated = regexp.MustCompile(`(?m)^\s*//guard:dependency\b`)

// orphaned says why guardgen would not write a file again, "" for one that it may: its source may be there and annotated,
// but for another operating system or under a build tag, so that this run has not read it.
func orphaned(path string, text []byte) (why string, err error) {
	name, own := templates.Source(text)
	if !own {
		return "", nil
	}
	source, err := os.ReadFile(filepath.Join(filepath.Dir(path), name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return name + " is gone", nil
	case err != nil:
		return "", err
	case templates.FileName(name) != filepath.Base(path):
		return "it belongs to " + templates.FileName(name), nil
	case !annotated.Match(source):
		return name + " has no //guard:dependency any more", nil
	}
	return "", nil
}
