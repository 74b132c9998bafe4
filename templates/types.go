package templates

import (
	"fmt"
	"go/ast"
	"go/types"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/guardgen/guardgen/annotations"
)

// typeWriter writes types as the generated file has to spell them: those of its own package bare, all others
// through its imports.
type typeWriter struct {
	pkg     *types.Package
	imports *imports
	params  map[*types.TypeParam]string // the type parameters in scope, under their names in the generated file
	unread  []string                    // names that only other builds of the package declare, where the types are not the package's own
}

// write returns t as Go source. Whatever cannot be written in this package is an error, never a different type.
func (w *typeWriter) write(t types.Type) (*jen.Statement, error) {
	switch t := t.(type) {
	case *types.Basic:
		return w.basic(t)
	case *types.Alias:
		return w.alias(t)
	case *types.Named:
		return w.named(t.Obj(), t.TypeArgs())
	case *types.TypeParam:
		return w.typeParam(t)
	case *types.Pointer:
		return w.prefixed(jen.Op("*"), t.Elem())
	case *types.Slice:
		return w.prefixed(jen.Index(), t.Elem())
	case *types.Array:
		return w.prefixed(jen.Index(jen.Id(strconv.FormatInt(t.Len(), 10))), t.Elem())
	case *types.Map:
		key, err := w.write(t.Key())
		if err != nil {
			return nil, err
		}
		return w.prefixed(jen.Map(key), t.Elem())
	case *types.Chan:
		return w.channel(t)
	case *types.Struct:
		return w.structure(t)
	case *types.Signature:
		signature, err := w.signature(t)
		if err != nil {
			return nil, err
		}
		return jen.Func().Add(signature), nil
	case *types.Interface:
		return w.iface(t)
	case *types.Union:
		return w.union(t)
	default:
		return nil, fmt.Errorf("%v is a %T, which has no form in source code", t, t)
	}
}

func (w *typeWriter) prefixed(prefix *jen.Statement, elem types.Type) (*jen.Statement, error) {
	code, err := w.write(elem)
	if err != nil {
		return nil, err
	}
	return prefix.Add(code), nil
}

func (w *typeWriter) basic(t *types.Basic) (*jen.Statement, error) {
	switch {
	case t.Kind() == types.UnsafePointer:
		return w.imports.qualified("unsafe", "unsafe", "Pointer"), nil
	case t.Kind() == types.Invalid:
		return nil, fmt.Errorf("a type in it is not declared")
	case t.Info()&types.IsUntyped != 0:
		return nil, fmt.Errorf("%v has no form in source code", t)
	default:
		return w.predeclared(t.Name())
	}
}

// declares reports whether name would mean something else here than where the types are from.
func (w *typeWriter) declares(name string) bool { return redeclared(w.pkg, w.unread, name) }

// predeclared writes a type that Go predeclares. Where the package declares one of the same name, some have another.
func (w *typeWriter) predeclared(name string) (*jen.Statement, error) {
	if !w.declares(name) {
		return jen.Id(name), nil
	}
	other := map[string]string{"byte": "uint8", "uint8": "byte", "rune": "int32", "int32": "rune"}[name]
	switch {
	case name == "any":
		return jen.Interface(), nil
	case name == "error":
		return w.imports.guard("Error"), nil
	case other != "" && !w.declares(other):
		return jen.Id(other), nil
	}
	return nil, fmt.Errorf("Go's %s cannot be named here, because package %s declares its own: give that another name", name, w.pkg.Name())
}

// alias keeps the author's name of a type, unless only the declaring package can use it.
func (w *typeWriter) alias(t *types.Alias) (*jen.Statement, error) {
	code, err := w.named(t.Obj(), t.TypeArgs())
	if err == nil {
		return code, nil
	}
	if code, behind := w.write(t.Rhs()); behind == nil {
		return code, nil
	}
	return nil, err
}

func (w *typeWriter) named(obj *types.TypeName, args *types.TypeList) (*jen.Statement, error) {
	name, err := w.typeName(obj)
	if err != nil || args.Len() == 0 {
		return name, err
	}
	list := make([]jen.Code, args.Len())
	for i := range list {
		if list[i], err = w.write(args.At(i)); err != nil {
			return nil, err
		}
	}
	return name.Types(list...), nil
}

func (w *typeWriter) typeName(obj *types.TypeName) (*jen.Statement, error) {
	pkg, name := obj.Pkg(), obj.Name()
	switch {
	case pkg == nil:
		return w.predeclared(name)
	case pkg.Path() == w.pkg.Path():
		if w.pkg.Scope().Lookup(name) != obj {
			return nil, fmt.Errorf("type %s is not declared at package level", name)
		}
		return jen.Id(name), nil
	case strings.HasPrefix(name, "_C"), pkg.Path() == "C":
		return nil, fmt.Errorf("type %s belongs to cgo and has no name outside of its file", name)
	case !ast.IsExported(name):
		return nil, fmt.Errorf("type %s.%s is not exported", pkg.Name(), name)
	case !annotations.Importable(pkg.Path(), w.pkg.Path()):
		return nil, fmt.Errorf("type %s.%s is declared in %s, which %s may not import", pkg.Name(), name, pkg.Path(), w.pkg.Path())
	default:
		return w.imports.qualified(pkg.Path(), pkg.Name(), name), nil
	}
}

func (w *typeWriter) typeParam(t *types.TypeParam) (*jen.Statement, error) {
	name, ok := w.params[t]
	if !ok {
		return nil, fmt.Errorf("type parameter %s is not one of the type's", t.Obj().Name())
	}
	return jen.Id(name), nil
}

func (w *typeWriter) channel(t *types.Chan) (*jen.Statement, error) {
	elem, err := w.write(t.Elem())
	if err != nil {
		return nil, err
	}
	switch t.Dir() {
	case types.SendOnly:
		return jen.Chan().Op("<-").Add(elem), nil
	case types.RecvOnly:
		return jen.Op("<-").Chan().Add(elem), nil
	}
	if inner, ok := t.Elem().(*types.Chan); ok && inner.Dir() == types.RecvOnly {
		elem = jen.Parens(elem) // chan <-chan T would be chan<- chan T
	}
	return jen.Chan().Add(elem), nil
}

// oneLine lists the members of a struct or an interface; gofmt breaks it where it must.
var oneLine = jen.Options{Open: "{", Close: "}", Separator: "; "}

func (w *typeWriter) structure(t *types.Struct) (*jen.Statement, error) {
	fields := make([]jen.Code, t.NumFields())
	for i := range fields {
		field := t.Field(i)
		if err := w.accessible(field); err != nil {
			return nil, err
		}
		code, err := w.write(field.Type())
		if err != nil {
			return nil, err
		}
		if !field.Embedded() {
			code = jen.Id(field.Name()).Add(code)
		}
		if tag := t.Tag(i); tag != "" {
			code.Op(quoteTag(tag))
		}
		fields[i] = code
	}
	return jen.Id("struct").Custom(oneLine, fields...), nil
}

func quoteTag(tag string) string {
	if strconv.CanBackquote(tag) {
		return "`" + tag + "`"
	}
	return strconv.Quote(tag)
}

// accessible returns an error for an unexported field or method of another package: its name means something else here.
func (w *typeWriter) accessible(member types.Object) error {
	if !member.Exported() && pathOf(member) != w.pkg.Path() {
		return fmt.Errorf("%s is not exported by package %s", member.Name(), member.Pkg().Name())
	}
	return nil
}

func (w *typeWriter) iface(t *types.Interface) (*jen.Statement, error) {
	var members []jen.Code
	for method := range t.ExplicitMethods() {
		if err := w.accessible(method); err != nil {
			return nil, err
		}
		signature, err := w.signature(method.Signature())
		if err != nil {
			return nil, err
		}
		members = append(members, jen.Id(method.Name()).Add(signature))
	}
	for embedded := range t.EmbeddedTypes() {
		code, err := w.write(embedded)
		if err != nil {
			return nil, err
		}
		members = append(members, code)
	}
	if t.IsImplicit() && len(members) == 1 && !hasPointer(t.EmbeddedType(0)) { // the constraint ~int | ~string
		return jen.Add(members[0]), nil
	}
	return jen.Id("interface").Custom(oneLine, members...), nil
}

// hasPointer reports whether a constraint names a pointer: type S[P *T] struct would declare an array.
func hasPointer(constraint types.Type) bool {
	switch t := constraint.(type) {
	case *types.Pointer:
		return true
	case *types.Union:
		for term := range t.Terms() {
			if hasPointer(term.Type()) {
				return true
			}
		}
	}
	return false
}

func (w *typeWriter) union(t *types.Union) (*jen.Statement, error) {
	terms := make([]jen.Code, t.Len())
	for i := range terms {
		term := t.Term(i)
		code, err := w.write(term.Type())
		if err != nil {
			return nil, err
		}
		if term.Tilde() {
			code = jen.Op("~").Add(code)
		}
		terms[i] = code
	}
	return jen.Custom(jen.Options{Separator: " | "}, terms...), nil
}
