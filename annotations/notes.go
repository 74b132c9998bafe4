package annotations

import (
	"go/types"
	"slices"
)

// notes collects what one declaration of a type says about methods.
type notes struct {
	class, call map[*member][]*directive
}

func newNotes() notes {
	return notes{make(map[*member][]*directive), make(map[*member][]*directive)}
}

func (n notes) add(m *member, d *directive) {
	if d.name == "call" {
		n.call[m] = append(n.call[m], d)
	} else {
		n.class[m] = append(n.class[m], d)
	}
}

// apply lets what is noted replace what the embedded interfaces say. Only an explicit //guard:safe takes the gate from a
// method that is destructive there.
func (n notes) apply(report *reporter) {
	for m, directives := range n.class {
		inherited := find(m.class, "destructive")
		switch {
		case inherited == nil:
		case find(directives, "destructive") != nil:
			m.replaced = append([]*directive{inherited}, m.replaced...)
		case find(directives, "safe") != nil:
			m.replaced = slices.DeleteFunc(m.replaced, func(d *directive) bool { return d.name == "destructive" })
		default:
			report.errorf(directives[0].pos(), "%s would take the gate from %s, which is %s at %s: remove it, or write //guard:safe if nothing is destroyed",
				directives[0].text(), m.fn.Name(), inherited.text(), report.at(inherited.pos()))
			continue
		}
		m.class = directives
	}
	for m, directives := range n.call {
		m.replaced = append(m.call, m.replaced...)
		m.call = directives
	}
}

// note adds directives to the members that they name. A method that none of them is, but of has, is not meant here.
func (r *reader) note(said notes, directives []*directive, members []*member, where string, of *types.TypeName) {
	valid := make([]string, len(members))
	for i, m := range members {
		valid[i] = m.fn.Name()
	}
	for _, d := range directives {
		if !r.fitsNames(d) {
			continue
		}
		for _, name := range r.settings(d).names {
			if i := slices.Index(valid, name.name); i >= 0 {
				said.add(members[i], d)
			} else if why := withoutValue(d, name.name); why != "" {
				r.report.errorf(name.pos, "%s", why)
			} else if of == nil || !hasMethod(types.NewPointer(of.Type()), name.name, anyShape) {
				r.report.errorf(name.pos, "%s has no method %s: %s", where, name.name, suggestion(name.name, valid))
			}
		}
	}
}
