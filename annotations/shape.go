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

// implementsContext reports whether t has the methods of context.Context.
func implementsContext(t types.Type) bool {
	return hasMethod(t, "Deadline", func(s *types.Signature) bool {
		return s.Params().Len() == 0 && s.Results().Len() == 2 && isNamed(s.Results().At(0).Type(), "time", "Time")
	}) && hasMethod(t, "Done", func(s *types.Signature) bool {
		return s.Params().Len() == 0 && s.Results().Len() == 1 && isChan(s.Results().At(0).Type())
	}) && hasMethod(t, "Err", returnsError) && hasMethod(t, "Value", func(s *types.Signature) bool {
		return s.Params().Len() == 1 && isAny(s.Params().At(0).Type()) && s.Results().Len() == 1 && isAny(s.Results().At(0).Type())
	})
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

func isAny(t types.Type) bool {
	iface, ok := types.Unalias(t).(*types.Interface)
	return ok && iface.Empty()
}

// contextIndex returns the index of the first context.Context among the parameters, or else of the first that implements
// it, or -1. own says that no other context can be put in its place: only into an interface with the same methods.
func contextIndex(signature *types.Signature) (index int, own bool) {
	params := signature.Params()
	for i := range params.Len() {
		if isContext(params.At(i).Type()) {
			return i, false
		}
	}
	for i := range params.Len() {
		if t := params.At(i).Type(); !isVariadic(signature, params.At(i)) && implementsContext(t) {
			iface, ok := t.Underlying().(*types.Interface)
			return i, isTypeParam(t) || !ok || iface.NumMethods() > 4
		}
	}
	return -1, false
}

// isVariadic reports whether param is the variadic parameter of the signature.
func isVariadic(signature *types.Signature, param *types.Var) bool {
	return signature.Variadic() && param == signature.Params().At(signature.Params().Len()-1)
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

var errorInterface = errorType.Underlying().(*types.Interface)

// isErrorValue reports whether t is error or another interface that every error has, and whose values are errors.
func isErrorValue(t types.Type) bool {
	return types.IsInterface(t) && !isTypeParam(t) && types.Implements(t, errorInterface) && types.AssignableTo(errorType, t)
}

// isCustomError reports whether t is another type that implements error, and whose zero value can be told from others:
// it says that nothing went wrong.
func isCustomError(t types.Type) bool {
	return !isErrorValue(t) && !isTypeParam(t) && types.Implements(t, errorInterface) && types.Comparable(t)
}

// yielded returns the first type of an iterator over pairs of it and an error, such as iter.Seq2[T, error]; nil for
// everything else.
func yielded(t types.Type) types.Type {
	iterator, ok := t.Underlying().(*types.Signature)
	if !ok || iterator.Params().Len() != 1 || iterator.Results().Len() != 0 || iterator.Variadic() {
		return nil
	}
	yield, ok := types.Unalias(iterator.Params().At(0).Type()).(*types.Signature)
	if !ok || yield.Params().Len() != 2 || !isError(yield.Params().At(1).Type()) || yield.Variadic() || yield.Results().Len() != 1 ||
		!types.Identical(yield.Results().At(0).Type(), types.Typ[types.Bool]) {
		return nil
	}
	return yield.Params().At(0).Type()
}

// iterated returns the type of the errors that an iterator yields, whatever it is and whatever stands beside it; nil for
// everything else.
func iterated(t types.Type) types.Type {
	iterator, ok := t.Underlying().(*types.Signature)
	if !ok || iterator.Params().Len() != 1 || iterator.Results().Len() != 0 {
		return nil
	}
	yield, ok := iterator.Params().At(0).Type().Underlying().(*types.Signature)
	if !ok || yield.Results().Len() != 1 || !types.Identical(yield.Results().At(0).Type(), types.Typ[types.Bool]) {
		return nil
	}
	for param := range yield.Params().Variables() {
		if types.Implements(param.Type(), errorInterface) {
			return param.Type()
		}
	}
	return nil
}

// Yields reports whether t is an iterator over pairs of a value and an error, such as iter.Seq2[T, error].
func Yields(t types.Type) bool { return yielded(t) != nil }

// errorShape says how results report an error, which of them carries a refusal, and which say how the call went: the last
// error, or else the last *N with SetErr(error) and Err() error, or else an iterator that is the only result. A custom
// error needs a function, and is not judged here.
func errorShape(results *types.Tuple) (shape ErrorShape, result int, reports []int) {
	result = -1
	for i := range results.Len() {
		switch t := results.At(i).Type(); {
		case isErrorValue(t):
			shape, result, reports = ErrorValue, i, append(reports, i)
		case carriesError(t):
			if shape != ErrorValue {
				shape, result = ErrorInside, i
			}
			reports = append(reports, i)
		}
	}
	if shape == NoError && results.Len() == 1 && yielded(results.At(0).Type()) != nil {
		return ErrorYielded, 0, []int{0}
	}
	return shape, result, reports
}

// customError returns the index of the last result of a custom error type, or -1.
func customError(results *types.Tuple) int {
	for i := results.Len() - 1; i >= 0; i-- {
		if isCustomError(results.At(i).Type()) {
			return i
		}
	}
	return -1
}

// reportsLater returns the first result with a method that returns an error, such as a pipeline; nil where there is none,
// and where one is an error itself.
func reportsLater(results *types.Tuple) (later types.Type) {
	for result := range results.Variables() {
		for selection := range types.NewMethodSet(result.Type()).Methods() {
			method := selection.Obj().(*types.Func)
			own := method.Signature().Results()
			if later == nil && method.Exported() && own.Len() > 0 && isError(own.At(own.Len()-1).Type()) {
				later = result.Type()
			}
		}
		if types.Implements(result.Type(), errorInterface) {
			return nil
		}
	}
	return later
}

// carriesError reports whether t is a pointer to a defined type that can be made with new, and told its error. One that has
// SetErr from behind an embedded pointer or interface cannot: that is nil in a new one.
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
	}) && hasMethod(t, "Err", returnsError) && isWhole(named, "SetErr") && isWhole(named, "Err")
}

// isWhole reports whether a new t has a method of its own, or from what it embeds by value.
func isWhole(t types.Type, method string) bool {
	_, path, _ := types.LookupFieldOrMethod(t, true, nil, method)
	for _, i := range path[:len(path)-1] {
		fields, ok := t.Underlying().(*types.Struct)
		if !ok {
			return false
		}
		t = fields.Field(i).Type()
	}
	return !isPointer(t) && !types.IsInterface(t)
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

func anyShape(*types.Signature) bool { return true }

// outliving returns the first result that is still in use when the call has returned, or nil.
func outliving(results *types.Tuple) types.Type {
	for v := range results.Variables() {
		t := v.Type()
		switch {
		case isErrorValue(t), isCustomError(t):
		case carriesError(t) && commandOutlives(t):
			return t
		case !carriesError(t) && outlives(t):
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
		if !field.Embedded() && outlives(field.Type()) {
			return true
		}
	}
	return false
}

// outlives reports whether t is a closer, a function (iterators are), a channel or a context, or holds one in a field or
// element.
func outlives(t types.Type) bool { return lifetime{make(map[types.Type]bool), 0}.outlives(t) }

// lifetime is a walk through a type: what it has seen, and how deep it is. A type may go on without end, as
// type N[T any] struct{ *N[[]T] } does.
type lifetime struct {
	seen  map[types.Type]bool
	depth int
}

func (w lifetime) outlives(t types.Type) bool {
	t = types.Unalias(t)
	if w.seen[t] || w.depth > 50 {
		return false
	}
	w.seen[t] = true
	w.depth++
	if isContext(t) || hasMethod(t, "Close", returnsError) || hasMethod(types.NewPointer(t), "Close", returnsError) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Signature, *types.Chan:
		return true
	case *types.Pointer:
		return w.outlives(u.Elem())
	case *types.Slice:
		return w.outlives(u.Elem())
	case *types.Array:
		return w.outlives(u.Elem())
	case *types.Map:
		return w.outlives(u.Elem())
	case *types.Struct:
		for field := range u.Fields() {
			if w.outlives(field.Type()) {
				return true
			}
		}
	}
	return false
}
