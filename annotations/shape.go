package annotations

import (
	"go/types"
)

// RuntimePath is the import path of the package that generated code calls.
const RuntimePath = "github.com/guardgen/guardgen/runtime"

var errorType = types.Universe.Lookup("error").Type()

// isError reports whether t is the type error itself, by whatever alias.
func isError(t types.Type) bool {
	return types.Identical(types.Unalias(t), errorType)
}

// isNamed reports whether t is the type with that import path and name, by whatever alias.
func isNamed(t types.Type, path, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	object := named.Obj()
	return object.Name() == name && object.Pkg() != nil && object.Pkg().Path() == path
}

func isContext(t types.Type) bool { return isNamed(t, "context", "Context") }

// contextIndex returns the index of the first context.Context among the parameters, or -1.
func contextIndex(signature *types.Signature) int {
	for i := range signature.Params().Len() {
		if isContext(signature.Params().At(i).Type()) {
			return i
		}
	}
	return -1
}

// errorShape says how results report an error, and which of them does: the last of type error, or else the last *N
// with SetErr(error) and Err() error.
func errorShape(results *types.Tuple) (ErrorShape, int) {
	for i := results.Len() - 1; i >= 0; i-- {
		if isError(results.At(i).Type()) {
			return ErrorValue, i
		}
	}
	for i := results.Len() - 1; i >= 0; i-- {
		if carriesError(results.At(i).Type()) {
			return ErrorInside, i
		}
	}
	return NoError, -1
}

// carriers counts the results that carry their error.
func carriers(results *types.Tuple) (n int) {
	for v := range results.Variables() {
		if carriesError(v.Type()) {
			n++
		}
	}
	return n
}

// carriesError reports whether t is a pointer to a defined type that can be made with new, and told its error.
func carriesError(t types.Type) bool {
	pointer, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(pointer.Elem()).(*types.Named)
	if !ok || types.IsInterface(named) {
		return false
	}
	return hasMethod(t, "SetErr", func(s *types.Signature) bool {
		return s.Params().Len() == 1 && isError(s.Params().At(0).Type()) && s.Results().Len() == 0 && !s.Variadic()
	}) && hasMethod(t, "Err", returnsError)
}

// returnsError reports whether s is func() error.
func returnsError(s *types.Signature) bool {
	return s.Params().Len() == 0 && s.Results().Len() == 1 && isError(s.Results().At(0).Type())
}

// hasMethod reports whether the method set of t has an exported method of that name and shape.
func hasMethod(t types.Type, name string, shape func(*types.Signature) bool) bool {
	object, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
	method, ok := object.(*types.Func)
	return ok && shape(method.Signature())
}

// outliving returns the first result that is still in use when the call has returned, or nil.
func outliving(results *types.Tuple) types.Type {
	for v := range results.Variables() {
		t := v.Type()
		switch {
		case isError(t):
		case carriesError(t) && commandOutlives(t):
			return t
		case !carriesError(t) && outlives(t, make(map[types.Type]bool)):
			return t
		}
	}
	return nil
}

// commandOutlives is outlives for a result that carries its error, such as the commands of go-redis. What all commands
// embed is their machinery and has channels of its own; only what one of them adds tells it apart.
func commandOutlives(t types.Type) bool {
	fields, ok := t.Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range fields.Fields() {
		if !field.Embedded() && outlives(field.Type(), make(map[types.Type]bool)) {
			return true
		}
	}
	return false
}

// outlives reports whether t is a closer, a function (iterators are), a channel or a context, or holds one in a field or
// element.
func outlives(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] {
		return false
	}
	seen[t] = true
	if isContext(t) || hasMethod(t, "Close", returnsError) || hasMethod(types.NewPointer(t), "Close", returnsError) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Signature, *types.Chan:
		return true
	case *types.Pointer:
		return outlives(u.Elem(), seen)
	case *types.Slice:
		return outlives(u.Elem(), seen)
	case *types.Array:
		return outlives(u.Elem(), seen)
	case *types.Map:
		return outlives(u.Elem(), seen)
	case *types.Struct:
		for field := range u.Fields() {
			if outlives(field.Type(), seen) {
				return true
			}
		}
	}
	return false
}
