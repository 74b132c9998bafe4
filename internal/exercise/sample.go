package exercise

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// mark is the key of a context that a trial made.
type mark struct{}

// variants is how many sets of samples there are. Where a type has two values only, no one set tells all pairs of
// parameters apart, but one of these does for up to 15 of them.
const variants = 4

// deepest is how far samples go into types that hold themselves.
const deepest = 5

// maker makes samples.
type maker struct {
	t       *testing.T
	samples []any
	variant int
	depth   int
	cancels *[]context.CancelFunc // of the contexts that were made
}

// sample makes a value of any type that is not zero, and differs from that of another seed where the type allows.
func (m maker) sample(t reflect.Type, seed int) reflect.Value {
	value := reflect.New(t).Elem()
	if m.depth++; m.depth > deepest {
		return value
	}
	switch t.Kind() {
	case reflect.Interface:
		m.fillInterface(value, seed)
	case reflect.String:
		value.SetString(fmt.Sprint("sample", seed))
	case reflect.Bool:
		value.SetBool((seed+1)>>m.variant&1 == 1)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		value.SetInt(int64(seed + 1))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		value.SetUint(uint64(seed + 1))
	case reflect.Float32, reflect.Float64:
		value.SetFloat(float64(seed) + 0.5)
	case reflect.Complex64, reflect.Complex128:
		value.SetComplex(complex(float64(seed)+0.5, 1))
	case reflect.Slice:
		value.Set(reflect.Append(value, m.sample(t.Elem(), seed), m.sample(t.Elem(), seed+1)))
	case reflect.Array:
		for i := range min(t.Len(), 4) {
			value.Index(i).Set(m.sample(t.Elem(), seed+i))
		}
	case reflect.Map:
		value.Set(reflect.MakeMap(t))
		value.SetMapIndex(m.sample(t.Key(), seed), m.sample(t.Elem(), seed))
	case reflect.Pointer:
		value.Set(reflect.New(t.Elem()))
		if t.Elem().Kind() != reflect.Struct || isOwn(t.Elem()) && !t.Implements(reflect.TypeFor[carrier]()) {
			value.Elem().Set(m.sample(t.Elem(), seed))
		}
	case reflect.Struct:
		m.fillStruct(value, seed)
	case reflect.Chan:
		value.Set(reflect.MakeChan(reflect.ChanOf(reflect.BothDir, t.Elem()), 1).Convert(t))
	case reflect.Func:
		value.Set(reflect.MakeFunc(t, func([]reflect.Value) []reflect.Value { panic("not to be called") }))
	case reflect.UnsafePointer:
		value.SetPointer(unsafe.Pointer(new(int)))
	default:
		m.t.Fatalf("no sample of %s", t)
	}
	return value
}

// fillStruct fills all fields of a struct of the tests' own, exported or not, and of others what holds no reference: it
// may mean something there.
func (m maker) fillStruct(value reflect.Value, seed int) {
	t := value.Type()
	if t == reflect.TypeFor[time.Time]() {
		value.Set(reflect.ValueOf(time.Unix(int64(seed+1), 0).UTC()))
		return
	}
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Name == "_" || !isOwn(t) && !isScalar(field.Type) {
			continue
		}
		reflect.NewAt(field.Type, value.Field(i).Addr().UnsafePointer()).Elem().Set(m.sample(field.Type, seed+i))
	}
}

// isOwn reports whether the tests declare t, or nobody, so that its fields are there to be filled.
func isOwn(t reflect.Type) bool {
	return t.PkgPath() == "" || strings.HasPrefix(t.PkgPath(), "github.com/guardgen/guardgen/") || t.PkgPath() == "main"
}

// isContext reports whether values of type t are contexts, of whatever type.
func isContext(t reflect.Type) bool { return t.Implements(reflect.TypeFor[context.Context]()) }

func isScalar(t reflect.Type) bool {
	return reflect.Bool <= t.Kind() && t.Kind() <= reflect.Complex128 || t.Kind() == reflect.String
}

// usual are samples of the interfaces that most packages know. Those of a Subject come first.
func (m maker) usual(seed int) []any {
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), mark{}, seed+1))
	*m.cancels = append(*m.cancels, cancel)
	return []any{
		ctx,
		fmt.Sprint("anything ", seed),
		fmt.Errorf("sample %d", seed),
		bytes.NewBufferString(fmt.Sprint("sample ", seed)),
		bytes.NewReader(make([]byte, seed+1)),
		time.Duration(seed + 1),
		&net.DNSError{Err: "sample", IsTimeout: true},
		&net.TCPAddr{Port: seed},
		&net.TCPConn{},
	}
}

func (m maker) fillInterface(value reflect.Value, seed int) {
	var fitting []any
	for _, sample := range m.samples {
		if reflect.TypeOf(sample).Implements(value.Type()) {
			fitting = append(fitting, sample)
		}
	}
	if len(fitting) > 0 && value.NumMethod() > 0 && value.Type() != reflect.TypeFor[context.Context]() {
		chosen := reflect.ValueOf(fitting[seed%len(fitting)])
		if isContext(chosen.Type()) {
			chosen = m.sample(chosen.Type(), seed) // with a context of the trial in it
		}
		value.Set(chosen)
		return
	}
	for _, sample := range m.usual(seed) {
		_, hides := sample.(context.Context) // any other interface has a sample that says more
		if reflect.TypeOf(sample).Implements(value.Type()) && (!hides || isContext(value.Type())) {
			value.Set(reflect.ValueOf(sample))
			return
		}
	}
	m.t.Fatalf("no sample implements %s", value.Type())
}
