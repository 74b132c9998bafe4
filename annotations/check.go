package annotations

import (
	"cmp"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// destructiveVerbs begin the names of methods that most likely destroy something.
var destructiveVerbs = []string{
	"Delete", "Del", "Remove", "Terminate", "Close", "Kill", "Drop", "Flush", "Purge", "Truncate", "Destroy", "Unlink",
	"Revoke", "Evict", "Prune", "Reset", "End", "Erase", "Wipe", "Clear", "Shutdown",
}

// looksDestructive reports whether a method's name begins with a destructive verb, as a word of its own: EndSession,
// but not Endpoint.
func looksDestructive(name string) bool {
	name = upperFirst(name)
	return slices.ContainsFunc(destructiveVerbs, func(verb string) bool {
		rest, ok := strings.CutPrefix(name, verb)
		next, _ := utf8.DecodeRuneInString(rest)
		return ok && (rest == "" || !unicode.IsLower(next))
	})
}

// checkDependency judges the options of //guard:dependency against each other and against the methods.
func (a *annotated) checkDependency() {
	d := &a.Dependency
	hold := cmp.Or(d.Hold, defaultHold)
	if _, wrong := a.said["hold"]; d.Reconnect > hold && (d.Hold > 0 || !wrong) {
		if d.Hold == 0 {
			a.report.errorf(a.said.pos("reconnect", a.pos), "reconnect=%s is longer than hold, which is %s by default: write hold=%s or more, else sessions about to reconnect would be destroyed", FormatDuration(d.Reconnect), FormatDuration(hold), FormatDuration(d.Reconnect))
		} else {
			a.report.errorf(a.said.pos("hold", a.pos), "hold=%s is below reconnect=%s: sessions about to reconnect would be destroyed", FormatDuration(hold), FormatDuration(d.Reconnect))
		}
	}
	for i, key := range d.Keys {
		if a.matched[i] {
			continue
		}
		var names []string
		for _, m := range a.members {
			for _, name := range paramNames(m.fn.Signature()) {
				if !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
		a.report.errorf(key.posIn(a.report, a.said["key"]), "key %s: no guarded method has a parameter %s: %s", key, key.Path[0], suggestion(key.Path[0], names))
	}
	if d.Classify != "" {
		if why := a.classifier(d.Classify); why != "" {
			a.report.errorf(a.said["classify"].valuePos, "classify: %s", why)
		}
	}
	if d.Refuse != "" {
		if t, why := a.refuser(d.Refuse); why != "" {
			a.report.errorf(a.said["refuse"].valuePos, "refuse: %s", why)
		} else if !slices.ContainsFunc(a.Methods, func(m *Method) bool { return m.Refuse == d.Refuse }) {
			a.report.errorf(a.said["refuse"].valuePos, "refuse: no method has a %s as its only error", typeString(t, a.pkg.types))
		}
	}
}

// checkClassifier warns where errors are most likely answers, too, and nothing tells the two apart.
func (a *annotated) checkClassifier() {
	if _, said := a.said["classify"]; said {
		return
	}
	i := slices.IndexFunc(a.Methods, func(m *Method) bool { return m.Errors == ErrorInside && m.Class != Skip })
	if i >= 0 {
		a.report.warnf(a.pos, "results that carry their error, such as that of %s, carry answers too: guard.Classify takes redis.Nil and its like for failures of %s; write classify= with a function that knows them", a.Methods[i].Name, a.Dependency.Name)
	}
}

// checkMethod judges one method.
func (a *annotated) checkMethod(method *Method, m *member, said written) {
	signature := m.fn.Signature()
	if !m.fn.Exported() && m.fn.Pkg() != a.pkg.types {
		a.hints.add(m.pos, Error, "unexported in package "+m.fn.Pkg().Name()+", so that no wrapper can have it: ", method.Name, "; "+a.instead(m))
		return
	}
	if a.leavesOut(method) {
		return
	}
	if t := unwritable(signature, a.pkg.types); t != nil {
		a.report.errorf(m.pos, "%s has the type %s in its signature, which package %s cannot name: %s", method.Name, typeString(t, a.pkg.types), a.pkg.Name, a.instead(m))
		return
	}
	if path, tag := a.fileTag(m.fn); tag != "" && m.fn.Pkg() == a.pkg.types {
		if _, own := a.fileTag(a.Type); own != tag {
			a.report.errorf(m.pos, "%s is declared in %s, which other builds leave out (%s), and its wrapper in one that they have: put both under one condition", method.Name, filepath.Base(path), tag)
			return
		}
	}
	if d := find(m.class, "probe"); d != nil && !isProbe(signature) {
		a.report.errorf(d.pos(), "a probe has the form (ctx context.Context) error or (T, error), or *T with SetErr and Err: %s has not; mark another method, or pass guard.WithProbe to the constructor", method.Name)
		return
	}
	if len(m.class) == 0 && !m.misread && looksDestructive(method.Name) {
		end := "; write //guard:destructive, //guard:safe or //guard:skip"
		if method.Name == "Close" && returnsError(signature) { // as io.Closer has it
			end = "; a guarded Close is refused in an outage, and what it should close leaks: write //guard:skip"
		}
		a.hints.add(m.pos, Warning, "destructive by its name, but not annotated: ", method.Name, end)
	}
	if method.Class != Skip && method.Errors == NoError {
		a.checkSilent(method, m)
		return
	}
	if method.Class == Skip {
		return
	}
	a.checkTimeout(method, m, said)
	if method.Class == Destructive {
		a.checkDestructive(method, m, said)
	}
}

// instead says what to do about a method that no wrapper can have.
func (a *annotated) instead(m *member) string {
	if a.Struct {
		return "write //guard:skip " + m.fn.Name() + " on the type, and the wrapper is without it"
	}
	if m.fn.Pkg() != a.pkg.types {
		return "annotate an interface with the methods that you call"
	}
	return "leave the method out of the interface"
}

// fileTag returns the file that declares an object of the package, and under which condition it belongs to it.
func (a *annotated) fileTag(object types.Object) (path, tag string) {
	path = a.report.position(object.Pos()).Filename
	if file := a.reader.loader.parsed[path]; file != nil {
		return path, buildTag(path, file)
	}
	return path, ""
}

// checkSilent judges a method that reports no error: it can be neither refused nor observed.
func (a *annotated) checkSilent(method *Method, m *member) {
	if i := customError(m.fn.Signature().Results()); i >= 0 {
		a.checkCustom(method, m, typeString(m.fn.Signature().Results().At(i).Type(), a.pkg.types))
		return
	}
	reports, instead := a.silence(m.fn.Signature().Results())
	for _, d := range slices.Concat(m.class, m.call) {
		switch d.name {
		case "destructive", "heavy":
			if later := reportsLater(m.fn.Signature().Results()); later != nil {
				reports = "returns " + typeString(later, a.pkg.types) + ", whose errors are not known yet,"
			}
			a.report.errorf(d.pos(), "%s %s and cannot be refused: give it an error result, or leave it out of the %s", method.Name, reports, a.kind())
			return
		case "call":
			a.report.errorf(d.pos(), "%s %s and passes unguarded, so that //guard:call has no effect: %swrite //guard:skip", method.Name, reports, instead)
			return
		}
	}
	if m.misread {
		return
	}
	a.hints.add(m.pos, Warning, reports+" and passes unguarded: ", method.Name, "; "+instead+"write //guard:skip if that is right")
}

// silence says why results tell nothing about the call that a guard could use, and what could be written instead.
func (a *annotated) silence(results *types.Tuple) (reports, instead string) {
	reports = "reports no error"
	for result := range results.Variables() {
		t := result.Type()
		switch {
		case types.Implements(t, errorInterface):
			return "reports its error as " + typeString(t, a.pkg.types) + ", which cannot be told from none,", ""
		case Yields(t):
			reports = "returns " + typeString(t, a.pkg.types) + ", whose errors guardgen observes only where it is the only result or stands beside an error,"
			instead = "add an error result, or "
		case iterated(t) != nil:
			reports = "returns " + typeString(t, a.pkg.types) + ", where guardgen observes the errors of an iter.Seq2[T, error] only,"
			instead = "return that, alone or beside an error, or "
		}
	}
	return reports, instead
}

// checkCustom judges a method whose error has a type of its own, and that nothing makes one of a refusal for.
func (a *annotated) checkCustom(method *Method, m *member, custom string) {
	for _, d := range slices.Concat(m.class, m.call) {
		if d.name == "destructive" || d.name == "heavy" {
			a.report.errorf(d.pos(), "%s reports its error as %s, and nothing makes one of a refusal: write //guard:call refuse= with a func(error) %[2]s", method.Name, custom)
			return
		}
	}
	if m.misread {
		return
	}
	a.hints.add(m.pos, Warning, "reports its error as "+custom+", which no refusal is, and passes unguarded: ", method.Name,
		"; write refuse= with a func(error) "+custom+", or //guard:skip if that is right")
}

// checkTimeout judges the deadline of a method.
func (a *annotated) checkTimeout(method *Method, m *member, said written) {
	own, hasOwn := said["timeout"]
	hasOwn = hasOwn || m.misread
	result := outliving(m.fn.Signature().Results())
	switch {
	case method.Timeout > 0 && method.Context < 0:
		a.report.errorf(own.pos, "timeout: %s has no context.Context, so that no deadline can reach it", method.Name)
	case method.Timeout > 0 && result != nil:
		a.report.errorf(own.pos, "timeout: the %s that %s returns outlives the call, and the deadline would end it: write timeout=none", typeString(result, a.pkg.types), method.Name)
	case method.Timeout > 0 && method.OwnContext:
		a.report.errorf(own.pos, "timeout: the context of %s has a type of its own, so that no deadline can be put into it", method.Name)
	case !hasOwn && a.Dependency.Timeout > 0 && method.OwnContext:
		a.hints.add(m.pos, Warning, "timeout="+FormatDuration(a.Dependency.Timeout)+" does not reach contexts of a type of their own: ", method.Name, "; write //guard:call timeout=none if that is right")
	case !hasOwn && a.Dependency.Timeout > 0 && method.Context >= 0 && result != nil:
		a.hints.add(m.pos, Error, "timeout="+FormatDuration(a.Dependency.Timeout)+" would end results that outlive the call: ", method.Name, "; write //guard:call timeout=none")
	}
}

// checkDestructive judges a destructive method and its options. What seems to be missing is not reported where an option
// is wrong, or a whole directive: it may be the one that is meant.
func (a *annotated) checkDestructive(method *Method, m *member, said written) {
	if method.Context < 0 {
		a.hints.add(m.pos, Warning, "destructive without a context: ", method.Name, "; it cannot belong to a scope, and neither guard.UserConfirmed nor guard.BreakGlass reach it: add ctx context.Context")
	}
	wrong := m.misread || a.report.hasErrorAmongOptions(slices.Concat(m.class, m.call, m.replaced))
	if _, ok := said["budget"]; !ok && !wrong {
		a.hints.add(m.pos, Warning, "destructive without budget=: ", method.Name, "; at most 10 calls in 1m run, write budget=20/1m or budget=none")
	}
	if _, ok := said["key"]; !ok && !wrong && len(method.Keys) == 0 {
		a.keyless = append(a.keyless, m)
	}
	if method.When != "" {
		if why := a.predicate(method.When, m.fn.Signature()); why != "" {
			a.report.errorf(said["when"].valuePos, "when: %s", why)
		}
	}
}

// checkKeyless warns about destructive methods without a key, unless an option of //guard:dependency is wrong: it may be
// the key.
func (a *annotated) checkKeyless() {
	if a.report.hasErrorAmongOptions(a.header) {
		return
	}
	for _, m := range a.keyless {
		a.hints.add(m.pos, Warning, "destructive without a key: ", m.fn.Name(), "; the gate cannot tell its targets apart, and a failure about one of them does not protect it: write key=kind:parameter, or key=none if it has none")
	}
}
