package random

import (
	"go/types"
	"strings"
)

// FindArguments looks for type arguments, among the types that the package declares, for each generic client, so that its
// wrapper can be called. It returns how many clients have none.
func (c *Checker) FindArguments(p *Package, checked *types.Package) (without int) {
	own := p.drawing.helpers[0]
	var usual []string
	for _, thing := range []string{"Arg", "ArgS", "ArgL", "ArgB", "WInt", "WLong", "WByte", "WString", "WFloat", "Item"} {
		usual = append(usual, own.n(thing))
	}
	for _, thing := range []string{"Arg", "ArgS", "Item"} {
		usual = append(usual, "*"+own.n(thing), "[]"+own.n(thing))
	}
	for _, client := range p.Clients {
		if !client.generic {
			continue
		}
		candidates := append(newRNG(p.Seed).shuffled(usual), client.candidates...)
		s := search{candidates: candidates}
		for _, text := range candidates {
			value, err := types.Eval(c.fset, checked, 0, text)
			if err != nil {
				continue
			}
			s.types = append(s.types, value.Type)
		}
		if name, ok := checked.Scope().Lookup(client.Name).(*types.TypeName); ok && len(s.types) == len(candidates) {
			client.arguments = strings.Join(s.fill(name.Type(), nil, nil), ",")
		}
		if client.arguments == "" {
			without++
		}
	}
	return without
}

// search tries type arguments.
type search struct {
	candidates []string
	types      []types.Type
}

// fill returns arguments that the generic type takes, behind those that are chosen; nil if there are none.
func (s search) fill(generic types.Type, chosen []types.Type, names []string) []string {
	if len(chosen) == generic.(interface{ TypeParams() *types.TypeParamList }).TypeParams().Len() {
		if _, err := types.Instantiate(nil, generic, chosen, true); err != nil {
			return nil
		}
		return names
	}
	for i, t := range s.types {
		if found := s.fill(generic, append(chosen[:len(chosen):len(chosen)], t), append(names[:len(names):len(names)], s.candidates[i])); found != nil {
			return found
		}
	}
	return nil
}
