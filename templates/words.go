package templates

import (
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"
)

// A package may declare a name that Go predeclares. The file says the same in other words then.

// declares reports whether the package gives name a meaning of its own, in this build or in another.
func (f *file) declares(name string) bool { return redeclared(f.pkg.Types, f.pkg.Unread, name) }

// redeclared reports whether a package, or a file of it that this build leaves out, declares name.
func redeclared(pkg *types.Package, unread []string, name string) bool {
	return pkg.Scope().Lookup(name) != nil || slices.Contains(unread, name)
}

func (f *file) anyWord() *jen.Statement {
	if f.declares("any") {
		return jen.Interface()
	}
	return jen.Any()
}

func (f *file) errorWord() *jen.Statement {
	if f.declares("error") {
		return f.imports.guard("Error")
	}
	return jen.Error()
}

func (f *file) trueWord() *jen.Statement {
	if f.declares("true") {
		return jen.Lit(1).Op("==").Lit(1)
	}
	return jen.True()
}

// zeros collects the variables that stand for nil in a function of a package that declares a nil.
type zeros struct {
	file      *file
	names     *scope
	variables []jen.Code
}

// nil returns nil, or the name of a variable of type t that is.
func (z *zeros) nil(name string, t func() *jen.Statement) *jen.Statement {
	if !z.file.declares("nil") {
		return jen.Nil()
	}
	name = z.names.pick(name)
	z.variables = append(z.variables, jen.Var().Id(name).Add(t()))
	return jen.Id(name)
}
