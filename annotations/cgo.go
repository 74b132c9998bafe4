package annotations

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/packages"
)

// cgo is what cgo declares for the Go files of a package: _Ctype_int for C.int.
type cgo struct {
	file  *ast.File       // nil if cgo failed
	names map[string]bool // that it declares
	err   string
}

// runCgo has the go command run cgo for the packages that have annotated types and import "C". Nothing else of cgo's
// output is looked at: the files of the package are read as they are written.
func (l *loader) runCgo(ctx context.Context, ids []string) {
	l.cgo = make(map[string]*cgo)
	var patterns []string
	for _, id := range ids {
		p := l.listed[id]
		if slices.ContainsFunc(p.GoFiles, l.importsC) && slices.ContainsFunc(p.GoFiles, l.isAnnotated) {
			l.cgo[p.PkgPath] = &cgo{names: make(map[string]bool)}
			patterns = append(patterns, p.PkgPath)
		}
	}
	if len(patterns) == 0 {
		return
	}
	const mode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles
	found, err := l.config.goList(ctx, mode, false, patterns)
	for _, p := range found {
		c := l.cgo[p.PkgPath]
		if c == nil {
			continue
		}
		for _, err := range p.Errors {
			c.err = oneLine(err.Msg)
		}
		for _, path := range p.CompiledGoFiles {
			if !slices.Contains(p.GoFiles, path) {
				c.read(l.fset, path)
			}
		}
	}
	for _, c := range l.cgo {
		if err != nil && c.file == nil {
			c.err = oneLine(err.Error())
		}
	}
}

func (l *loader) importsC(path string) bool {
	content, err := l.read(path)
	if err != nil || !bytes.Contains(content, []byte(`"C"`)) {
		return false // without a parser's work
	}
	file, _, err := l.parse(path)
	return err == nil && file != nil && importsC(file)
}

func importsC(file *ast.File) bool {
	return slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool { return spec.Path.Value == `"C"` })
}

// read takes the declarations of types and constants from the file at path, if it is the one that has them.
func (c *cgo) read(fset *token.FileSet, path string) {
	file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return
	}
	names := make(map[string]bool)
	declare(file, names)
	for name := range names {
		if strings.HasPrefix(name, "_Ctype_") {
			c.file, c.names = file, names
			return
		}
	}
}

// rewrite puts what cgo makes of C.name into its place in the declarations of a file.
func (c *cgo) rewrite(file *ast.File) {
	astutil.Apply(file, func(cursor *astutil.Cursor) bool {
		switch n := cursor.Node().(type) {
		case *ast.BlockStmt:
			return false
		case *ast.SelectorExpr:
			if qualifier, ok := n.X.(*ast.Ident); ok && qualifier.Name == "C" {
				for _, prefix := range []string{"_Ctype_", "_Ciconst_", "_Cfconst_", "_Csconst_"} {
					if c.names[prefix+n.Sel.Name] {
						cursor.Replace(&ast.Ident{NamePos: n.Pos(), Name: prefix + n.Sel.Name})
						return false
					}
				}
			}
		}
		return true
	}, nil)
}

// unknown says why a name of C means nothing here.
func (c *cgo) unknown(name string) string {
	switch {
	case c == nil:
		return "cgo is not asked for packages without annotated types"
	case c.err != "":
		return "cgo cannot say what C." + name + " is: " + c.err
	default:
		return "cgo knows no type C." + name
	}
}
