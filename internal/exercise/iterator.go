package exercise

import "reflect"

// pair is what an iterator yields.
type pair struct {
	value reflect.Value
	err   error
}

// iterator makes an iterator of type t that yields the pairs, as long as it is asked to.
func iterator(t reflect.Type, pairs []pair) reflect.Value {
	return reflect.MakeFunc(t, func(arguments []reflect.Value) []reflect.Value {
		yield := arguments[0]
		for _, p := range pairs {
			err := reflect.New(yield.Type().In(1)).Elem()
			if p.err != nil {
				err.Set(reflect.ValueOf(p.err))
			}
			if more := yield.Call([]reflect.Value{p.value, err}); !more[0].Bool() {
				return nil
			}
		}
		return nil
	})
}

// pairsOf ranges over an iterator.
func pairsOf(iterator reflect.Value) []pair { return firstPairs(iterator, -1) }

// firstPairs ranges over an iterator and breaks after n pairs. It panics if the iterator goes on after that.
func firstPairs(iterator reflect.Value, n int) (list []pair) {
	if iterator.IsNil() {
		return nil
	}
	broken := false
	yield := reflect.MakeFunc(iterator.Type().In(0), func(arguments []reflect.Value) []reflect.Value {
		if broken {
			panic("the iterator goes on after the break of its range")
		}
		p := pair{value: arguments[0]}
		if !arguments[1].IsNil() {
			p.err = arguments[1].Interface().(error)
		}
		list = append(list, p)
		broken = len(list) == n
		return []reflect.Value{reflect.ValueOf(!broken)}
	})
	iterator.Call([]reflect.Value{yield})
	return list
}

func samePairs(a, b []pair) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].err != b[i].err || !same(a[i].value, b[i].value) {
			return false
		}
	}
	return true
}
