package random

import (
	"fmt"
	"go/token"
	"strings"
)

// A Method is one method that an annotated type declares itself.
type Method struct {
	Name     string
	Guarded  bool   // a wrapper has to guard it
	Declared string // its line or lines in the interface, directives included
	Beside   string // functions that its directives name

	ignored bool // unexported, of a struct

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
	can, role := s.reports(results)
	var directives []string
	if c.receiver != "" && !token.IsExported(name) {
		c = &client{Client: c.Client, receiver: c.receiver, silent: true}
	}
	directives, m.Guarded = s.directives(c, m, params, results, variadic, can, role)

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
	name = ""
	if used := unused(taken, s.parameterName); s.one(60) {
		name = used + " "
	}
	m.Beside += "func (" + name + pick(s.rng, "*", "*", "") + c.receiver + ") " + signature + " { for {} }\n"
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

// parameters draws them: a context first, elsewhere, none or several.
func (s *scope) parameters(taken map[string]bool) (list []variable, variadic bool) {
	context := func() variable {
		if s.one(15) {
			if text, ok := s.helped("Ctx"); ok {
				return variable{"", typ{text: text, role: isContext}}
			}
		}
		if s.one(6) {
			if text, ok := s.helped("MyCtx"); ok {
				return variable{"", typ{text: text, role: isForeignContext}}
			}
		}
		if text, ok := s.of("context", "Context"); ok {
			return variable{"", typ{text: text, role: isContext}}
		}
		return variable{"", s.value(0)}
	}
	rest := func(limit int) {
		for range s.IntN(limit + 1) {
			list = append(list, variable{"", s.any(3)})
		}
	}
	switch n := s.IntN(100); {
	case n < 65:
		list = append(list, context())
		rest(4)
	case n < 75:
		rest(3)
		list = append(list, context())
		rest(2)
	case n < 79:
		list = append(list, context(), context())
		rest(2)
	default:
		rest(4)
	}
	variadic = len(list) > 0 && s.one(18)
	s.nameAll(list, taken, 75)
	return list, variadic
}

// nameAll gives all of the list a name, or none.
func (s *scope) nameAll(list []variable, taken map[string]bool, percent int) {
	if !s.one(percent) {
		return
	}
	for i := range list {
		if list[i].role == isContext && s.one(60) && !taken["ctx"] {
			list[i].name = "ctx"
			taken["ctx"] = true
			continue
		}
		list[i].name = unused(taken, s.parameterName)
	}
}

// results draws them: an error last, elsewhere, several, none, of other types, inside of a result.
func (s *scope) results(taken map[string]bool) (list []variable) {
	add := func(types ...typ) {
		for _, t := range types {
			list = append(list, variable{"", t})
		}
	}
	values := func(limit int) {
		for range s.IntN(limit + 1) {
			add(s.value(3))
		}
	}
	failure := func() typ {
		if s.one(15) {
			if text, ok := s.helped("Err"); ok {
				return typ{text: text, role: isError}
			}
		}
		if text, ok := s.word("error"); ok && !s.file.names("error") {
			return typ{text: text, role: isError}
		}
		return s.value(0)
	}
	carrier := func() typ {
		return until(s, func() (typ, bool) {
			t := s.any(2)
			return t, t.role == isCarrier
		})
	}
	switch n := s.IntN(100); {
	case n < 15:
		add(failure())
	case n < 45:
		add(s.value(3), failure())
	case n < 53:
		values(3)
		add(failure())
	case n < 61:
		values(2)
		add(failure())
		values(2)
	case n < 65:
		values(1)
		add(failure())
		values(1)
		add(failure())
	case n < 70:
		values(3)
	case n < 84:
		values(1)
		add(carrier())
		values(1)
	case n < 86:
		add(carrier(), failure())
	case n < 88:
		add(carrier(), carrier())
	case n < 93: // whatever comes
		add(s.any(2))
		values(1)
	default:
		add(s.any(3))
	}
	s.nameAll(list, taken, 35)
	return list
}

// reports says whether the guard can refuse and observe a method with these results, and through what.
func (s *scope) reports(results []variable) (bool, role) {
	features := s.file.pkg.features
	count := make(map[role]int)
	for _, v := range results {
		count[v.role]++
	}
	switch {
	case count[isError] > 0, features.CustomError && count[isFailure] > 0:
		return true, isError
	case count[isCarrier] == 1, count[isCarrier] > 1 && features.Carriers:
		return true, isCarrier
	case count[isCarrier] > 1:
		return false, isCarrier
	case features.Iterators && len(results) == 1 && count[isErrorSeq] == 1:
		return true, isErrorSeq
	default:
		return false, plain
	}
}

// directives draws what is said about a method, and says whether its calls are guarded then.
func (s *scope) directives(c *client, m *Method, params, results []variable, variadic, can bool, by role) (list []string, guarded bool) {
	if c.silent {
		return nil, false
	}
	if s.one(7) || !can && by == isCarrier { // two that carry an error must not stay undecided
		return []string{"//guard:skip"}, false
	}
	if count := customErrors(results); !can && len(count) == 1 && by == plain && s.file.pkg.features.CustomError && s.one(60) && !strings.HasPrefix(count[0], "interface") {
		list = append(list, "//guard:call refuse="+s.refusing(m, count[0]))
		if c.timeout || s.one(10) {
			list[0] += " timeout=none"
		}
		if s.one(20) {
			list = append(list, "//guard:heavy")
		}
		return list, true
	}
	if !can {
		if s.one(20) {
			return []string{pick(s.rng, "//guard:skip", "//guard:safe")}, false
		}
		return nil, false
	}
	var options []string
	if key := s.keyFor(params, variadic); key != "" && s.one(60) {
		options = append(options, "key="+key)
	}
	hasContext, foreign, outlives := false, false, false
	for i, p := range params {
		foreign = foreign || p.role == isForeignContext
		hasContext = hasContext || (p.role == isContext || p.role == isForeignContext) && !(variadic && i == len(params)-1)
	}
	for _, r := range results {
		outlives = outlives || r.outlives
	}
	var call []string
	switch {
	case c.timeout && hasContext && outlives, s.one(4):
		call = append(call, "timeout=none")
	case hasContext && !foreign && !outlives && s.one(6):
		call = append(call, "timeout="+pick(s.rng, "1s", "250ms", "2m30s"))
	}
	switch n := s.IntN(100); {
	case n < 25:
		options = append(options, pick(s.rng, "budget=20/1m", "budget=none", "budget=5/10s"))
		if s.one(15) {
			options = append(options, "mode=observe")
		}
		if s.one(30) && len(s.params) == 0 && !s.file.pkg.declared["bool"] {
			options = append(options, "when="+s.predicate(m, params, variadic))
		}
		list = append(list, "//guard:destructive "+strings.Join(options, " "))
		options = nil
	case n < 37:
		list = append(list, "//guard:heavy")
	case n < 45 && !c.probe && by != isErrorSeq && isProbe(params, results, variadic):
		c.probe = true
		list = append(list, "//guard:probe")
	case n < 50:
		list = append(list, "//guard:safe")
	}
	if call = append(call, options...); len(call) > 0 {
		list = append(list, "//guard:call "+strings.Join(call, " "))
	}
	return list, true
}

// customErrors are the results with errors of a type of their own.
func customErrors(results []variable) (list []string) {
	for _, r := range results {
		if r.role == isCustomError {
			list = append(list, r.text)
		}
	}
	return list
}

// refusing declares a function for refuse=, and returns its name.
func (s *scope) refusing(m *Method, result string) string {
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
	m.Beside = fmt.Sprintf("func %s(%s) %s { for {} }\n", name, parameter, result)
	return name
}

// isProbe reports whether a method can be the probe of its dependency.
func isProbe(params, results []variable, variadic bool) bool {
	if len(params) != 1 || variadic || params[0].role != isContext {
		return false
	}
	return len(results) == 1 && results[0].role == isError || len(results) == 2 && results[1].role == isError
}

// keyFor returns a key that one of the parameters can be, "" if none can.
func (s *scope) keyFor(params []variable, variadic bool) string {
	for i, p := range params {
		if p.name == "" || p.name == "_" || variadic && i == len(params)-1 {
			continue
		}
		if s.hidden[strings.Trim(p.text, "*[]")] {
			continue // a type parameter
		}
		switch h := s.file.pkg.helpers[0]; p.text {
		case "string", "int", "[]string", "int64", "any":
			if s.one(50) {
				return "kind:" + p.name
			}
			if strings.Trim(p.name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" && !strings.Contains(p.name, "_") {
				return p.name
			}
		case h.n("ID"), h.n("Kind"), "[]" + h.n("ID"):
			return "thing:" + p.name
		case h.n("Item"), "*" + h.n("Item"):
			return pick(s.rng, "item:"+p.name+".ID", "item:"+p.name+".next.ID")
		}
	}
	return ""
}

// predicate declares a function for when=, and returns its name.
func (s *scope) predicate(m *Method, params []variable, variadic bool) string {
	d := s.file.pkg
	name := unused(d.taken(), func() string {
		if s.one(50) {
			return pick(s.rng, generatedNames...)
		}
		return "when" + fmt.Sprint(s.IntN(1000))
	})
	d.declared[name] = true
	list := make([]variable, len(params))
	for i, p := range params {
		list[i] = variable{fmt.Sprintf("_p%d", i), p.typ}
	}
	m.Beside = fmt.Sprintf("func %s(%s) bool { return 1 > 0 }\n", name, write(list, variadic))
	return name
}
