package exercise

import (
	"context"
	"reflect"
	"unsafe"
)

// same reports whether what arrived is what was sent: the same pointer, the same elements, the same function, the same
// context or one made from it.
func same(got, want reflect.Value) bool {
	got, want = concrete(got), concrete(want)
	if !got.IsValid() || !want.IsValid() {
		return got.IsValid() == want.IsValid()
	}
	if got.Type() != want.Type() {
		return sameContext(got, want)
	}
	switch got.Kind() {
	case reflect.Func:
		return closure(got) == closure(want)
	case reflect.Chan, reflect.Map, reflect.UnsafePointer:
		return got.Pointer() == want.Pointer()
	case reflect.Pointer:
		return got.Pointer() == want.Pointer() || sameContext(got, want)
	case reflect.Slice:
		return got.IsNil() == want.IsNil() && got.Len() == want.Len() && got.Pointer() == want.Pointer()
	case reflect.Array:
		for i := range got.Len() {
			if !same(got.Index(i), want.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range got.NumField() {
			if !same(got.Field(i), want.Field(i)) {
				return false
			}
		}
		return true
	default:
		return got.Equal(want)
	}
}

// concrete returns what an interface holds, and any other value as it is.
func concrete(v reflect.Value) reflect.Value {
	for v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return v
}

// closure tells functions apart that share their code, as those of reflect.MakeFunc do.
func closure(fn reflect.Value) unsafe.Pointer {
	if !fn.CanInterface() {
		return fn.UnsafePointer()
	}
	holder := reflect.New(fn.Type())
	holder.Elem().Set(fn)
	return *(*unsafe.Pointer)(holder.UnsafePointer())
}

// sameContext reports whether both are contexts of the standard library, one made from the other. A context of another
// type is to arrive as it is.
func sameContext(got, want reflect.Value) bool {
	if !got.CanInterface() || !want.CanInterface() {
		return false
	}
	a, _ := got.Interface().(context.Context)
	b, _ := want.Interface().(context.Context)
	return a != nil && b != nil && isStandard(a) && isStandard(b) && a.Value(mark{}) == b.Value(mark{}) && a.Value(mark{}) != nil
}

func isStandard(ctx context.Context) bool {
	t := reflect.TypeOf(ctx)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.PkgPath() == "context"
}
