package annotations

import (
	"go/types"
	"slices"
)

// checkHandedOut reports methods that hand out a client which no wrapper stands around, by a result or to a callback:
// what is called on it passes the gate by. all are the annotated types of the run.
func (a *annotated) checkHandedOut(all []*annotated) {
	var hints hints
	for i, method := range a.Methods {
		if method.Class == Skip || method.Safe {
			continue // the author knows
		}
		client, how := a.handedOut(a.members[i].fn.Signature(), all)
		if client == nil {
			continue
		}
		end := "; what is called on it passes the gate by: put it behind a wrapper of its own, or write //guard:safe if that is right"
		if method.Errors == NoError {
			end = "; what is called on it passes the gate by, and the method reports no error: write //guard:skip if that is right"
		}
		hints.add(a.members[i].pos, Error, how+typeString(client, a.pkg.types)+" unguarded: ", method.Name, end)
	}
	hints.report(a.report)
}

// handedOut returns the first client that a method hands out, and how, or nil.
func (a *annotated) handedOut(signature *types.Signature, all []*annotated) (client types.Type, how string) {
	isClient := func(t types.Type) verdict {
		if a.isClient(t, all) {
			return found
		}
		return deeper
	}
	for result := range signature.Results().Variables() {
		if client := firstType(result.Type(), isClient); client != nil {
			return client, "returns "
		}
	}
	for param := range signature.Params().Variables() {
		firstType(param.Type(), func(t types.Type) verdict {
			callback, ok := t.(*types.Signature)
			if !ok {
				return deeper
			}
			for given := range callback.Params().Variables() {
				if client = firstType(given.Type(), isClient); client != nil {
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

// isClient reports whether t is an annotated type, or has a destructive method of this one.
func (a *annotated) isClient(t types.Type, all []*annotated) bool {
	if name := typeName(types.Unalias(t)); name != nil && slices.ContainsFunc(all, func(other *annotated) bool {
		return typeName(types.Unalias(other.Type.Type())) == name
	}) {
		return true
	}
	for i, method := range a.Methods {
		if method.Class != Destructive {
			continue
		}
		object, _, _ := types.LookupFieldOrMethod(t, true, method.Func.Pkg(), method.Name)
		same, ok := object.(*types.Func)
		if ok && types.Identical(same.Signature(), a.members[i].fn.Signature()) {
			return true
		}
	}
	return false
}
