package annotations

import (
	"go/types"
	"slices"
)

// checkHandedOut reports methods that hand out a client which no wrapper stands around, by a result or to a callback:
// its destructive methods pass the gate by. all are the annotated types of the run.
func (a *annotated) checkHandedOut(all []*annotated) {
	destructive := a.destructive()
	isClient := func(t types.Type) bool {
		name := typeName(types.Unalias(t))
		return hasOneOf(t, destructive) || name != nil && slices.ContainsFunc(all, func(other *annotated) bool {
			return typeName(types.Unalias(other.Type.Type())) == name && len(other.destructive()) > 0
		})
	}
	var hints hints
	for i, method := range a.Methods {
		if method.Class == Skip || method.Safe {
			continue // the author knows
		}
		client, how := handedOut(method.Func.Signature(), isClient)
		if client == nil {
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

// handedOut returns the first client that a method hands out, and how, or nil.
func handedOut(signature *types.Signature, isClient func(types.Type) bool) (client types.Type, how string) {
	ask := func(t types.Type) verdict {
		if isClient(t) {
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
			callback, ok := t.Underlying().(*types.Signature)
			if !ok {
				return deeper
			}
			for given := range callback.Params().Variables() {
				if client = firstType(given.Type(), ask); client != nil {
					return found
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

// hasOneOf reports whether t has one of the methods, or another of the same type.
func hasOneOf(t types.Type, methods []*types.Func) bool {
	return slices.ContainsFunc(methods, func(method *types.Func) bool {
		object, _, _ := types.LookupFieldOrMethod(t, true, method.Pkg(), method.Name())
		same, ok := object.(*types.Func)
		return ok && types.Identical(same.Signature(), method.Signature())
	})
}
