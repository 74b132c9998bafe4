package annotations

import (
	"bytes"
	"go/parser"
	"maps"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/packages"
)

// reportUnread looks for directives in the files of a package that this build does not read: an annotation there
// would go unnoticed.
func (r *reader) reportUnread(p *packages.Package) {
	for _, path := range slices.Concat(r.unreadTests(p), excluded(p)) {
		found := r.unreadDirectives(path)
		switch {
		case len(found) == 0:
		case find(found, "dependency") != nil || !isTest(path):
			r.report.warnf(found[0].pos(), "this build leaves the file out, and its annotations with it: run guardgen with -tags=, -goos= or -goarch= for it too")
		default:
			r.report.errorf(found[0].pos(), "%s has no effect here: no type in this file has a //guard:dependency", found[0].text())
		}
	}
}

// unreadTests returns the test files in the directory of a package that no package of this run has.
func (r *reader) unreadTests(p *packages.Package) []string {
	return slices.DeleteFunc(testFiles(p), func(path string) bool {
		return slices.ContainsFunc(r.roots, func(root *sourcePackage) bool { return slices.Contains(root.GoFiles, path) })
	})
}

// excluded returns the Go files that the build tags of this run leave out, without tests.
func excluded(p *packages.Package) []string {
	return slices.DeleteFunc(slices.Clone(p.IgnoredFiles), func(path string) bool {
		return filepath.Ext(path) != ".go" || isTest(path)
	})
}

// unreadDirectives returns the directives of a file that is not part of the package; malformed ones are reported.
func (r *reader) unreadDirectives(path string) []*directive {
	content, err := r.loader.read(path)
	if err != nil || !bytes.Contains(bytes.ToLower(content), []byte("guard")) {
		return nil
	}
	file, err := parser.ParseFile(r.loader.fset, path, content, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || file == nil {
		return nil
	}
	return r.directives(file.Comments...)
}

// unreadNames returns the names that files outside of this build declare for the package, sorted. What guardgen wrote
// for other builds does not count: it has the names that this run is about to give.
func (r *reader) unreadNames(p *sourcePackage) []string {
	names := make(map[string]bool)
	for _, path := range slices.Concat(testFiles(p.Package), excluded(p.Package)) {
		file, ours, err := r.loader.parse(path)
		if err == nil && !ours && !slices.Contains(p.GoFiles, path) && file.Name.Name == p.types.Name() {
			declare(file, names)
		}
	}
	return slices.Sorted(maps.Keys(names))
}
