package annotations

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// patience is how long the go command may take for export data. It has some within half a second, unless it must compile what
// it is asked about first: with a cold cache that takes 20 times as long as to read the source of everything.
const patience = 1500 * time.Millisecond

// findExports begins to find the export data of what the source packages import. What it returns waits for that, and reports
// whether there is some for each.
func (l *loader) findExports(ctx context.Context) (found func() bool) {
	l.exports = make(map[string]string)
	needed := l.neededExports()
	if len(needed) == 0 {
		return func() bool { return true }
	}
	end := l.config.phase("go list -export")
	answer := make(chan map[string]string, 1)
	go func() { answer <- l.config.listExports(ctx, l.patience, needed) }()
	return func() bool {
		defer end()
		l.exports = <-answer
		return !slices.ContainsFunc(needed, func(path string) bool { return l.exports[path] == "" })
	}
}

// listExports returns the files with the export data of packages, by import path. Those that have none because they do not
// compile are missing, and all are where the go command takes too long. It leaves what it has begun to compile in a directory
// of its own then, which goes with it.
func (c Config) listExports(ctx context.Context, patience time.Duration, paths []string) map[string]string {
	parent := c.getenv("GOTMPDIR")
	if parent != "" && !filepath.IsAbs(parent) {
		parent = filepath.Join(c.Dir, parent) // as the go command takes it
	}
	dir, err := os.MkdirTemp(parent, "guardgen-")
	if err != nil {
		return nil
	}
	defer os.RemoveAll(dir)
	if c.Env == nil {
		c.Env = os.Environ()
	}
	c.Env = append(slices.Clip(c.Env), "GOTMPDIR="+dir)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	found, _ := c.goList(ctx, exportMode, false, paths) // what is missing is read from source
	files := make(map[string]string)
	for _, p := range found {
		if p.ExportFile != "" {
			files[p.PkgPath] = p.ExportFile
		}
	}
	return files
}

// neededExports returns the import paths of what the packages that are read from source import of others, sorted.
func (l *loader) neededExports() []string {
	needed := make(map[string]bool)
	for id, source := range l.source {
		if !source {
			continue
		}
		for _, path := range l.imported(l.listed[id]) {
			imported := l.listed[id].Imports[path]
			if imported != nil && !l.source[imported.ID] && imported.PkgPath != "unsafe" && len(imported.GoFiles) > 0 {
				needed[imported.PkgPath] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(needed))
}
