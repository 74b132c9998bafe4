package exercise

import "reflect"

// call calls the method with samples.
func (t *trial) call() []reflect.Value {
	for i := range t.method.Type().NumIn() {
		t.arguments = append(t.arguments, t.make.sample(t.method.Type().In(i), t.shift+i))
	}
	if t.method.Type().IsVariadic() {
		return t.method.CallSlice(t.arguments)
	}
	return t.method.Call(t.arguments)
}

// answer returns samples of the results, with an error in the report with index failing, -1 for none.
func (t *trial) answer(failing int) []reflect.Value {
	var answer []reflect.Value
	for i := range t.method.Type().NumOut() {
		answer = append(answer, t.make.sample(t.method.Type().Out(i), 10+i))
	}
	for n, r := range t.reports() {
		result := answer[r.index]
		switch {
		case (r.form == inside || r.form == beside) && n == failing:
			result.Interface().(carrier).SetErr(t.broken)
		case r.form == yielded || r.form == lazily:
			answer[r.index] = iterator(result.Type(), t.pairs(result.Type(), n == failing))
		case r.form == value && n == failing:
			result.Set(reflect.ValueOf(t.broken))
		case r.form != inside && r.form != beside && n != failing:
			result.SetZero()
		}
	}
	return answer
}

// pairs are samples of what an iterator yields: with errors the last of which is the one to be recorded.
func (t *trial) pairs(iterator reflect.Type, failing bool) (list []pair) {
	for i := range 2 {
		p := pair{value: t.make.sample(iterator.In(0).In(0), 20+i)}
		if failing && i != 1 {
			p.err = t.broken
		}
		list = append(list, p)
	}
	return list
}
