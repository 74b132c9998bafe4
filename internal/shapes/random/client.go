package random

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Client is one annotated type.
type Client struct {
	Name    string
	Methods []*Method // those that it declares itself
	File    string

	before, open, close string // around the methods; where onType stands are the directives on the type
	embeds              []embed
	options             string          // of the dependency, which fit its methods
	inherits            map[string]bool // of a type that another defines: whether a method has to be guarded
	generic, refused    bool
	candidates          []string // type arguments to try beside the usual ones
	arguments           string   // those that fit
	head                []string // the import paths that stand outside of methods
	base, after         string   // before its own methods and after them: the struct that it embeds, and what makes its fake
}

// embed is a line that embeds an interface.
type embed struct {
	text   string
	uses   []string
	guards map[string]bool // of each method whether it has to be guarded
}

// Guards says of each method, embedded ones included, whether the wrapper has to guard it.
func (c *Client) Guards() map[string]bool {
	all := make(map[string]bool)
	maps.Copy(all, c.inherits)
	for _, e := range c.embeds {
		for name, guarded := range e.guards {
			all[name] = all[name] || guarded
		}
	}
	for _, m := range c.Methods {
		if !m.ignored {
			all[m.Name] = m.Guarded
		}
	}
	return all
}

// passing lists the methods that no wrapper has to guard, sorted.
func (c *Client) passing() (names []string) {
	for name, guarded := range c.Guards() {
		if !guarded {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// client is a Client while it is drawn.
type client struct {
	*Client
	probe, timeout bool
	names          map[string]bool // of its methods
	silent         bool            // no directives
	below          bool            // its methods are those of what a struct embeds
	receiver       string          // of a struct: Name[K, V]
	params         []typeParam
}

var clientNames = []string{"Store", "API", "HTTPClient", "Next", "Call", "Method", "Get", "T", "Guard", "Transport", "Ctx", "Wrapper", "Store2",
	"store", "api", "conn", "dep", "x"}

// fake is the name of the function that makes the fake of a struct.
func fake(client string) string { return "fake" + strings.ToUpper(client[:1]) + client[1:] }

// onType stands for what is said on a type: options of the dependency as a whole, and directives about methods.
const onType = "\x03"

// saidOnType returns it, for the methods that are left.
func (c *Client) saidOnType() string {
	text := c.options + "\n"
	for _, m := range c.Methods {
		text += m.above
	}
	return strings.TrimSuffix(text, "\n")
}

// drawClient draws an annotated interface.
func (d *drawing) drawClient(f *file, number int) *Client {
	c := &client{Client: &Client{File: f.name}, names: make(map[string]bool)}
	taken := d.taken()
	c.Name = unused(taken, func() string {
		name := pick(d.rng, clientNames...) + pick(d.rng, "", fmt.Sprint(number), fmt.Sprint(number))
		if d.declared[fake(name)] {
			name += "Other" + fmt.Sprint(number)
		}
		return name
	})
	d.declare(c.Name)

	s := f.scope(d.rng)
	parameters := s.typeParams(c.Name)
	c.params = s.params
	c.head, c.generic = s.uses, parameters != ""
	c.base, c.candidates = s.beside, s.candidates
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
	header += onType
	c.before = header + "\n"
	open := "interface {\n"
	if d.one(20) {
		return s.structClient(c, parameters)
	}
	if d.one(8) {
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
	d.dependencyOptions(c)
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
