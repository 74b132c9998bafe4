package random

import (
	"fmt"

	"github.com/guardgen/guardgen/annotations"
)

// refusing declares a function for refuse=, and returns its name.
func (s *scope) refusing(m *Method, result variable) string {
	d := s.file.pkg
	name := unused(d.taken(), func() string {
		if s.one(50) {
			return pick(s.rng, generatedNames...)
		}
		return "refuse" + fmt.Sprint(s.IntN(1000))
	})
	d.declared[name] = true
	parameter := "error"
	if h := d.helpers[0]; d.declared["error"] {
		parameter = h.n("Err")
	}
	m.Beside = fmt.Sprintf("func %s(x_err %s) %s { return %s(x_err) }\n", name, parameter, result.text, result.maker)
	return name
}

// predicate declares a function for when=, which says what a parameter does, and returns its name; "" if none is a bool.
func (s *scope) predicate(m *Method, params []variable, variadic bool) string {
	d := s.file.pkg
	list, says := make([]variable, len(params)), ""
	for i, p := range params {
		list[i] = variable{fmt.Sprintf("_p%d", i), p.typ}
		if p.text == "bool" && !(variadic && i == len(params)-1) {
			says = list[i].name
		}
	}
	if says == "" {
		return ""
	}
	name := unused(d.taken(), func() string {
		if s.one(50) {
			return pick(s.rng, generatedNames...)
		}
		return "when" + fmt.Sprint(s.IntN(1000))
	})
	d.declared[name] = true
	m.Beside = fmt.Sprintf("func %s(%s) bool { return %s }\n", name, write(list, variadic), says)
	return name
}

// outcome declares a function for classify=.
func (d *drawing) outcome() string {
	d.classifier = unused(d.taken(), func() string { return pick(d.rng, "outcome", "Outcome", "classify", pick(d.rng, generatedNames...)) })
	d.declared[d.classifier] = true
	failure := "error"
	if d.declared["error"] {
		failure = d.helpers[0].n("Err")
	}
	return fmt.Sprintf("package %s\n\nimport (\n\tpcontext \"context\"\n\n\tpguard %q\n)\n\nfunc %s(ctx pcontext.Context, err %s) pguard.Outcome {\n\treturn pguard.Classify(ctx, err)\n}\n",
		d.helpers[0].name, annotations.RuntimePath, d.classifier, failure)
}
