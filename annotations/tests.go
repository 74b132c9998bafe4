package annotations

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// withTests returns the packages that are to be read, and their tests where a type in these is annotated: the package as it
// is when it is tested, of which only the test files count, and the tests outside of it. To list tests is dear, because of
// what they import.
func (l *loader) withTests(ctx context.Context, found []*packages.Package) []*packages.Package {
	var tested []string
	for _, p := range found {
		if slices.ContainsFunc(testFiles(p), l.isAnnotated) && !slices.Contains(tested, p.PkgPath) {
			tested = append(tested, p.PkgPath)
		}
	}
	if len(tested) == 0 {
		return found
	}
	withTests, _ := l.config.goList(ctx, listMode|packages.NeedForTest, true, tested) // what is wrong has been said without tests
	var list []*packages.Package
	for _, p := range found {
		inside := slices.IndexFunc(withTests, func(test *packages.Package) bool {
			return test.ForTest == p.PkgPath && test.PkgPath == p.PkgPath
		})
		outside := slices.IndexFunc(withTests, func(test *packages.Package) bool {
			return test.ForTest == p.PkgPath && test.PkgPath == p.PkgPath+"_test" && slices.ContainsFunc(test.GoFiles, l.isAnnotated)
		})
		if len(p.GoFiles) > 0 || inside < 0 && outside < 0 {
			list = append(list, p)
		}
		if inside >= 0 {
			list = append(list, withTests[inside])
		}
		if outside >= 0 {
			list = append(list, withTests[outside])
		}
	}
	return list
}

// isAnnotated is IsAnnotated of a file.
func (l *loader) isAnnotated(path string) bool {
	content, err := l.read(path)
	return err == nil && IsAnnotated(content)
}

// mayBeAnnotated reports whether a file has //guard:dependency anywhere: without it no type in it is annotated.
func (l *loader) mayBeAnnotated(path string) bool {
	content, err := l.read(path)
	return err == nil && bytes.Contains(content, []byte(dependencyDirective))
}

// hasAnnotations reports whether a file of the package with that import path is annotated. Few are, and the others need not
// be parsed.
func (l *loader) hasAnnotations(path string) bool {
	if known, ok := l.annotated[path]; ok {
		return known
	}
	has := true // the tests of a package have no listing under their path
	if listed := l.listed[path]; listed != nil {
		has = !isStandard(listed) && slices.ContainsFunc(listed.GoFiles, l.isAnnotated)
	}
	l.annotated[path] = has
	return has
}

// testFiles returns the test files in the directory of a package, sorted.
func testFiles(p *packages.Package) []string {
	if p.Dir == "" {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(p.Dir, "*_test.go")) // the pattern is well-formed
	slices.Sort(files)
	return files
}

// isTest reports whether a file is only there when its package is tested.
func isTest(path string) bool { return strings.HasSuffix(path, "_test.go") }
