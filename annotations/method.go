package annotations

import (
	"go/token"
	"go/types"
	"slices"
)

// annotated is an annotated type while it is read.
type annotated struct {
	*Client
	reader  *reader
	report  *reporter
	pkg     *sourcePackage
	said    written      // the options of //guard:dependency
	header  []*directive // the lines of //guard:dependency, at least one
	pos     token.Pos    // of the first of them
	members []*member
	matched []bool    // by index of Dependency.Keys: a method carries it
	keyless []*member // the destructive methods that carry none
	hints   hints
}

// read fills in the methods and judges them together.
func (a *annotated) read() {
	a.matched = make([]bool, len(a.Dependency.Keys))
	members := a.members
	a.members = nil
	for _, m := range members {
		if method := a.method(m); !a.leavesOut(method) {
			a.members, a.Methods = append(a.members, m), append(a.Methods, method)
		}
	}
	a.checkDependency()
	a.checkKeyless()
	a.checkClassifier()
	a.checkProbes()
	a.hints.report(a.report)
}

// leavesOut reports whether the wrapper of a struct is to be without a skipped method, because the package cannot name one
// of its types. No interface asks for it.
func (a *annotated) leavesOut(method *Method) bool {
	return a.Struct && method.Class == Skip && unwritable(method.Func.Signature(), a.pkg.types) != nil
}

// method makes the model of one method.
func (a *annotated) method(m *member) *Method {
	signature := m.fn.Signature()
	method := &Method{
		Name:     m.fn.Name(),
		Doc:      m.doc,
		Pos:      a.report.position(m.pos),
		Func:     m.fn,
		Outlives: outliving(signature.Results()) != nil,
	}
	method.Context, method.OwnContext = contextIndex(signature)
	method.Errors, method.ErrorResult, method.Reports = errorShape(signature.Results())
	a.classify(method, m)
	settings, said := a.mergeSettings(method, m)
	a.findRefuser(method, signature, settings, said)
	method.Budget, method.Observe, method.When = settings.budget, settings.observe, settings.when
	method.Timeout, method.NoTimeout = settings.timeout, settings.noTimeout
	a.keys(method, m, settings, said)
	a.checkMethod(method, m, said)
	return method
}

// contradictions are pairs of directives that cannot be true of one method.
var contradictions = [][2]string{
	{"destructive", "heavy"},
	{"destructive", "probe"},
	{"destructive", "safe"},
	{"destructive", "skip"},
	{"heavy", "probe"},
	{"heavy", "skip"},
	{"probe", "skip"},
	{"safe", "skip"},
	{"call", "skip"},
}

// classify reads what becomes of the method from the directives about it.
func (a *annotated) classify(method *Method, m *member) {
	given := make(map[string]*directive)
	for _, d := range slices.Concat(m.class, m.call) {
		if first, twice := given[d.name]; twice && d.name != "call" {
			a.report.errorf(d.pos(), "%s is given twice for %s, first at %s", d.text(), method.Name, a.report.at(first.pos()))
			continue
		}
		for _, pair := range contradictions {
			other := given[pair[0]]
			if pair[0] == d.name {
				other = given[pair[1]]
			}
			if other != nil && slices.Contains(pair[:], d.name) {
				a.report.errorf(d.pos(), "%s contradicts %s for %s at %s: remove one", d.text(), other.text(), method.Name, a.report.at(other.pos()))
			}
		}
		given[d.name] = d
	}
	switch {
	case given["destructive"] != nil:
		method.Class = Destructive
	case given["heavy"] != nil:
		method.Class = Heavy
	case given["skip"] != nil:
		method.Class = Skip
	}
	method.Probe = given["probe"] != nil
	method.Safe = given["safe"] != nil
}

// mergeSettings combines the options of the directives about a method. None may be given twice, but one that is given
// replaces that of an embedded interface.
func (a *annotated) mergeSettings(method *Method, m *member) (methodSettings, written) {
	var merged methodSettings
	said := make(written)
	nearest := slices.Concat(m.class, m.call)
	for i, d := range slices.Concat(nearest, m.replaced) {
		s := a.reader.settings(d)
		for name, w := range s.written {
			if first, twice := said[name]; twice {
				if i < len(nearest) {
					a.report.errorf(w.pos, "%s is given twice for %s, first at %s", name, method.Name, a.report.at(first.pos))
				}
				continue
			}
			said[name] = w
			switch name {
			case "key":
				merged.keys = s.keys
			case "budget":
				merged.budget = s.budget
			case "mode":
				merged.observe = s.observe
			case "when":
				merged.when = s.when
			case "refuse":
				merged.refuse = s.refuse
			case "timeout":
				merged.timeout, merged.noTimeout = s.timeout, s.noTimeout
			}
		}
	}
	return merged, said
}

// findRefuser finds what makes the error of a refusal for a method whose error has a type of its own.
func (a *annotated) findRefuser(method *Method, signature *types.Signature, settings methodSettings, said written) {
	i, name := customError(signature.Results()), settings.refuse
	own := name != ""
	switch {
	case own && method.Errors != NoError:
		a.report.errorf(said["refuse"].pos, "refuse: %s reports no error of a type of its own: remove it", method.Name)
		return
	case i < 0 || method.Errors != NoError || method.Class == Skip:
		return
	case !own:
		name = a.Dependency.Refuse
	}
	if name == "" {
		return
	}
	t, why := a.refuser(name)
	if why == "" && types.Identical(t, signature.Results().At(i).Type()) {
		method.Errors, method.ErrorResult, method.Refuse = ErrorCustom, i, name
		for j := range signature.Results().Len() {
			if isCustomError(signature.Results().At(j).Type()) {
				method.Reports = append(method.Reports, j)
			}
		}
	} else if own {
		if why == "" {
			why = name + " returns " + typeString(t, a.pkg.types) + ", and " + method.Name + " " + typeString(signature.Results().At(i).Type(), a.pkg.types)
		}
		a.report.errorf(said["refuse"].valuePos, "refuse: %s", why)
	}
}

// kind calls the annotated type by what it is.
func (a *annotated) kind() string {
	if a.Struct {
		return "struct"
	}
	return "interface"
}

// keys finds the keys that the method's parameters carry. A key= of its own replaces the dependency's for this method:
// what a parameter names here may differ from what the same name means elsewhere.
func (a *annotated) keys(method *Method, m *member, settings methodSettings, said written) {
	signature := m.fn.Signature()
	own, isOwn := said["key"]
	if isOwn {
		for _, key := range settings.keys {
			at := key.posIn(a.report, own)
			if param := key.param(signature); param != nil {
				a.carry(method, signature, key, param, at)
			} else {
				a.report.errorf(at, "key %s: %s has no parameter %s: %s", key, method.Name, key.Path[0], suggestion(key.Path[0], paramNames(signature)))
			}
		}
	}
	for i, key := range a.Dependency.Keys {
		param := key.param(signature)
		if param == nil || method.Passes() {
			continue // a method that passes unguarded has no use for keys
		}
		a.matched[i] = true
		if !isOwn {
			a.carry(method, signature, key, param, key.posIn(a.report, a.said["key"]))
		}
	}
}

// carry adds one key to the method, or reports at its place why the method cannot carry it.
func (a *annotated) carry(method *Method, signature *types.Signature, key Key, param *types.Var, at token.Pos) {
	key, why := key.follow(param, isVariadic(signature, param), a.pkg.types)
	if why != "" {
		a.report.errorf(at, "key %s: %s: %s", key, method.Name, why)
		return
	}
	method.Keys = append(method.Keys, key)
}

// paramNames returns the names of the parameters that have one.
func paramNames(signature *types.Signature) (names []string) {
	for v := range signature.Params().Variables() {
		if v.Name() != "" && v.Name() != "_" {
			names = append(names, v.Name())
		}
	}
	return names
}
