package annotations

import (
	"go/types"
	"slices"
)

// checkHandedOut warns about methods whose results are clients that no wrapper stands around: what is called on them
// passes the guard by. all are the annotated interfaces of the run.
func (a *annotated) checkHandedOut(all []*annotated) {
	var hints hints
	for i, method := range a.Methods {
		if method.Class == Skip || method.Safe {
			continue // the author knows
		}
		for result := range a.members[i].fn.Signature().Results().Variables() {
			client := firstType(result.Type(), func(t types.Type) verdict {
				if a.isClient(t, all) {
					return found
				}
				return deeper
			})
			if client != nil {
				hints.add(a.members[i].pos, Warning, "returns "+typeString(client, a.pkg.types)+" unguarded: ", method.Name,
					"; what is called on the result passes the gate by: put it behind a wrapper of its own, or write //guard:safe if that is right")
				break
			}
		}
	}
	hints.report(a.report)
}

// isClient reports whether t is an annotated interface, or an interface with a destructive method of this one.
func (a *annotated) isClient(t types.Type, all []*annotated) bool {
	if name := typeName(types.Unalias(t)); name != nil && slices.ContainsFunc(all, func(other *annotated) bool { return other.Type == name }) {
		return true
	}
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for i, method := range a.Methods {
		if method.Class != Destructive {
			continue
		}
		object, _, _ := types.LookupFieldOrMethod(iface, false, method.Func.Pkg(), method.Name)
		if same, ok := object.(*types.Func); ok && types.Identical(same.Signature(), a.members[i].fn.Signature()) {
			return true
		}
	}
	return false
}
