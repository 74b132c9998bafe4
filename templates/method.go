package templates

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"

	"github.com/dave/jennifer/jen"

	"github.com/guardgen/guardgen/annotations"
)

// method is one method of a wrapper, with the names that it uses.
type method struct {
	*wrapper
	model     *annotations.Method
	signature *types.Signature

	names           *scope // of the body
	call            string
	ctx             string // the caller's context, or the background's
	failure         string // what the results report together
	params, results []string
	carriers        map[int]*jen.Statement // N, where the result *N with that index carries an error
	yield, value    *jen.Statement         // func(V, error) bool and V, where the only result is an iterator
}

// method returns the declaration of one method, with its documentation.
func (w *wrapper) method(model *annotations.Method) ([]jen.Code, error) {
	if !token.IsExported(model.Name) && pathOf(model.Func) != w.file.pkg.Path {
		return nil, fmt.Errorf("is not exported by package %s, so that nothing else can implement it", model.Func.Pkg().Name())
	}
	m := &method{wrapper: w, model: model, signature: model.Func.Signature()}
	if err := m.name(); err != nil {
		return nil, err
	}
	params, err := m.types().tuple(m.signature.Params(), m.params, m.signature.Variadic())
	if err != nil {
		return nil, err
	}
	results, err := m.types().tuple(m.signature.Results(), m.results, false)
	if err != nil {
		return nil, err
	}
	declaration := jen.Func().Params(jen.Id(m.receiver).Op("*").Add(w.instance(w.typ))).
		Id(model.Name).Params(params...).Add(resultList(m.results, results)).Block(m.body()...)
	return append(m.doc(), declaration), nil
}

// types writes the types of the method. What the package itself spells means there, in each build, what it means here; what
// comes from elsewhere means what it means there, and what the package declares in other builds would hide that.
func (m *method) types() *typeWriter {
	w := m.wrapper.types()
	if pathOf(m.model.Func) != m.file.pkg.Path {
		w.unread = m.file.pkg.Unread
	}
	return w
}

// name chooses the names of the method: the author's wherever they hide nothing that the body needs.
func (m *method) name() error {
	needed, err := m.needs()
	if err != nil {
		return err
	}
	names := newScope(universe(), append(needed, m.receiver)...)
	m.names = names
	m.params = keepNames(m.signature.Params(), names, "Arg")
	m.results = keepNames(m.signature.Results(), names, "Result")
	if i := m.model.Context; i >= 0 && m.params[i] == "" {
		m.params[i] = names.pick("ctx")
	}
	nameRest(m.signature.Params(), m.params, names)
	isError := m.model.Errors == annotations.ErrorValue || m.model.Errors == annotations.ErrorCustom
	if i := m.model.ErrorResult; isError && m.results[i] == "" && !m.model.Passes() {
		m.results[i] = names.pick("err")
	}
	needsNames := !m.model.Passes() && m.model.Errors != annotations.ErrorYielded
	if named := strings.Join(m.results, "") != ""; named || needsNames { // all have a name, or none has
		nameRest(m.signature.Results(), m.results, names)
	}
	m.call = names.pick("call", "attempt")
	if i := m.model.Context; i >= 0 && !m.model.OwnContext {
		m.ctx = m.params[i]
	} else {
		m.ctx = names.pick("ctx", "callCtx")
	}
	if !m.model.Passes() {
		m.failure = names.pick("err", "failure")
	}
	return nil
}

// needs lists the names from outside that the body of the method uses.
func (m *method) needs() ([]string, error) {
	var names []string
	for _, p := range m.wrapper.params {
		names = append(names, p.name)
	}
	if m.model.Passes() {
		return names, nil
	}
	im := m.file.imports
	if m.model.Context < 0 {
		names = append(names, im.name("context", "context"))
	}
	if len(m.model.Keys) > 0 || m.model.When != "" || !m.isPlain() || m.model.OwnContext {
		names = append(names, im.name(annotations.RuntimePath, "guard"))
	}
	if slices.ContainsFunc(m.model.Keys, func(key annotations.Key) bool { return key.Pointer }) {
		names = append(names, "any")
	}
	if m.model.When != "" {
		names = append(names, m.model.When)
	}
	inner, err := m.innerTypes()
	if err != nil {
		return nil, err
	}
	for _, t := range inner {
		names = append(names, m.identifiers(t)...)
	}
	if !m.isPlain() && m.file.declares("nil") {
		names = append(names, "error") // the type of the variable that stands for nil
	}
	switch {
	case m.isPlain():
	case m.model.Errors == annotations.ErrorInside:
		names = append(names, "nil", "new")
	case m.model.Errors == annotations.ErrorCustom:
		names = append(names, "nil", m.model.Refuse)
	default:
		names = append(names, "nil")
	}
	return names, nil
}

// isPlain reports whether the method has one result that reports an error, which is an error itself, and no iterator that may
// report one later.
func (m *method) isPlain() bool {
	results := m.signature.Results()
	for i := range results.Len() {
		if annotations.Yields(results.At(i).Type()) {
			return false
		}
	}
	return m.model.Errors == annotations.ErrorValue && len(m.model.Reports) == 1
}

// innerTypes writes the types that the body of the method names, and returns them.
func (m *method) innerTypes() (list []types.Type, err error) {
	m.carriers = make(map[int]*jen.Statement)
	for _, i := range m.model.Reports {
		pointer, ok := types.Unalias(m.signature.Results().At(i).Type()).(*types.Pointer)
		if m.model.Errors == annotations.ErrorCustom || !ok {
			continue
		}
		if m.carriers[i], err = m.types().write(pointer.Elem()); err != nil {
			return nil, err
		}
		list = append(list, pointer.Elem())
	}
	if m.model.Errors != annotations.ErrorYielded {
		return list, nil
	}
	iterator := m.signature.Results().At(0).Type().Underlying().(*types.Signature)
	if m.yield, err = m.types().write(iterator.Params().At(0).Type()); err != nil {
		return nil, err
	}
	yield := types.Unalias(iterator.Params().At(0).Type()).(*types.Signature)
	if m.value, err = m.types().write(yield.Params().At(0).Type()); err != nil {
		return nil, err
	}
	return append(list, iterator.Params().At(0).Type()), nil
}

// identifiers lists the words in a type, as the file writes it.
func (m *method) identifiers(t types.Type) []string {
	text := types.TypeString(t, func(pkg *types.Package) string {
		if pkg.Path() == m.file.pkg.Path {
			return ""
		}
		return m.file.imports.used[pkg.Path()]
	})
	return strings.FieldsFunc(text, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// keepNames returns the names that the source has for tuple, "" for none.
func keepNames(tuple *types.Tuple, names *scope, suffix string) []string {
	list := namesOf(tuple)
	for i, name := range list {
		switch name {
		case "":
		case "_":
			list[i] = ""
		default:
			list[i] = names.keep(name, suffix)
		}
	}
	return list
}

// nameRest names what is still without a name.
func nameRest(tuple *types.Tuple, list []string, names *scope) {
	for i, name := range list {
		if name == "" {
			list[i] = names.pick(nameFor(tuple.At(i).Type()))
		}
	}
}
