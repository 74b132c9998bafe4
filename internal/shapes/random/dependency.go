package random

import (
	"slices"
	"strings"
)

// dependencyOptions draws options of //guard:dependency that have to fit all methods of c: classify=, key= and refuse=.
func (d *drawing) dependencyOptions(c *client) {
	if d.one(10) {
		c.options += " classify=" + d.classifier
	}
	if name := d.commonRefuser(c); name != "" {
		c.options += " refuse=" + name
	}
	if key := d.commonKey(c); key != "" && d.one(50) {
		c.options += " key=" + key
	}
}

// commonRefuser declares a function for refuse=, and returns its name: "" if no method needs one. Those that do are guarded
// then.
func (d *drawing) commonRefuser(c *client) string {
	own := d.helpers[0]
	custom, maker := "*"+own.n("Fault"), own.n("NewFault")
	if d.one(30) {
		custom, maker = own.n("Failure"), own.n("NewFailure")
	}
	needs := func(m *Method) bool { return m.custom == custom && !m.silent && !m.ignored }
	i := slices.IndexFunc(c.Methods, needs)
	if i < 0 || c.timeout || slices.ContainsFunc(c.params, func(p typeParam) bool { return strings.Contains(custom, p.name) }) {
		return ""
	}
	name := (&scope{rng: d.rng, file: &file{pkg: d}}).refusing(c.Methods[i], variable{"", typ{text: custom, maker: maker}})
	c.after += c.Methods[i].Beside
	c.Methods[i].Beside = ""
	for _, m := range c.Methods {
		m.Guarded = m.Guarded || needs(m)
	}
	return name
}

// commonKey returns a key that a guarded method has a parameter for, and that no method has a parameter of another type for.
func (d *drawing) commonKey(c *client) string {
	s := &scope{rng: d.rng, file: &file{pkg: d}, hidden: make(map[string]bool)}
	for _, p := range c.params {
		s.hidden[p.name] = true
	}
	for _, m := range c.Methods {
		key := s.keyFor(m.params, m.variadic)
		if key == "" || !m.Guarded || m.ignored {
			continue
		}
		_, path, _ := strings.Cut(key, ":")
		name, _, _ := strings.Cut(path, ".")
		if name == "" {
			name = key
		}
		fits := !slices.Contains([]string{"ctx", "id", "name", "f", "err", "key", "g", "call", "p", "c"}, name) // parameters of what is embedded
		for _, other := range c.Methods {
			for i, p := range other.params {
				if p.name == name && !(s.keyFor([]variable{p}, other.variadic && i == len(other.params)-1) != "" && samePath(m, other, name)) {
					fits = false
				}
			}
		}
		if fits {
			return key
		}
	}
	return ""
}

// samePath reports whether the parameters of two methods have one type, so that a key which leads through one leads through
// the other.
func samePath(a, b *Method, name string) bool {
	text := func(m *Method) string {
		for _, p := range m.params {
			if p.name == name {
				return p.text
			}
		}
		return ""
	}
	return text(a) == text(b)
}
