package shapes

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/guardgen/guardgen/annotations"
)

// account holds that each method of the annotated types is in the Spec of its wrapper, or passes by a directive, or has a
// warning that names it. What the methods are is read from the types alone.
func account(s *shape, pkg *annotations.Package, file *annotations.File, text []byte, findings annotations.Diagnostics) {
	specs := specsOf(text)
	for _, client := range file.Clients {
		s.clients++
		spec := specs[client.Name]
		for _, name := range methodNames(client.Type) {
			s.methods++
			switch {
			case slices.Contains(spec, name):
				s.guarded++
			case !isSkipped(client, name) && !isWarnedOf(s.name, name, findings):
				s.problem("%s.%s passes unguarded, and nothing says so", client.Name, name)
			}
		}
	}
}

// methodNames are those that a wrapper has to have.
func methodNames(name *types.TypeName) (names []string) {
	if iface, ok := name.Type().Underlying().(*types.Interface); ok {
		for method := range iface.Methods() {
			names = append(names, method.Name())
		}
		return names
	}
	for selection := range types.NewMethodSet(types.NewPointer(name.Type())).Methods() {
		if selection.Obj().Exported() {
			names = append(names, selection.Obj().Name())
		}
	}
	return names
}

func isSkipped(client *annotations.Client, name string) bool {
	return slices.ContainsFunc(client.Methods, func(m *annotations.Method) bool {
		return m.Name == name && m.Class == annotations.Skip
	})
}

func isWarnedOf(shape, method string, findings annotations.Diagnostics) bool {
	word := regexp.MustCompile(`unguarded.*\b` + regexp.QuoteMeta(method) + `\b|\b` + regexp.QuoteMeta(method) + `\b.*unguarded`)
	return slices.ContainsFunc(findings, func(d annotations.Diagnostic) bool {
		return shapeOf(d.Pos.Filename) == shape && word.MatchString(d.Message)
	})
}

// specsOf reads from a generated file which methods of which type run through the guard.
func specsOf(text []byte) map[string][]string {
	specs := make(map[string][]string)
	file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	if err != nil {
		return specs
	}
	var client string
	ast.Inspect(file, func(n ast.Node) bool {
		pair, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		literal, ok := pair.Value.(*ast.BasicLit)
		if key, isName := pair.Key.(*ast.Ident); ok && isName {
			value, _ := strconv.Unquote(literal.Value)
			switch key.Name {
			case "Interface":
				client = value[strings.LastIndex(value, ".")+1:]
			case "Name":
				specs[client] = append(specs[client], value)
			}
		}
		return true
	})
	return specs
}
