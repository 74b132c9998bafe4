package random

import (
	"fmt"
	"strings"
)

// A Refusal is an error that the generator has to report about a package.
type Refusal struct {
	At    string // file:line:col
	Words string // of the message
}

// expect is the mark of a refusal: it stands in the text of a draw where the error has to.
func expect(words string) string { return "\x01" + words + "\x02" }

// unmark takes the marks out of the text of a file, and returns what they expect.
func unmark(name, text string) (string, []Refusal) {
	var out strings.Builder
	var list []Refusal
	for {
		before, rest, found := strings.Cut(text, "\x01")
		out.WriteString(before)
		if !found {
			return out.String(), list
		}
		words, after, _ := strings.Cut(rest, "\x02")
		above := out.String()
		line := above[strings.LastIndexByte(above, '\n')+1:]
		list = append(list, Refusal{fmt.Sprintf("%s:%d:%d", name, strings.Count(above, "\n")+1, len(line)+1), words})
		text = after
	}
}

// refusedClient draws an annotated type that has to be refused, for one reason, beside methods that are fine.
func (d *drawing) refusedClient(f *file, number int) *Client {
	own := d.helpers[0]
	c := &client{Client: &Client{File: f.name, refused: true}, names: make(map[string]bool)}
	c.Name = unused(d.taken(), func() string { return pick(d.rng, "Bad", "bad") + fmt.Sprint(number) })
	d.declare(c.Name)
	s := f.scope(d.rng)
	options, method := "", ""
	whole := func(why, text string) *Client {
		c.open = fmt.Sprintf("//guard:dependency name=d%d\ntype %s%s\n", number, expect(why), c.Name+" "+text)
		return c.Client
	}
	embedded := func(thing, why string) bool {
		h := pick(d.rng, d.helpers...)
		text, ok := s.helpedBy(h, thing)
		if h == own || !ok {
			return false
		}
		method = "\t" + expect(strings.ReplaceAll(why, "@", h.tag())) + text + "\n"
		return true
	}
	id, err, ctx := own.n("ID"), own.n("Err"), own.n("Ctx")
	why := d.IntN(20)
	switch why {
	case 0:
		return whole("is a constraint", "interface{ "+own.n("Num")+" }")
	case 1:
		return whole("has no methods", "interface{}")
	case 2:
		return whole("neither an interface nor a struct", pick(d.rng, "func() "+err, "map["+id+"]"+id, "[]"+id, "chan "+id, id))
	case 3:
		return whole("is a struct without exported methods", "struct{ "+own.n("Item")+"2 "+own.n("List")+"["+id+"] }")
	case 4:
		return whole("stands for a pointer", pick(d.rng, "= *", "*")+own.n("Item"))
	case 5:
		method = "\t" + expect("reports no error and cannot be refused") + pick(d.rng, "//guard:destructive budget=none", "//guard:heavy") + "\n\tDrop(id " + id + ") " + id + "\n"
	case 6:
		method = "\t" + expect("reports its error as") + pick(d.rng, "//guard:destructive budget=none", "//guard:heavy") + "\n\tDrop(ctx " + ctx + ") *" + own.n("Fault") + "\n"
	case 7:
		method = "\t//guard:destructive budget=none\n\tErase(id " + id + ") " + err + "\n\t" + expect("returns "+c.Name+" unguarded: Sub") + "Sub() (" + c.Name + ", " + err + ")\n"
	case 8:
		method = "\t//guard:destructive budget=none\n\tErase(id " + id + ") " + err + "\n\t" + expect("gives its callback "+c.Name+" unguarded: Each") + "Each(fn func(" + c.Name + ")) " + err + "\n"
	case 9:
		method = "\t//guard:call " + expect("timeout: the") + "timeout=1s\n\tWatch(ctx " + ctx + ") (" + pick(d.rng, own.n("Fn"), "<-chan "+id, "[]func()") + ", " + err + ")\n"
	case 10:
		method = "\t//guard:call " + expect("timeout: Go has no context.Context") + "timeout=1s\n\tGo(id " + id + ") " + err + "\n"
	case 11:
		options, c.timeout = " timeout=2s", true
		method = "\t" + expect("timeout=2s would end results that outlive the call: Watch") + "Watch(ctx " + ctx + ") (" + own.n("Fn") + ", " + err + ")\n"
	case 12:
		c.probe = true
		method = "\t" + expect("a probe has the form") + "//guard:probe\n\tPing(id " + id + ") " + err + "\n"
	case 13:
		method = "\t//guard:call key=" + expect("key thing:nope: Go has no parameter nope") + "thing:nope\n\tGo(id " + id + ") " + err + "\n"
	case 14:
		method = "\t//guard:heavy\n\t" + expect("contradicts") + "//guard:destructive budget=none\n\tGo(id " + id + ") " + err + "\n"
	case 15:
		method = "\t//guard:destructive budget=none when=" + expect("has no function xnone") + "xnone\n\tGo(id " + id + ") " + err + "\n"
	case 16, 17:
		if !embedded("Sealed", "unexported in package ") {
			return whole("has no methods", "interface{}")
		}
	case 18:
		if !embedded("Closed", "Peek@ has the type") {
			return whole("is a constraint", "interface{ "+own.n("Num")+" }")
		}
	default:
		options = "\n//guard:heavy " + expect("has no method Nope") + "Nope"
	}
	c.open, c.close = fmt.Sprintf("//guard:dependency name=d%d%s%s\ntype %s interface {\n%s", number, options, onType, c.Name, method), "}\n"
	c.head = s.uses
	for range 1 + d.IntN(4) {
		name := unused(c.names, func() string { return "Fine" + s.methodName(c) })
		c.Methods = append(c.Methods, s.method(c, name))
	}
	return c.Client
}
