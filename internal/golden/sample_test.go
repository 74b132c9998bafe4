package golden_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
)

// mark is the key of a context that a trial made.
type mark struct{}

// sample makes a value of any type that is not zero, and differs from that of another seed where the type allows.
func sample(t reflect.Type, seed int) reflect.Value {
	value := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.Interface:
		if made := sampleInterface(t, seed); made != nil {
			value.Set(reflect.ValueOf(made))
		}
	case reflect.String:
		value.SetString(fmt.Sprint("sample", seed))
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		value.SetInt(int64(seed + 1))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		value.SetUint(uint64(seed + 1))
	case reflect.Float32, reflect.Float64:
		value.SetFloat(float64(seed) + 0.5)
	case reflect.Slice:
		value = reflect.Append(value, sample(t.Elem(), seed), sample(t.Elem(), seed+1))
	case reflect.Map:
		value.Set(reflect.MakeMap(t))
		value.SetMapIndex(sample(t.Key(), seed), sample(t.Elem(), seed))
	case reflect.Pointer:
		value.Set(reflect.New(t.Elem()))
		if t.Elem().Kind() != reflect.Struct {
			value.Elem().Set(sample(t.Elem(), seed))
		}
	case reflect.Struct:
		for i := range t.NumField() {
			field := t.Field(i)
			kind := field.Type.Kind()
			if !field.IsExported() {
				continue
			}
			if kind == reflect.String || isOwn(t) && (kind == reflect.Pointer || kind == reflect.Slice) {
				value.Field(i).Set(sample(field.Type, seed))
			}
		}
	case reflect.Chan:
		value.Set(reflect.MakeChan(reflect.ChanOf(reflect.BothDir, t.Elem()), 1).Convert(t))
	case reflect.Func:
		value.Set(reflect.MakeFunc(t, func([]reflect.Value) []reflect.Value { panic("not to be called") }))
	default:
		panic("no sample of " + t.String())
	}
	return value
}

// isOwn reports whether a golden declares t, so that its fields are there to be filled: a key may be in one of them.
func isOwn(t reflect.Type) bool { return strings.Contains(t.PkgPath(), "/internal/golden/") }

func sampleInterface(t reflect.Type, seed int) any {
	switch t {
	case reflect.TypeFor[context.Context]():
		return context.WithValue(context.Background(), mark{}, seed)
	case reflect.TypeFor[error]():
		return fmt.Errorf("sample %d", seed)
	case reflect.TypeFor[any]():
		return fmt.Sprint("anything ", seed)
	default:
		panic("no sample of " + t.String())
	}
}

// same reports whether what arrived is what was sent: the same pointer, the same elements, the same context or one made
// from it.
func same(got, want reflect.Value) bool {
	if got.Kind() == reflect.Interface && !got.IsNil() {
		got = got.Elem()
	}
	if want.Kind() == reflect.Interface && !want.IsNil() {
		want = want.Elem()
	}
	if !got.IsValid() || !want.IsValid() || got.Type() != want.Type() {
		return sameContext(got, want)
	}
	switch got.Kind() {
	case reflect.Func, reflect.Chan, reflect.Pointer, reflect.Map:
		return got.Pointer() == want.Pointer() || sameContext(got, want)
	case reflect.Slice:
		return got.Len() == want.Len() && got.Pointer() == want.Pointer()
	default:
		return reflect.DeepEqual(got.Interface(), want.Interface())
	}
}

func sameContext(got, want reflect.Value) bool {
	if !got.IsValid() || !want.IsValid() {
		return got.IsValid() == want.IsValid()
	}
	a, _ := got.Interface().(context.Context)
	b, _ := want.Interface().(context.Context)
	return a != nil && b != nil && a.Value(mark{}) == b.Value(mark{})
}
