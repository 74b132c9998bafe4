package annotations

import (
	"go/types"
	"strings"
)

// verdict is what a question to one type of a signature comes to.
type verdict uint8

const (
	deeper verdict = iota // ask the types that it is made of
	fine                  // and so is all that it is made of
	found                 // this is what was looked for
)

// firstType asks t and the types that it is made of, in the order in which they are written, and returns the first one
// found, or nil. What a defined type is declared as is no part of t.
func firstType(t types.Type, ask func(types.Type) verdict) types.Type {
	return typeWalk{ask, make(map[types.Type]bool)}.walk(t)
}

type typeWalk struct {
	ask  func(types.Type) verdict
	seen map[types.Type]bool
}

func (w typeWalk) walk(t types.Type) types.Type {
	if w.seen[t] {
		return nil
	}
	w.seen[t] = true
	switch w.ask(t) {
	case found:
		return t
	case fine:
		return nil
	}
	switch t := t.(type) {
	case *types.Alias:
		return w.first(w.list(t.TypeArgs()), func() types.Type { return w.walk(types.Unalias(t)) })
	case *types.Named:
		return w.list(t.TypeArgs())
	case *types.Pointer:
		return w.walk(t.Elem())
	case *types.Slice:
		return w.walk(t.Elem())
	case *types.Array:
		return w.walk(t.Elem())
	case *types.Chan:
		return w.walk(t.Elem())
	case *types.Map:
		return w.first(w.walk(t.Key()), func() types.Type { return w.walk(t.Elem()) })
	case *types.Signature:
		return w.first(w.tuple(t.Params()), func() types.Type { return w.tuple(t.Results()) })
	case *types.Struct:
		for field := range t.Fields() {
			if hit := w.walk(field.Type()); hit != nil {
				return hit
			}
		}
	case *types.Interface:
		for method := range t.Methods() {
			if hit := w.walk(method.Type()); hit != nil {
				return hit
			}
		}
	}
	return nil
}

func (w typeWalk) first(hit types.Type, next func() types.Type) types.Type {
	if hit != nil {
		return hit
	}
	return next()
}

func (w typeWalk) tuple(tuple *types.Tuple) types.Type {
	for v := range tuple.Variables() {
		if hit := w.walk(v.Type()); hit != nil {
			return hit
		}
	}
	return nil
}

func (w typeWalk) list(list *types.TypeList) types.Type {
	for t := range list.Types() {
		if hit := w.walk(t); hit != nil {
			return hit
		}
	}
	return nil
}

// typeString writes a type as code in pkg does, with the names of packages instead of their paths.
func typeString(t types.Type, pkg *types.Package) string {
	return types.TypeString(t, func(other *types.Package) string {
		if other == pkg {
			return ""
		}
		return other.Name()
	})
}

// isResolved reports whether a type is known, in spite of errors in its declaration.
func isResolved(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return !ok || basic.Kind() != types.Invalid
}

// invalid reports whether a signature has a type that could not be resolved.
func invalid(signature *types.Signature) bool {
	return firstType(signature, func(t types.Type) verdict {
		if !isResolved(t) {
			return found
		}
		return deeper
	}) != nil
}

// unwritable returns a type of a signature that code in pkg cannot write down, or nil: one that is unexported in
// another package, or that lies in a package which pkg cannot import.
func unwritable(signature *types.Signature, pkg *types.Package) types.Type {
	return firstType(signature, func(t types.Type) verdict {
		switch t := t.(type) {
		case *types.Alias:
			if canWrite(t.Obj(), pkg) {
				if t.TypeArgs().Len() == 0 {
					return fine // its name hides what it means
				}
				return deeper
			}
		case *types.Named:
			if !canWrite(t.Obj(), pkg) {
				return found
			}
		case *types.Struct:
			for field := range t.Fields() {
				if !field.Exported() && field.Pkg() != pkg {
					return found
				}
			}
		case *types.Interface:
			for method := range t.Methods() {
				if !method.Exported() && method.Pkg() != pkg {
					return found
				}
			}
		}
		return deeper
	})
}

// canWrite reports whether code in pkg can name a type.
func canWrite(name *types.TypeName, pkg *types.Package) bool {
	home := name.Pkg()
	return home == nil || home == pkg || name.Exported() && home.Name() != "main" && Importable(home.Path(), pkg.Path())
}

// Importable reports whether the rule of internal and vendor directories lets the package at from import the one at path.
func Importable(path, from string) bool {
	if strings.HasPrefix(path, "vendor/") {
		return false
	}
	parts := strings.Split(path, "/")
	for i := len(parts) - 1; i >= 0; i-- {
		if parts[i] == "internal" {
			parent := strings.Join(parts[:i], "/")
			from := strings.TrimSuffix(from, "_test") // the tests outside of a package stand in its directory
			return parent != "" && (from == parent || strings.HasPrefix(from, parent+"/"))
		}
	}
	return true
}
