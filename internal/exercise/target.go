package exercise

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// exerciseKeys holds that a call which fails or is refused is known to be about its targets, and no others.
func (s *subject) exerciseKeys(t *testing.T, name string, destructive bool) {
	run := func(what string, gated bool, story func(*trial)) {
		t.Run(what, s.trial(name, 0, func(call *trial) {
			call.keys = s.keys[name]
			for s.when[name] != nil && call.isGated(s.when[name]) != gated && call.make.variant < variants {
				call.make.variant++
			}
			story(call)
		}))
	}
	if destructive {
		run("fails about its targets", true, func(call *trial) { call.failsAbout(true) })
	}
	if !destructive || s.when[name] != nil {
		run("fails about its targets", false, func(call *trial) { call.failsAbout(false) })
		run("is refused about its targets", false, (*trial).isRefusedAbout) // what the gate denies says nothing about them
	}
}

// failsAbout is a call that fails: its targets are suspect until a call about them succeeds, or, where that would be a
// destructive one, it is denied because of them.
func (t *trial) failsAbout(destructive bool) {
	t.recorder.answer = t.answer(0)
	t.finish()
	targets := t.targets()
	t.wantSuspects(targets)
	if destructive {
		t.wantDenied(targets)
		t.shift = 50
		t.wantDenied(nil)
		return
	}
	t.recorder.answer = t.answer(-1)
	t.finish()
	if t.reports()[0].form == yielded {
		return
	}
	for _, target := range targets {
		if d := t.explain(target); d.Reason == guard.ReasonKey {
			t.Errorf("%s is suspect after a call about it that succeeded", target)
		}
	}
}

// isRefusedAbout is a call that is refused: nobody knows what it would have said about its targets.
func (t *trial) isRefusedAbout() {
	t.isolate()
	t.recorder.answer = t.answer(-1)
	t.finish()
	t.restore()
	t.wantSuspects(t.targets())
}

// finish calls the method, and ranges over its result if the call begins then.
func (t *trial) finish() []reflect.Value {
	t.arguments, t.recorder.calls = nil, nil
	results := t.call()
	if t.isLazy() {
		pairsOf(results[0])
	}
	return results
}

// wantSuspects holds that the gate would deny what is done to the targets, and only that.
func (t *trial) wantSuspects(targets []string) {
	t.Helper()
	for _, target := range targets {
		t.hold(aboutKeys)
		if d := t.explain(target); d.Reason != guard.ReasonKey || d.Key != target {
			t.Errorf("%s is denied because of %q %s, want because of the key", target, d.Reason, d.Key)
		}
	}
	for _, other := range t.others(targets) {
		if d := t.explain(other); d.Reason == guard.ReasonKey {
			t.Errorf("%s is suspect, of which there was no call", other)
		}
	}
}

// wantDenied calls a destructive method, which is to be denied because of one of the targets, or for another reason if
// there are none.
func (t *trial) wantDenied(targets []string) {
	t.Helper()
	t.recorder.answer = t.answer(-1)
	results := t.finish()
	var denied *guard.DestructiveDeniedError
	for _, r := range t.refusals() {
		if errors.As(r.errorIn(results), &denied) && denied.Reason == guard.ReasonKey {
			break
		}
		denied = nil
	}
	switch {
	case len(targets) == 0 && denied != nil:
		t.Errorf("denied because of %s, of which no call failed", denied.Key)
	case len(targets) > 0 && (denied == nil || !slices.Contains(targets, denied.Key)):
		t.Errorf("not denied because of %s: %v", targets, results)
	}
}

// explain asks the gate about a target as soon as the dependency is well again.
func (t *trial) explain(target string) (d guard.Decision) {
	for range 90 {
		d = t.registry.Explain(context.Background(), "exercise", target)
		if d.Reason != guard.ReasonUnhealthy {
			break
		}
		time.Sleep(time.Second)
	}
	return d
}

// targets are the keys of the call, read from its arguments.
func (t *trial) targets() (list []string) {
	for _, key := range t.keys {
		kind, path, _ := strings.Cut(key, ":")
		names := strings.Split(path, ".")
		index, err := strconv.Atoi(names[0])
		if err != nil {
			t.Fatalf("key %s: %v", key, err)
		}
		value := t.arguments[index]
		for _, name := range names[1:] {
			value = fieldOf(value, name)
		}
		list = append(list, guard.Keys(kind, value.Interface())...)
	}
	return list
}

// fieldOf returns a field, exported or not, of a struct or of what a pointer points to.
func fieldOf(value reflect.Value, name string) reflect.Value {
	holder := reflect.Indirect(value)
	if !holder.CanAddr() {
		holder = reflect.New(holder.Type()).Elem()
		holder.Set(reflect.Indirect(value))
	}
	field := holder.FieldByName(name)
	return reflect.NewAt(field.Type(), field.Addr().UnsafePointer()).Elem()
}

// others are keys of the same kinds that name the other arguments.
func (t *trial) others(targets []string) (list []string) {
	for _, key := range t.keys {
		kind, _, _ := strings.Cut(key, ":")
		list = append(list, kind+":other")
		for _, argument := range t.arguments {
			if argument.Kind() == reflect.String || argument.CanInt() {
				list = append(list, guard.Keys(kind, argument.Interface())...)
			}
		}
	}
	return slices.DeleteFunc(list, func(key string) bool { return slices.Contains(targets, key) })
}
