package random

import (
	"go/types"
	"slices"
)

// unnameable lists, as Client.Method, the methods of a type with a word of Go in their signatures to which the package
// gives another meaning, and as "Client: constraint of T" the first type parameter that has one: then nothing is written of
// the methods. It is an oracle of its own, and shares nothing with templates. guards are the methods with those that are
// guarded.
func unnameable(pkg *types.Package, client string, guards map[string]bool) (list []string) {
	object, ok := pkg.Scope().Lookup(client).(*types.TypeName)
	if !ok {
		return nil
	}
	w := nameless{pkg}
	if generic, ok := object.Type().(interface{ TypeParams() *types.TypeParamList }); ok {
		for param := range generic.TypeParams().TypeParams() {
			if w.in(param.Constraint()) {
				return []string{client + ": constraint of " + param.Obj().Name()}
			}
		}
	}
	var methods []*types.Func
	if iface, ok := object.Type().Underlying().(*types.Interface); ok {
		methods = slices.Collect(iface.Methods())
	} else {
		for selection := range types.NewMethodSet(types.NewPointer(object.Type())).Methods() {
			if selection.Obj().Exported() {
				methods = append(methods, selection.Obj().(*types.Func))
			}
		}
	}
	for _, m := range methods {
		bad := w.in(m.Signature())
		if results := m.Signature().Results(); guards[m.Name()] && results.Len() == 1 {
			if iterator, ok := results.At(0).Type().Underlying().(*types.Signature); ok { // whose body names the yield function
				bad = bad || w.in(iterator.Params())
			}
		}
		if bad {
			list = append(list, client+"."+m.Name())
		}
	}
	return list
}

type nameless struct {
	pkg *types.Package
}

// in reports whether a type names a word that has another meaning.
func (w nameless) in(t types.Type) bool {
	declares := func(name string) bool { return w.pkg.Scope().Lookup(name) != nil }
	switch t := t.(type) {
	case *types.Basic:
		same := map[string]string{"byte": "uint8", "uint8": "byte", "rune": "int32", "int32": "rune"}[t.Name()]
		return t.Kind() != types.UnsafePointer && declares(t.Name()) && (same == "" || declares(same))
	case *types.Alias:
		return w.list(t.TypeArgs())
	case *types.Named:
		return t.Obj().Pkg() == nil && t.Obj().Name() != "error" && declares(t.Obj().Name()) || w.list(t.TypeArgs())
	case *types.Map:
		return w.in(t.Key()) || w.in(t.Elem())
	case *types.Tuple:
		for v := range t.Variables() {
			if w.in(v.Type()) {
				return true
			}
		}
	case *types.Signature:
		return w.in(t.Params()) || w.in(t.Results())
	case *types.Struct:
		for field := range t.Fields() {
			if w.in(field.Type()) {
				return true
			}
		}
	case *types.Interface:
		for method := range t.ExplicitMethods() {
			if w.in(method.Type()) {
				return true
			}
		}
		for embedded := range t.EmbeddedTypes() {
			if w.in(embedded) {
				return true
			}
		}
	case *types.Union:
		for term := range t.Terms() {
			if w.in(term.Type()) {
				return true
			}
		}
	case interface{ Elem() types.Type }:
		return w.in(t.Elem())
	}
	return false
}

func (w nameless) list(list *types.TypeList) bool {
	for t := range list.Types() {
		if w.in(t) {
			return true
		}
	}
	return false
}
