package annotations

import (
	"go/types"
	"slices"
)

// checkHandedOut reports methods that hand out a client which no wrapper stands around, by a result or to a callback:
// its destructive methods pass the gate by. all are the annotated types of the run.
func (a *annotated) checkHandedOut(all []*annotated) {
	var destructive []*types.Func
	for _, other := range all { // those of this package: what else a run names says nothing about this one
		if other.pkg.PkgPath == a.pkg.PkgPath {
			destructive = append(destructive, other.destructive()...)
		}
	}
	isClient := func(t types.Type) bool {
		name := typeName(withoutPointer(t))
		return !a.reader.isWrapper(name) && (hasOneOf(t, destructive) || a.reader.destroys(name))
	}
	isNamesake := func(t types.Type) bool {
		return !a.reader.isWrapper(typeName(withoutPointer(t))) && hasNamesake(t, destructive)
	}
	var hints hints
	for i, method := range a.Methods {
		if method.Class == Skip || method.Safe || a.members[i].misread {
			continue // the author knows, or means to say so
		}
		client, how := handedOut(method.Func.Signature(), isClient)
		if client == nil {
			client, how = handedOut(method.Func.Signature(), isNamesake)
			if client != nil {
				hints.add(a.members[i].pos, Warning, how+typeString(client, a.pkg.types)+", which has a method named like a destructive one: ", method.Name,
					"; what is called on it passes the gate by: put it behind a wrapper of its own, or write //guard:safe if that is right")
			}
			continue
		}
		severity, end := Error, "; what is called on it passes the gate by: put it behind a wrapper of its own, or write //guard:safe if that is right"
		switch {
		case method.Class == Destructive: // and no directive says both
			severity, end = Warning, "; what is called on it passes the gate by: put it behind a wrapper of its own"
		case method.Errors == NoError:
			end = "; what is called on it passes the gate by, and the method reports no error: write //guard:skip if that is right"
		}
		hints.add(a.members[i].pos, severity, how+typeString(client, a.pkg.types)+" unguarded: ", method.Name, end)
	}
	hints.report(a.report)
}

// destructive returns the methods that run only through the gate.
func (a *annotated) destructive() (list []*types.Func) {
	for _, method := range a.Methods {
		if method.Class == Destructive {
			list = append(list, method.Func)
		}
	}
	return list
}

// isWrapper reports whether a type is one that guardgen writes.
func (r *reader) isWrapper(name *types.TypeName) bool {
	if name == nil || name.Pkg() == nil {
		return false
	}
	for _, p := range r.loader.checked {
		if p.types == name.Pkg() && p.promised[name.Name()] {
			return true
		}
	}
	return IsGeneratedPath(r.report.position(name.Pos()).Filename)
}

// destroys reports whether a type is annotated, in whatever package, and something about it says that one of its methods is
// destructive.
func (r *reader) destroys(name *types.TypeName) bool {
	if name == nil || name.Pkg() == nil || !r.loader.hasAnnotations(name.Pkg().Path()) {
		return false
	}
	d, ok := r.declaration(name)
	if !ok {
		return false
	}
	silent := newReader(&loader{report: &reporter{fset: r.report.fset}}, nil)
	if find(silent.directives(d.docs()...), "dependency") == nil {
		return false
	}
	docs := append(d.docs(), fieldDocs(d.spec)...)
	for selection := range types.NewMethodSet(types.NewPointer(instantiated(name.Type()))).Methods() {
		if fn, ok := selection.Obj().(*types.Func); ok && !types.IsInterface(name.Type()) {
			if decl := r.methodDecl(fn); decl != nil {
				docs = append(docs, decl.Doc)
			}
		}
	}
	return find(silent.directives(docs...), "destructive") != nil
}

// handedOut returns the first client that a method hands out, and how, or nil.
func handedOut(signature *types.Signature, isClient func(types.Type) bool) (client types.Type, how string) {
	ask := func(t types.Type) verdict {
		if isClient(t) || slices.ContainsFunc(reachable(t), isClient) {
			return found
		}
		return deeper
	}
	for result := range signature.Results().Variables() {
		if client := firstType(result.Type(), ask); client != nil {
			return client, "returns "
		}
	}
	for param := range signature.Params().Variables() {
		firstType(param.Type(), func(t types.Type) verdict {
			for _, callback := range callbacks(t) {
				for given := range callback.Params().Variables() {
					if client = firstType(given.Type(), ask); client != nil {
						return found
					}
				}
			}
			return deeper
		})
		if client != nil {
			return client, "gives its callback "
		}
	}
	return nil, ""
}

// reachable returns the types that whoever has a t gets without more ado: exported fields, and results of an interface's
// methods that take nothing.
func reachable(t types.Type) (list []types.Type) {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for field := range u.Fields() {
			if field.Exported() && !field.Embedded() { // whose methods it has itself
				list = append(list, withoutPointer(field.Type()))
			}
		}
	case *types.Interface:
		for method := range u.Methods() {
			if signature := method.Signature(); method.Exported() && signature.Params().Len() == 0 {
				for result := range signature.Results().Variables() {
					list = append(list, withoutPointer(result.Type()))
				}
			}
		}
	}
	return list
}

// callbacks returns the functions that whoever is given a t may call: t itself, or the methods of an interface.
func callbacks(t types.Type) (list []*types.Signature) {
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return []*types.Signature{u}
	case *types.Interface:
		for method := range u.Methods() {
			list = append(list, method.Signature())
		}
	}
	return list
}

// commonNames say too little about what a method destroys.
var commonNames = []string{"Close", "Flush", "Reset", "Clear", "End", "Shutdown", "Remove"}

// hasNamesake reports whether t has a method that is called like one of them.
func hasNamesake(t types.Type, methods []*types.Func) bool {
	return slices.ContainsFunc(methods, func(method *types.Func) bool {
		object, _, _ := types.LookupFieldOrMethod(withoutPointer(t), true, method.Pkg(), method.Name())
		_, ok := object.(*types.Func)
		return ok && !slices.Contains(commonNames, method.Name())
	})
}

// hasOneOf reports whether t has one of the methods, or another of the same type. Those without parameters count for nothing:
// too many types can be closed, flushed and reset.
func hasOneOf(t types.Type, methods []*types.Func) bool {
	return slices.ContainsFunc(methods, func(method *types.Func) bool {
		object, _, _ := types.LookupFieldOrMethod(t, true, method.Pkg(), method.Name())
		same, ok := object.(*types.Func)
		return ok && same.Signature().Params().Len() > 0 && types.Identical(same.Signature(), method.Signature())
	})
}
