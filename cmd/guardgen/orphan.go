package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/guardgen/guardgen/annotations"
)

// orphans finds the files in the directories that guardgen wrote and would not write again, and the copies of files that
// it does write: somebody made those, so they are not for guardgen to remove. Files that this run writes are planned.
func orphans(directories []string, planned map[string]bool) (list, copies []change, err error) {
	for _, directory := range directories {
		entries, err := os.ReadDir(directory)
		if err != nil {
			return nil, nil, err
		}
		for _, entry := range entries {
			path := filepath.Join(directory, entry.Name())
			if !entry.Type().IsRegular() || filepath.Ext(path) != ".go" || planned[path] {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, nil, err
			}
			name, own := annotations.GeneratedFrom(text)
			if !own {
				continue
			}
			why, err := orphaned(filepath.Join(directory, name))
			switch c := (change{path: path, old: text, why: why}); {
			case err != nil:
				return nil, nil, err
			case why != "" && annotations.IsGeneratedPath(path):
				list = append(list, c)
			case annotations.GeneratedPath(name) != entry.Name():
				c.why = "a copy of what guardgen writes from " + name + " into " + annotations.GeneratedPath(name) + ": remove it, or its first line if it is yours now"
				copies = append(copies, c)
			}
		}
	}
	slices.SortFunc(list, func(a, b change) int { return strings.Compare(a.path, b.path) })
	return list, copies, nil
}

// orphaned says why guardgen would not write the file of a source again, "" for one that it may: the source may be there
// and annotated, but for another operating system or under a build tag, so that this run has not read it.
func orphaned(source string) (why string, err error) {
	text, err := os.ReadFile(source)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return filepath.Base(source) + " is gone", nil
	case err != nil:
		return "", err
	case !annotations.IsAnnotated(text):
		return filepath.Base(source) + " has no //guard:dependency any more", nil
	}
	return "", nil
}
