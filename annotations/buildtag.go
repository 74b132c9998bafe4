package annotations

import (
	"go/ast"
	"go/build/constraint"
	"path/filepath"
	"slices"
	"strings"
)

// buildTag returns the condition under which a file belongs to its package: its //go:build expression, the operating
// system and architecture in its name, which the name of the file beside it does not carry, and that there is cgo, where
// it imports "C".
func buildTag(path string, file *ast.File) string {
	var condition, old constraint.Expr
	for _, group := range file.Comments {
		if group.Pos() >= file.Package {
			break
		}
		for _, comment := range group.List {
			expression, err := constraint.Parse(comment.Text)
			switch {
			case err != nil:
			case constraint.IsGoBuild(comment.Text):
				condition = expression
			case old == nil:
				old = expression
			default:
				old = &constraint.AndExpr{X: old, Y: expression}
			}
		}
	}
	if condition == nil {
		condition = old // lines of // +build, which count where there is no //go:build
	}
	tags := nameTags(path)
	if importsC(file) {
		tags = append(tags, "cgo")
	}
	for _, tag := range tags {
		if condition == nil {
			condition = &constraint.TagExpr{Tag: tag}
		} else if !mentions(condition, tag) {
			condition = &constraint.AndExpr{X: &constraint.TagExpr{Tag: tag}, Y: condition}
		}
	}
	if condition == nil {
		return ""
	}
	return condition.String()
}

// mentions reports whether the condition already requires the tag.
func mentions(condition constraint.Expr, tag string) bool {
	switch e := condition.(type) {
	case *constraint.TagExpr:
		return e.Tag == tag
	case *constraint.AndExpr:
		return mentions(e.X, tag) || mentions(e.Y, tag)
	}
	return false
}

// nameTags returns the tags in the name of a file, by the rule of go help buildconstraint: *_GOOS, *_GOARCH,
// *_GOOS_GOARCH, where the first part never counts.
func nameTags(path string) []string {
	name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".go"), "_test")
	parts := strings.Split(name, "_")[1:]
	n := len(parts)
	switch {
	case n >= 2 && slices.Contains(knownOS, parts[n-2]) && slices.Contains(knownArch, parts[n-1]):
		return parts[n-2:]
	case n >= 1 && (slices.Contains(knownOS, parts[n-1]) || slices.Contains(knownArch, parts[n-1])):
		return parts[n-1:]
	}
	return nil
}

// The systems and architectures that count in a file's name, as of Go 1.26.
var (
	knownOS = strings.Fields(`aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9
		solaris wasip1 windows zos`)
	knownArch = strings.Fields(`386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32
		mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm`)
)
