package fakes

import (
	"fmt"
	"go/types"
	"strings"
)

// samples are the interfaces of a package's signatures that need a type which implements them.
type samples struct {
	*speller
	list []types.Type
	seen []types.Type
}

// collect looks for interfaces in a type and in those that it is made of.
func (s *samples) collect(t types.Type) {
	t = types.Unalias(t)
	for _, known := range s.seen {
		if types.Identical(known, t) {
			return
		}
	}
	s.seen = append(s.seen, t)
	switch u := t.(type) {
	case *types.Named:
		if u.Obj().Pkg() != nil && !strings.HasPrefix(u.Obj().Pkg().Path(), "github.com/guardgen/") {
			break // the usual samples know those of the standard library
		}
		s.collect(u.Underlying())
		return
	case *types.Signature:
		s.tuple(u.Params())
		s.tuple(u.Results())
	case *types.Struct:
		for field := range u.Fields() {
			s.collect(field.Type())
		}
	case *types.Map:
		s.collect(u.Key())
		s.collect(u.Elem())
	case *types.Interface:
		if u.NumMethods() > 0 {
			s.list = append(s.list, u)
		}
	case interface{ Elem() types.Type }:
		s.collect(u.Elem())
	}
	if named, ok := t.(*types.Named); ok {
		for arg := range named.TypeArgs().Types() {
			s.collect(arg)
		}
	}
}

func (s *samples) tuple(tuple *types.Tuple) {
	for v := range tuple.Variables() {
		s.collect(v.Type())
	}
}

// write declares the types, two values of each, and the function that lists these.
func (s *samples) write(out *strings.Builder) {
	if s == nil {
		return
	}
	var values []string
	for i, t := range s.list {
		name := fmt.Sprint("x_sample", i)
		values = append(values, "&"+name+"{x_n: 1}", "&"+name+"{x_n: 2}")
		iface := t.(*types.Interface)
		context := types.NewMethodSet(iface).Lookup(nil, "Deadline") != nil
		fields := "x_n " + s.spell(types.Typ[types.Int])
		if context {
			fields += "; " + s.imported("context", "context") + ".Context"
		}
		fmt.Fprintf(out, "\ntype %s struct { %s }\n", name, fields)
		for method := range iface.Methods() {
			if context && (method.Name() == "Deadline" || method.Name() == "Done" || method.Name() == "Err" || method.Name() == "Value") {
				continue
			}
			s.writeMethod(out, name, method)
		}
	}
	fmt.Fprintf(out, "\nfunc x_samples() []%s { return []%[1]s{%s} }\n", s.spell(types.NewInterfaceType(nil, nil)), strings.Join(values, ", "))
}

// writeMethod writes a method that nobody calls, unless fmt does.
func (s *samples) writeMethod(out *strings.Builder, name string, method *types.Func) {
	signature := method.Signature()
	var params, results []string
	for i := range signature.Params().Len() {
		t := signature.Params().At(i).Type()
		if signature.Variadic() && i == signature.Params().Len()-1 {
			params = append(params, "..."+s.spell(t.(*types.Slice).Elem()))
		} else {
			params = append(params, s.spell(t))
		}
	}
	for i := range signature.Results().Len() {
		results = append(results, s.spell(signature.Results().At(i).Type()))
	}
	body := "for {}"
	if method.Name() == "Error" || method.Name() == "String" {
		body = `return "sample"`
	}
	fmt.Fprintf(out, "\nfunc (*%s) %s(%s) (%s) { %s }\n", name, method.Name(), strings.Join(params, ", "), strings.Join(results, ", "), body)
}
