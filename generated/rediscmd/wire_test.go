package rediscmd

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/runtime/goredis"
)

// wire is a client whose commands go nowhere, and are kept.
type wire struct {
	*redis.Client
	sent [][]any
}

func newWire(t *testing.T) *wire {
	w := &wire{Client: redis.NewClient(&redis.Options{Addr: "nowhere.invalid:0"})}
	w.AddHook(w)
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *wire) DialHook(redis.DialHook) redis.DialHook { return nil }

func (w *wire) ProcessHook(redis.ProcessHook) redis.ProcessHook {
	return func(_ context.Context, cmd redis.Cmder) error {
		w.sent = append(w.sent, cmd.Args())
		return nil
	}
}

func (w *wire) ProcessPipelineHook(redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(context.Context, []redis.Cmder) error { return nil }
}

// call calls a method of client with arguments in which every time is over, or none is. It returns the error that the
// results carry.
func call(client redis.Cmdable, name string, over bool) (err error) {
	defer func() {
		if why := recover(); why != nil {
			err = fmt.Errorf("panic: %v", why)
		}
	}()
	method := reflect.ValueOf(client).MethodByName(name)
	var arguments []reflect.Value
	for i := range method.Type().NumIn() {
		arguments = append(arguments, argument(name, method.Type().In(i), over))
	}
	results := func() []reflect.Value {
		if method.Type().IsVariadic() {
			return method.CallSlice(arguments)
		}
		return method.Call(arguments)
	}()
	for _, result := range results {
		switch result := result.Interface().(type) {
		case redis.Cmder:
			return result.Err()
		case error:
			return result
		}
	}
	return nil
}

// argument is something that go-redis takes for an argument of a type.
func argument(method string, t reflect.Type, over bool) reflect.Value {
	seconds := int64(60)
	if over {
		seconds = -60
	}
	at := time.Now().Add(time.Duration(seconds) * time.Second)
	value := reflect.New(t).Elem()
	if sample, ok := map[reflect.Type]any{
		reflect.TypeFor[context.Context]():             context.Background(),
		reflect.TypeFor[time.Time]():                   at,
		reflect.TypeFor[time.Duration]():               time.Duration(seconds) * time.Second,
		reflect.TypeFor[*redis.HGetEXOptions]():        &redis.HGetEXOptions{ExpirationType: redis.HGetEXExpirationPXAT, ExpirationVal: at.UnixMilli()},
		reflect.TypeFor[*redis.HSetEXOptions]():        &redis.HSetEXOptions{ExpirationType: redis.HSetEXExpirationEX, ExpirationVal: seconds},
		reflect.TypeFor[redis.SetArgs]():               redis.SetArgs{ExpireAt: at},
		reflect.TypeFor[redis.MSetEXArgs]():            redis.MSetEXArgs{Expiration: &redis.ExpirationOption{Mode: redis.EXAT, Value: at.Unix()}},
		reflect.TypeFor[redis.IncrEXIntArgs]():         redis.IncrEXIntArgs{Expiration: &redis.ExpirationOption{Mode: redis.PXAT, Value: at.UnixMilli()}},
		reflect.TypeFor[redis.IncrEXFloatArgs]():       redis.IncrEXFloatArgs{Expiration: &redis.ExpirationOption{Mode: redis.PX, Value: seconds}},
		reflect.TypeFor[*redis.GeoRadiusQuery]():       &redis.GeoRadiusQuery{Store: storeOf(method)},
		reflect.TypeFor[*redis.XAddArgs]():             &redis.XAddArgs{Stream: "stream", MaxLen: 1, Values: []string{"a", "b"}},
		reflect.TypeFor[redis.Vector]():                &redis.VectorFP32{Val: make([]byte, 4)},
		reflect.TypeFor[*redis.FTHybridOptions]():      &redis.FTHybridOptions{SearchExpressions: []redis.FTHybridSearchExpression{{Query: "*"}}},
		reflect.TypeFor[*redis.FieldSchema]():          &redis.FieldSchema{FieldName: "name", FieldType: redis.SearchFieldTypeText},
		reflect.TypeFor[func(redis.Pipeliner) error](): func(redis.Pipeliner) error { return nil },
	}[t]; ok {
		value.Set(reflect.ValueOf(sample))
		return value
	}
	switch t.Kind() {
	case reflect.Pointer:
		value.Set(reflect.New(t.Elem()))
	case reflect.String:
		value.SetString("NX")
	case reflect.Slice:
		value.Set(reflect.Append(value, argument(method, t.Elem(), over)))
		if !value.Index(0).CanInt() { // of a count there is one at most
			value.Set(reflect.Append(value, argument(method, t.Elem(), over)))
		}
	case reflect.Interface:
		value.Set(reflect.ValueOf("any"))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		value.SetInt(1)
	case reflect.Uint64:
		value.SetUint(1)
	case reflect.Float64:
		value.SetFloat(1)
	}
	return value
}

func storeOf(method string) string {
	if strings.HasSuffix(method, "Store") {
		return "store"
	}
	return ""
}

// isDestructive reports whether a command is in the tiers that a guard at the hooks of a client gates by default.
func isDestructive(args []any) bool {
	name := nameOf(args)
	for _, command := range goredis.InTiers(goredis.DefaultTiers()...) {
		if command.Name == name && (command.When == nil || command.When(args)) {
			return true
		}
	}
	return false
}

// nameOf is the name of a command as the table of goredis has it.
func nameOf(args []any) string {
	name := strings.ToUpper(fmt.Sprint(args[0]))
	for _, command := range goredis.Commands() {
		if len(args) > 1 && command.Name == name+" "+strings.ToUpper(fmt.Sprint(args[1])) {
			return command.Name
		}
	}
	return name
}
