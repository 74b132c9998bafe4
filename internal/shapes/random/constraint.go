package random

import (
	"fmt"
	"strings"
)

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

// closed draws a signature without type parameters, and declares a type whose pointer has the method Do with it.
func (s *scope) closed() string {
	params := s.params
	s.params = nil
	signature := s.signature(1)
	s.params = params
	d := s.file.pkg
	name := unused(d.taken(), func() string { return fmt.Sprint("able", s.IntN(1000)) })
	d.declared[name] = true
	s.beside += "type " + name + " struct{ _ struct{} }\nfunc (*" + name + ") Do" + signature + " { for {} }\n"
	s.candidates = append(s.candidates, name, "*"+name)
	return signature
}

func (s *scope) constrain(names []string, i int) (text string, comparable, ok bool) {
	inPlace := s.one(40)
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
			return "interface{ *" + other + "; Do" + s.closed() + " }", true, true
		case 4:
			_, ok := s.word("comparable")
			return "interface{ comparable; String() " + str + " }", true, ok
		case 5:
			_, ok := s.word("bool")
			return "interface{ Less(" + names[i] + ") bool }", false, ok
		case 6:
			return "~[]" + other, false, true
		case 7:
			if number, ok := s.helped("Num"); ok && integer != "uint8" { // or there is no such type
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
