package templates

import (
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/guardgen/guardgen/annotations"
)

func TestHeaderIsThatOfGeneratedCodeAndNamesItsSource(t *testing.T) {
	for _, tag := range []string{"", "linux", "linux && !(arm || purego)"} {
		text := header(&annotations.File{Path: "/somewhere/transport.go", BuildTag: tag}) + "\n\npackage transport\n"
		file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if !ast.IsGenerated(file) {
			t.Errorf("go/ast does not see that this is generated:\n%s", text)
		}
		if name, ok := annotations.GeneratedFrom([]byte(text)); !ok || name != "transport.go" {
			t.Errorf("source %q, %t; want transport.go", name, ok)
		}
		if strings.Contains(text, "somewhere") {
			t.Errorf("the header names a directory of this machine:\n%s", text)
		}
		if got := goBuild(file); got != tag {
			t.Errorf("build constraint %q, want %q", got, tag)
		}
	}
}

func goBuild(file *ast.File) string {
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if expression, err := constraint.Parse(comment.Text); err == nil && comment.Pos() < file.Package {
				return expression.String()
			}
		}
	}
	return ""
}
