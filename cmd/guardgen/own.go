package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// ownPackages returns the directories of the packages that the patterns name, by import path, also of those without
// annotations. Packages of modules that are only required are left out: they are not ours to write into.
func (s *session) ownPackages(patterns []string) (map[string]string, error) {
	const format = "{{if not (or .Standard (and .Module (not .Module.Main)))}}{{.ImportPath}}\t{{.Dir}}{{end}}"
	config := s.config()
	list := exec.Command("go", slices.Concat([]string{"list", "-e", "-find", "-f", format}, config.BuildFlags, []string{"--"}, patterns)...)
	list.Dir, list.Env = config.Dir, config.Env
	if dir, err := filepath.Abs(config.Dir); err == nil {
		list.Env = append(list.Environ(), "PWD="+dir) // so that a directory keeps the name by which one came there
	}
	var stderr bytes.Buffer
	list.Stderr = &stderr
	output, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %s", cmp.Or(strings.TrimSpace(stderr.String()), err.Error()))
	}
	own := make(map[string]string)
	for line := range strings.Lines(string(output)) {
		if path, directory, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			own[path] = directory
		}
	}
	return own, nil
}
