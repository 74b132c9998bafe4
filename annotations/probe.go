package annotations

import (
	"fmt"
	"go/types"
	"slices"
)

// NeedsProbe reports whether the constructor of the wrapper asks for a probe, as the runtime does: of a critical
// dependency, of one with a destructive method, and of one without a regular method that could find out that it works
// again.
func (c *Client) NeedsProbe() bool {
	guarded, regular := false, false
	for _, m := range c.Methods {
		if m.Passes() {
			continue
		}
		if m.Class == Destructive {
			return true
		}
		guarded, regular = true, regular || m.Class == Regular
	}
	return !c.Dependency.Optional || guarded && !regular
}

func (c *Client) hasProbe() bool {
	return slices.ContainsFunc(c.Methods, func(m *Method) bool { return m.Probe })
}

// checkMissingProbes warns about the clients of each package whose constructor asks for a probe, if no client of the
// package has one for the same dependency. It waits until there is no error any more: one may be about the probe, in this
// package or in one whose interface is embedded.
func checkMissingProbes(report *reporter, packages []*Package) {
	if report.found.HasErrors() {
		return
	}
	for _, pkg := range packages {
		probed := make(map[string]bool)
		var missing []*Client
		for _, file := range pkg.Files {
			for _, c := range file.Clients {
				switch {
				case c.hasProbe():
					probed[c.Dependency.Name] = true
				case c.NeedsProbe():
					missing = append(missing, c)
				}
			}
		}
		for _, c := range missing {
			if !probed[c.Dependency.Name] {
				report.add(c.Pos, Warning, fmt.Sprintf(
					"no probe: mark a method with //guard:probe, or pass guard.WithProbe to %s; without one the constructor returns an error",
					c.Dependency.Constructor()))
			}
		}
	}
}

// checkProbes judges how many probes there are.
func (a *annotated) checkProbes() {
	var first *directive
	var name string
	for i, method := range a.Methods {
		if !method.Probe {
			continue
		}
		d := find(a.members[i].class, "probe")
		if first != nil {
			a.report.errorf(d.pos(), "%s already has the probe %s at %s: a dependency has one", a.Name, name, a.report.at(first.pos()))
			continue
		}
		first, name = d, method.Name
	}
}

// isProbe reports whether s is (ctx) error, (ctx) (T, error), or (ctx) and a result that carries its error.
func isProbe(s *types.Signature) bool {
	if s.Params().Len() != 1 || s.Variadic() || !isContext(s.Params().At(0).Type()) {
		return false
	}
	results := s.Results()
	switch results.Len() {
	case 1:
		return isErrorValue(results.At(0).Type()) || carriesError(results.At(0).Type())
	case 2:
		return isErrorValue(results.At(1).Type())
	}
	return false
}
