package templates

import (
	"time"

	"github.com/dave/jennifer/jen"

	"github.com/guardgen/guardgen/annotations"
)

// spec returns the literal that repeats the annotations of the type for the runtime.
func (w *wrapper) spec() *jen.Statement {
	fields := []jen.Code{
		field("Interface", jen.Lit(w.file.pkg.Path+"."+w.client.Name)),
		field("Dependency", jen.Lit(w.client.Dependency.Name)),
	}
	if policy := w.policy(); len(policy) > 0 {
		fields = append(fields, field("Policy", w.guard("Policy").Add(tall(policy))))
	}
	var methods []jen.Code
	for _, m := range w.guarded() {
		methods = append(methods, w.methodSpec(m))
	}
	if len(methods) > 0 {
		fields = append(fields, field("Methods", jen.Index().Add(w.guard("MethodSpec")).Add(tall(methods))))
	}
	return w.guard("Spec").Add(tall(fields))
}

// policy returns the fields that the annotation sets.
func (w *wrapper) policy() []jen.Code {
	d := w.client.Dependency
	var fields []jen.Code
	if d.Optional {
		fields = append(fields, field("Optional", w.file.trueWord()))
	}
	if d.Threshold != (annotations.Threshold{}) {
		fields = append(fields, field("Threshold", w.threshold(d.Threshold)))
	}
	if d.Backoff != (annotations.Backoff{}) {
		fields = append(fields, field("Backoff", w.guard("Backoff").Add(flat(
			w.durationFields("Min", d.Backoff.Min, "Max", d.Backoff.Max)...))))
	}
	fields = append(fields, w.durationFields(
		"Timeout", d.Timeout, "ProbeTimeout", d.ProbeTimeout, "ProbeInterval", d.ProbeInterval,
		"MaxAge", d.MaxAge, "Hold", d.Hold, "Reconnect", d.Reconnect, "Quiet", d.Quiet)...)
	if d.Classify != "" {
		fields = append(fields, field("Classify", jen.Id(d.Classify)))
	}
	return fields
}

func (w *wrapper) threshold(t annotations.Threshold) *jen.Statement {
	fields := countFields("Failures", t.Failures)
	fields = append(fields, w.durationFields("Period", t.Period)...)
	fields = append(fields, countFields("Percent", t.Percent, "MinCalls", t.MinCalls)...)
	return w.guard("Threshold").Add(flat(fields...))
}

func (w *wrapper) methodSpec(m *annotations.Method) jen.Code {
	fields := []jen.Code{field("Name", jen.Lit(m.Name))}
	switch m.Class {
	case annotations.Heavy:
		fields = append(fields, field("Class", w.guard("Heavy")))
	case annotations.Destructive:
		fields = append(fields, field("Class", w.guard("Destructive")))
	}
	switch {
	case m.Budget.None:
		fields = append(fields, field("Budget", w.guard("NoBudget")))
	case m.Budget != (annotations.Budget{}):
		limit := append(countFields("Limit", m.Budget.Limit), w.durationFields("Window", m.Budget.Window)...)
		fields = append(fields, field("Budget", w.guard("Budget").Add(flat(limit...))))
	}
	if m.Observe {
		fields = append(fields, field("Mode", w.guard("Observe")))
	}
	if m.NoTimeout {
		fields = append(fields, field("Timeout", w.guard("NoTimeout")))
	} else {
		fields = append(fields, w.durationFields("Timeout", m.Timeout)...)
	}
	if m.Outlives && m.Context >= 0 && !m.OwnContext { // no deadline reaches any other method
		fields = append(fields, field("Outlives", w.file.trueWord()))
	}
	return flat(fields...)
}

func field(name string, value jen.Code) *jen.Statement { return jen.Id(name).Op(":").Add(value) }

// tall lists the elements of a literal one a line, flat in one line.
func tall(elements []jen.Code) *jen.Statement {
	return jen.Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}, elements...)
}

func flat(elements ...jen.Code) *jen.Statement { return jen.Values(elements...) }

// countFields and durationFields take names and values by turns, and leave out what is zero.
func countFields(pairs ...any) []jen.Code {
	var fields []jen.Code
	for i := 0; i < len(pairs); i += 2 {
		if count := pairs[i+1].(int); count != 0 {
			fields = append(fields, field(pairs[i].(string), jen.Lit(count)))
		}
	}
	return fields
}

func (w *wrapper) durationFields(pairs ...any) []jen.Code {
	var fields []jen.Code
	for i := 0; i < len(pairs); i += 2 {
		if d := pairs[i+1].(time.Duration); d != 0 {
			fields = append(fields, field(pairs[i].(string), w.duration(d)))
		}
	}
	return fields
}

var units = []struct {
	size time.Duration
	name string
}{
	{time.Hour, "Hour"}, {time.Minute, "Minute"}, {time.Second, "Second"},
	{time.Millisecond, "Millisecond"}, {time.Microsecond, "Microsecond"}, {time.Nanosecond, "Nanosecond"},
}

// duration writes d in the largest unit that divides it: 45 * time.Second, time.Minute.
func (w *wrapper) duration(d time.Duration) *jen.Statement {
	for _, unit := range units {
		if d%unit.size != 0 {
			continue
		}
		name := w.file.imports.qualified("time", "time", unit.name)
		if d == unit.size {
			return name
		}
		return jen.Lit(int(d / unit.size)).Op("*").Add(name)
	}
	return nil // not reached: a nanosecond divides every duration
}
