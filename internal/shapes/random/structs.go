package random

import (
	"fmt"
	"go/token"
	"regexp"
	"strings"
)

// structClient goes on with a struct. Its methods record their calls, as a fake does.
func (s *scope) structClient(c *client, parameters string) *Client {
	c.receiver = c.Name + s.instance0()
	c.names["x_recorder"] = true
	for _, p := range s.params {
		c.names[p.name] = true // a method may be called so, but nobody does
	}
	c.open, c.close = "type "+c.Name+parameters+" struct {\n\tx_recorder *pexercise.Recorder\n\t_ struct{}\n", "}\n"
	c.head = append(c.head, exercisePath)
	fields := []string{"x_recorder: x_r"}
	if s.one(40) {
		if field := s.base(c); field != "" {
			fields = append(fields, field)
		}
	}
	for range 1 + s.IntN(7) {
		name := unused(c.names, func() string { return s.methodName(c) })
		m := s.method(c, name)
		m.Guarded = m.Guarded && token.IsExported(name)
		m.ignored = !token.IsExported(name)
		c.Methods = append(c.Methods, m)
	}
	exported := unused(c.names, func() string { return "Own" })
	c.Methods = append(c.Methods, s.method(c, exported))
	s.file.pkg.dependencyOptions(c)
	c.after += fmt.Sprintf("func %s%s(x_r *pexercise.Recorder) *%s { return &%[3]s{%s} }\n", fake(c.Name), parameters, c.receiver, strings.Join(fields, ", "))
	return c.Client
}

// instance0 is the list of the type parameters, as the arguments of their own type.
func (s *scope) instance0() string {
	var names []string
	for _, p := range s.params {
		names = append(names, p.name)
	}
	if len(names) == 0 {
		return ""
	}
	return "[" + strings.Join(names, ", ") + "]"
}

// base draws a struct for c to embed, and returns how the fake makes the field.
func (s *scope) base(c *client) string {
	d := s.file.pkg
	name := unused(d.taken(), func() string { return pick(s.rng, "base", "Base", "inner", "Conn") + fmt.Sprint(s.IntN(1000)) })
	if c.names[name] {
		return ""
	}
	d.declared[name], c.names[name] = true, true
	plain := s.file.scope(s.rng)
	below := *c
	below.receiver, below.below = name, true
	c.base += "type " + name + " struct { x_recorder *pexercise.Recorder }\n"
	for range 1 + s.IntN(4) {
		method := unused(c.names, func() string { return s.methodName(c) })
		m := plain.method(&below, method)
		m.Guarded = m.Guarded && token.IsExported(method)
		m.ignored = !token.IsExported(method)
		m.promoted = true
		m.plain = m.plain && token.IsExported(method)
		c.Methods = append(c.Methods, m)
	}
	c.probe = below.probe
	star, address := pick(s.rng, "", "*"), ""
	if star != "" {
		address = "&"
	}
	line := "\t" + star + name
	for _, m := range c.Methods {
		if m.plain && s.one(50) {
			line += pick(s.rng, " //guard:heavy ", " //guard:safe ") + m.Name
			break
		}
	}
	c.embeds = append(c.embeds, embed{text: line + "\n"})
	return name + ": " + address + name + "{x_r}"
}

// recording is the body of a struct's method.
func recording(receiver, method string, params, results []variable) string {
	list := ""
	for _, p := range params {
		if p.name == "" || p.name == "_" {
			list += ", pexercise.Unseen"
		} else {
			list += ", " + p.name
		}
	}
	body, into, answer := "", "", ""
	for i, r := range results {
		if i > 0 {
			into, answer = into+", ", answer+", "
		}
		name := r.name
		if name == "" || name == "_" {
			name = fmt.Sprint("xr_", i)
			body += "\tvar " + name + " " + r.text + "\n"
		}
		into, answer = into+"&"+name, answer+name
	}
	return fmt.Sprintf("{\n%s\t%s.x_recorder.Called(%q%s).Into(%s)\n\treturn %s\n}\n", body, receiver, method, list, into, answer)
}

// nameForBody gives a name to what the body of a struct's method has to name: contexts, so that probes are told from
// calls, and results whose types are hidden there.
func nameForBody(params, results []variable) {
	hidden := false
	for i := range params {
		if params[i].role == isContext && (params[i].name == "" || params[i].name == "_") {
			params[i].name, hidden = fmt.Sprint("xp_", i), true
		}
	}
	if hidden {
		for i := range params {
			if params[i].name == "" {
				params[i].name = "_"
			}
		}
	}
	taken := make(map[string]bool)
	for _, v := range append(append([]variable(nil), params...), results...) {
		taken[v.name] = true
	}
	hidden = false
	for _, r := range results {
		if r.name == "" || r.name == "_" {
			for name := range taken {
				hidden = hidden || hides(name, results)
			}
		}
	}
	for i := range results {
		if hidden && (results[i].name == "" || results[i].name == "_") {
			results[i].name = fmt.Sprint("xr_", i)
		}
	}
}

// hides reports whether a name is a word in the types of variables.
func hides(name string, list []variable) bool {
	for _, v := range list {
		for _, word := range identifier.FindAllString(v.text, -1) {
			if word == name {
				return true
			}
		}
	}
	return false
}

var identifier = regexp.MustCompile(`[\pL_][\pL_0-9]*`)
