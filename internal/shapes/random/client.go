package random

import (
	"fmt"
	"go/token"
	"slices"
	"strings"
)

// A Client is one annotated type.
type Client struct {
	Name    string
	Methods []*Method // those that it declares itself
	File    string

	before, open, close string // around the methods
	embeds              []embed
	head                []string // the import paths that stand outside of methods
	after               string
}

// embed is a line that embeds an interface.
type embed struct {
	text string
	uses []string
}

// client is a Client while it is drawn.
type client struct {
	*Client
	probe, timeout bool
	names          map[string]bool // of its methods
	silent         bool            // no directives
	receiver       string          // of a struct: Name[K, V]
}

var clientNames = []string{"Store", "API", "HTTPClient", "Next", "Call", "Method", "Get", "T", "Guard", "Transport", "Ctx", "Wrapper", "Store2",
	"store", "api", "conn", "dep", "x"}

// drawClient draws an annotated interface.
func (d *drawing) drawClient(f *file, number int) *Client {
	c := &client{Client: &Client{File: f.name}, names: make(map[string]bool)}
	taken := d.taken()
	c.Name = unused(taken, func() string {
		return pick(d.rng, clientNames...) + pick(d.rng, "", fmt.Sprint(number), fmt.Sprint(number))
	})
	d.declare(c.Name)

	s := f.scope(d.rng)
	parameters := s.typeParams(c.Name)
	c.head = s.uses
	header := fmt.Sprintf("//guard:dependency name=d%d", number)
	if d.one(20) {
		c.timeout = true
		header += " timeout=2s"
	}
	header += pick(d.rng, "", "", " optional", " threshold=3/10s", " backoff=2s..30s hold=2m", ` quiet="500ms"`, " threshold=50%/10s/20 max-age=3s", " probe-timeout=2s probe-interval=3s reconnect=30s")
	if d.one(8) {
		name := unused(taken, func() string { return pick(d.rng, "Safe", "safe", "W", "w") + fmt.Sprint(number) })
		header += " wrapper=" + name
		for _, n := range []string{name, "New" + name, "new" + strings.ToUpper(name[:1]) + name[1:]} {
			d.declared[n] = true
		}
	}
	if d.one(40) {
		header = "// " + c.Name + " talks to it.\n//\n" + header
	}
	c.before = header + "\n"
	open := "interface {\n"
	if d.features.Structs && d.one(20) {
		return s.structClient(c, parameters)
	}
	if d.features.Defined && d.one(8) {
		return s.definedClient(c, parameters)
	}
	if d.one(15) {
		c.before, c.open, c.close = "", "type (\n"+header+"\n"+c.Name+parameters+" "+open, "}\n)\n"
	} else {
		c.open, c.close = "type "+c.Name+parameters+" "+open, "}\n"
	}

	for range 1 + d.IntN(7) {
		name := unused(c.names, func() string { return s.methodName(c) })
		c.Methods = append(c.Methods, s.method(c, name))
	}
	s.embed(c)
	return c.Client
}

// structClient goes on with a struct.
func (s *scope) structClient(c *client, parameters string) *Client {
	c.receiver = c.Name
	for i, p := range s.params {
		if i == 0 {
			c.receiver += "["
		} else {
			c.receiver += ", "
		}
		c.receiver += p.name
	}
	if len(s.params) > 0 {
		c.receiver += "]"
	}
	fields := "\tfield int\n\t_ struct{}\n"
	if s.file.pkg.declared["int"] || s.hidden["int"] {
		fields = "\tfield struct{}\n"
	}
	c.names["field"] = true
	for _, p := range s.params {
		c.names[p.name] = true // a method may be called so, but nobody does
	}
	c.open, c.close = "type "+c.Name+parameters+" struct {\n"+fields, "}\n"
	for range 1 + s.IntN(7) {
		name := unused(c.names, func() string { return s.methodName(c) })
		m := s.method(c, name)
		m.Guarded = m.Guarded && token.IsExported(name)
		m.ignored = !token.IsExported(name)
		c.Methods = append(c.Methods, m)
	}
	exported := unused(c.names, func() string { return "Own" })
	c.Methods = append(c.Methods, s.method(c, exported))
	if s.one(30) && c.names["String"] == false {
		if text, ok := s.of("fmt", "Stringer"); ok {
			c.embeds = append(c.embeds, embed{"\t" + text + "\n", []string{"fmt"}})
		}
	}
	return c.Client
}

// definedClient goes on with an alias, or a type that another defines.
func (s *scope) definedClient(c *client, parameters string) *Client {
	equals := pick(s.rng, "", "= ")
	s.uses = nil
	text := until(s, func() (string, bool) {
		switch s.IntN(4) {
		case 0:
			return s.helped("Base")
		case 1:
			return s.helped("Group")
		default:
			text, ok := s.helped("Repo")
			return text + "[" + s.key(2).text + ", " + s.value(1).text + "]", ok
		}
	})
	c.before = strings.Replace(c.before, " timeout=2s", "", 1)
	c.head = append(c.head, s.uses...)
	c.open, c.close = "type "+c.Name+parameters+" "+equals+text+"\n", ""
	return c.Client
}

func (s *scope) methodName(c *client) string {
	switch n := s.IntN(100); {
	case n < 4:
		return c.Name
	case n < 12:
		return pick(s.rng, s.file.pkg.someDeclared()...)
	default:
		return pick(s.rng, methodNames...)
	}
}

// someDeclared are names that the package declares, sorted.
func (d *drawing) someDeclared() []string {
	list := []string{"Do"}
	for name := range d.declared {
		if name != "_" && name != "init" {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// typeParams draws type parameters, "" for none.
func (s *scope) typeParams(self string) string {
	if s.one(60) {
		return ""
	}
	var list []string
	taken := map[string]bool{self: true}
	for range 1 + s.IntN(3) {
		name := unused(taken, func() string {
			name := pick(s.rng, "T", "K", "V", "E", "P", "T", "K", "V", "t", "Größe", pick(s.rng, generatedNames...), pick(s.rng, functionNames...), "string", "int")
			if name == "_" {
				return "T"
			}
			return name
		})
		s.hidden[name] = true
		list = append(list, name)
	}
	var constraints []string
	for i, name := range list {
		p := typeParam{name: name}
		p.constraint, p.comparable = s.constraint(list, i)
		constraints = append(constraints, p.constraint)
		s.params = append(s.params, p)
	}
	var b strings.Builder
	for i, name := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name)
		if i+1 < len(list) && constraints[i] == constraints[i+1] && s.one(50) {
			continue
		}
		b.WriteString(" " + constraints[i])
	}
	return "[" + b.String() + "]"
}

// constraint draws the constraint of the parameter at index i.
func (s *scope) constraint(names []string, i int) (string, bool) {
	c := until(s, func() (c constraint, ok bool) {
		text, comparable, ok := s.constrain(names, i)
		return constraint{text, comparable}, ok
	})
	return c.text, c.comparable
}

type constraint struct {
	text       string
	comparable bool
}

func (s *scope) constrain(names []string, i int) (text string, comparable, ok bool) {
	inPlace := s.file.pkg.features.InPlace && s.one(40)
	other := pick(s.rng, names...)
	switch n := s.IntN(9); {
	case inPlace:
		integer, ok1 := s.word("int", "int64", "uint8")
		str, ok2 := s.word("string", "float64")
		if !ok1 || !ok2 {
			return "", false, false
		}
		switch n {
		case 0, 1:
			return "interface{ ~" + integer + " | ~" + str + " }", true, true
		case 2:
			return "~" + integer + " | ~" + str, true, true
		case 3:
			return "interface{ *" + other + "; Do" + s.signature(1) + " }", true, true
		case 4:
			return "interface{ comparable; String() " + str + " }", true, true
		case 5:
			return "interface{ Less(" + names[i] + ") bool }", false, true
		case 6:
			return "~[]" + other, false, true
		case 7:
			if number, ok := s.helped("Num"); ok {
				return "interface{ " + number + "; " + integer + " | " + str + " }", true, true
			}
		case 8:
			return "interface{}", false, true
		}
		return "", false, false
	case n < 2:
		if text, ok = s.word("any"); ok && !s.file.names("any") {
			return text, false, true
		}
	case n < 4:
		if text, ok = s.word("comparable"); ok {
			return text, true, true
		}
	case n == 4:
		text, ok = s.helped("Num")
		comparable = true
	case n == 5:
		text, ok = s.helped("Key")
		comparable = true
	case n == 6:
		text, ok = s.helped("PtrTo")
		text, comparable = text+"["+other+"]", true
		ok = ok && other != names[i]
	case n == 7:
		text, ok = s.helped("Node")
		text += "[" + other + "]"
	case n == 8:
		if s.one(50) {
			text, ok = s.of("cmp", "Ordered")
			comparable = true
		} else {
			text, ok = s.of("fmt", "Stringer")
		}
	}
	return text, comparable, ok
}

// embed draws embedded interfaces. Two of them may share a method.
func (s *scope) embed(c *client) {
	seen := make(map[string]bool)
	for s.one(25) && len(c.embeds) < 4 {
		outer := s.uses
		s.uses = nil
		text, ok := s.embedded(c, seen, c.names)
		if ok && !seen[text] {
			seen[text] = true
			c.embeds = append(c.embeds, embed{"\t" + text + "\n", s.uses})
		}
		s.uses = outer
	}
}

func (s *scope) embedded(c *client, seen, methods map[string]bool) (text string, ok bool) {
	switch s.IntN(6) {
	case 0:
		if methods["String"] {
			return "", false
		}
		return s.of("fmt", "Stringer")
	case 1:
		if seen["repo"] {
			return "", false
		}
		h := pick(s.rng, s.file.pkg.helpers...)
		if seen["repo"+h.path] {
			return "", false
		}
		seen["repo"+h.path] = true
		text, ok = s.helpedBy(h, "Repo")
		text += "[" + s.key(2).text + ", " + s.any(2).text + "]"
		switch {
		case c.timeout:
			text += " //guard:call RepoGet" + h.tag() + " timeout=none"
		case s.one(30):
			text += " //guard:heavy RepoGet" + h.tag()
		}
		return text, ok
	case 2:
		seen["twin"] = true
		return s.helped("Group")
	case 3:
		seen["twin"] = true
		return s.helped("Twin")
	case 4:
		if methods["Read"] {
			return "", false
		}
		return s.of("io", "Reader")
	default:
		h := pick(s.rng, s.file.pkg.helpers...)
		text, ok = s.helpedBy(h, "Base")
		if ok = ok && !seen["base"+h.path]; ok {
			seen["base"+h.path] = true
		}
		switch s.IntN(5) {
		case 0:
			text += " //guard:destructive BasePut" + h.tag() + " BaseGet" + h.tag() + " budget=3/1s"
		case 1:
			if !seen["twin"] { // which names the parameter otherwise
				text += " //guard:destructive BaseGet" + h.tag() + " key=thing:id"
			}
		case 2:
			text += " //guard:skip BaseLen" + h.tag()
		}
		return text, ok
	}
}
