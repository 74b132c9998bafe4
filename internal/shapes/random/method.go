package random

import (
	"go/token"
	"slices"
	"strings"
)

// A Method is one method that an annotated type declares itself.
type Method struct {
	Name     string
	Guarded  bool   // a wrapper has to guard it
	Declared string // its line or lines in the interface, directives included
	Beside   string // functions that its directives name

	above    string     // a directive that stands on the type, and names the method
	custom   string     // the type of its only error, if that is its own and nothing makes one of a refusal
	params   []variable // to find keys for the whole dependency
	variadic bool
	plain    bool // it is guarded, and no directive is about it
	silent   bool // it passes by a //guard:skip

	ignored  bool // unexported, of a struct
	promoted bool // declared by what a struct embeds

	uses []string // the import paths that Declared and Beside name
}

// variable is a parameter or a result.
type variable struct {
	name string
	typ
}

// method draws a method. The names of a client's methods differ.
func (s *scope) method(c *client, name string) *Method {
	m := &Method{Name: name}
	outer := s.uses
	s.uses = nil
	defer func() { m.uses, s.uses = s.uses, outer }()

	taken := make(map[string]bool)
	if c.receiver != "" {
		for _, p := range s.params {
			taken[p.name] = true // the receiver declares them beside the parameters
		}
	}
	params, variadic := s.parameters(taken)
	results := s.results(taken)
	receiver := ""
	if c.receiver != "" {
		nameForBody(params, results)
		receiver = unused(taken, s.parameterName)
		if receiver == "_" || hides(receiver, results) {
			receiver = "xr"
		}
	}
	can, role := s.reports(results)
	var directives []string
	if c.receiver != "" && !token.IsExported(name) {
		c = &client{Client: c.Client, receiver: c.receiver, silent: true, names: c.names}
	}
	directives, m.Guarded = s.directives(c, m, params, results, variadic, can, role)
	m.plain = m.Guarded && len(directives) == 0
	m.params, m.variadic = params, variadic
	m.silent = slices.Contains(directives, "//guard:skip")
	if errs := customErrors(results); !can && !m.Guarded && len(errs) > 0 {
		m.custom = errs[len(errs)-1].text
	}
	if i := s.IntN(8); i < len(directives) && directives[i] != "//guard:probe" && !c.below && (c.receiver == "" || token.IsExported(name)) {
		word, options, _ := strings.Cut(directives[i], " ")
		m.above = strings.TrimSpace(word+" "+name+" "+options) + "\n"
		directives = slices.Delete(directives, i, i+1)
	}

	signature := m.Name + "(" + write(params, variadic) + ")"
	switch text := write(results, false); {
	case len(results) == 1 && results[0].name == "" && !s.one(10):
		signature += " " + text
	case len(results) > 0:
		signature += " (" + text + ")"
	}
	if c.receiver == "" {
		m.Declared = s.place(directives, signature)
		return m
	}
	for _, d := range directives {
		m.Beside += d + "\n"
	}
	s.uses = append(s.uses, exercisePath)
	m.Beside += "func (" + receiver + " " + pick(s.rng, "*", "*", "") + c.receiver + ") " + signature + " " + recording(receiver, m.Name, params, results)
	return m
}

// place puts directives and documentation above a line or behind it.
func (s *scope) place(directives []string, line string) string {
	var doc []string
	if s.one(25) {
		doc = append(doc, pick(s.rng, "// Does it.", "// Does it,\n\t//\n\t//\twith code\n\t//\n\t// and [links].", "/* in a block */", "// */ ends nothing", "// %s %d %v", "//nolint:all"))
	}
	if len(directives) == 1 && len(doc) == 0 && s.one(40) {
		return "\t" + line + " " + directives[0] + "\n"
	}
	if len(doc) > 0 && len(directives) > 0 {
		doc = append(doc, "//")
	}
	text := ""
	for _, d := range append(doc, directives...) {
		text += "\t" + d + "\n"
	}
	if s.one(5) && len(doc) == 0 {
		line += " // trails"
	}
	return text + "\t" + line + "\n"
}

func write(list []variable, variadic bool) string {
	var b strings.Builder
	for i, v := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		if v.name != "" {
			b.WriteString(v.name)
			if i+1 < len(list) && list[i+1].text == v.text && !(variadic && i+1 == len(list)-1) && v.name != "_" {
				continue // x, y int
			}
			b.WriteString(" ")
		}
		if variadic && i == len(list)-1 {
			b.WriteString("...")
		}
		b.WriteString(v.text)
	}
	return b.String()
}
