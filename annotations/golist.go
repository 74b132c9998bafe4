package annotations

import (
	"cmp"
	"context"
	"regexp"
	"strings"

	"golang.org/x/tools/go/packages"
)

// goList asks the go command.
func (c Config) goList(ctx context.Context, mode packages.LoadMode, tests bool, patterns []string) ([]*packages.Package, error) {
	return packages.Load(&packages.Config{
		Tests:      tests,
		Context:    ctx,
		Mode:       mode,
		Dir:        c.Dir,
		Env:        c.Env,
		BuildFlags: c.BuildFlags,
		Overlay:    c.Overlay,
	}, patterns...)
}

const (
	// listMode asks which packages and files there are, and builds nothing.
	listMode = packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedModule
	// exportMode asks for export data, and has the go command compile what it has none of.
	exportMode = packages.NeedName | packages.NeedExportFile
)

// isStandard reports whether a package is of the standard library: no module is named like one of its packages, and outside
// of modules hardly a directory.
func isStandard(p *packages.Package) bool {
	first, _, _ := strings.Cut(p.PkgPath, "/")
	return p.Module == nil && !strings.Contains(first, ".")
}

// commandNoise is what stands before the go command's own words.
var commandNoise = regexp.MustCompile(`^err: (.*): stderr: `)

// commandError returns the message of a go command that has listed nothing at all: its own words, or why it has none.
func commandError(err error) string {
	text := err.Error()
	said := commandNoise.ReplaceAllString(text, "")
	if match := commandNoise.FindStringSubmatch(text); match != nil {
		said = cmp.Or(strings.TrimSpace(said), match[1])
	}
	return oneLine(said)
}

// oneLine writes the message of another program in one line.
func oneLine(message string) string {
	return strings.Join(strings.Fields(message), " ")
}
