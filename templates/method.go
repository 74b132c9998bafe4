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

	call            string
	ctx             string // the caller's context, or the background's
	params, results []string
	carrier         *jen.Statement // N, where the result *N carries the error
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
	params, err := w.types().tuple(m.signature.Params(), m.params, m.signature.Variadic())
	if err != nil {
		return nil, err
	}
	results, err := w.types().tuple(m.signature.Results(), m.results, false)
	if err != nil {
		return nil, err
	}
	declaration := jen.Func().Params(jen.Id(m.receiver).Op("*").Add(w.instance(w.typ))).
		Id(model.Name).Params(params...).Add(resultList(m.results, results)).Block(m.body()...)
	return append(m.doc(), declaration), nil
}

// name chooses the names of the method: the author's wherever they hide nothing that the body needs.
func (m *method) name() error {
	needed, err := m.needs()
	if err != nil {
		return err
	}
	names := newScope(universe(), append(needed, m.receiver)...)
	m.params = keepNames(m.signature.Params(), names, "Arg")
	m.results = keepNames(m.signature.Results(), names, "Result")
	if i := m.model.Context; i >= 0 && m.params[i] == "" {
		m.params[i] = names.pick("ctx")
	}
	nameRest(m.signature.Params(), m.params, names)
	if i := m.model.ErrorResult; m.model.Errors == annotations.ErrorValue && m.results[i] == "" && !passes(m.model) {
		m.results[i] = names.pick("err")
	}
	if named := strings.Join(m.results, "") != ""; named || !passes(m.model) { // all have a name, or none has
		nameRest(m.signature.Results(), m.results, names)
	}
	m.call = names.pick("call", "attempt")
	if i := m.model.Context; i >= 0 {
		m.ctx = m.params[i]
	} else {
		m.ctx = names.pick("ctx")
	}
	return nil
}

// needs lists the names from outside that the body of the method uses.
func (m *method) needs() ([]string, error) {
	var names []string
	for _, p := range m.wrapper.params {
		names = append(names, p.name)
	}
	if passes(m.model) {
		return names, nil
	}
	im := m.file.imports
	if m.model.Context < 0 {
		names = append(names, im.name("context", "context"))
	}
	if len(m.model.Keys) > 0 || m.model.When != "" {
		names = append(names, im.name(annotations.RuntimePath, "guard"))
	}
	if slices.ContainsFunc(m.model.Keys, func(key annotations.Key) bool { return key.Pointer }) {
		names = append(names, "any")
	}
	if m.model.When != "" {
		names = append(names, m.model.When)
	}
	if m.model.Errors == annotations.ErrorInside {
		pointer, ok := types.Unalias(m.signature.Results().At(m.model.ErrorResult).Type()).(*types.Pointer)
		if !ok {
			return nil, fmt.Errorf("the result that carries the error is not a pointer")
		}
		var err error
		if m.carrier, err = m.types().write(pointer.Elem()); err != nil {
			return nil, err
		}
		names = append(names, "new", "nil")
		names = append(names, identifiers(m.carrier)...)
	}
	return names, nil
}

// identifiers lists the words in code.
func identifiers(code *jen.Statement) []string {
	return strings.FieldsFunc(code.GoString(), func(r rune) bool {
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

func (m *method) body() []jen.Code {
	switch {
	case passes(m.model):
		call := m.callNext(m.arguments()...)
		if m.signature.Results().Len() > 0 {
			call = jen.Return(call)
		}
		return []jen.Code{call}
	case m.model.Errors == annotations.ErrorInside:
		return append(m.begin(), m.errorInside()...)
	default:
		return append(m.begin(), m.errorValue()...)
	}
}

// errorValue is the rest of the body of a method with a result of type error.
func (m *method) errorValue() []jen.Code {
	err := jen.Id(m.results[m.model.ErrorResult])
	return []jen.Code{
		jen.If(jen.Id(m.call).Dot("Admitted").Call()).Block(
			jen.List(m.resultsWith(err)...).Op("=").Add(m.forward()),
			jen.If(jen.Id(m.call).Dot("Succeeded").Call(err)).Block(
				jen.Return(m.resultsWith(err)...),
			),
		),
		jen.Return(m.resultsWith(m.settle(err))...),
	}
}

// errorInside is the rest of the body of a method with a result that carries the error.
func (m *method) errorInside() []jen.Code {
	carrier := jen.Id(m.results[m.model.ErrorResult])
	outcome := m.guard("ErrorOf").Call(carrier)
	return []jen.Code{
		jen.If(jen.Id(m.call).Dot("Admitted").Call()).Block(
			jen.List(m.resultsWith(carrier)...).Op("=").Add(m.forward()),
			jen.If(jen.Op("!").Id(m.call).Dot("Succeeded").Call(outcome)).Block(
				m.settle(outcome),
			),
			jen.Return(m.resultsWith(carrier)...),
		),
		jen.Add(carrier).Op("=").New(m.carrier),
		jen.Add(carrier).Dot("SetErr").Call(m.settle(jen.Nil())),
		jen.Return(m.resultsWith(carrier)...),
	}
}

// begin asks for the call: the gate if it is destructive, the breaker alone if not.
func (m *method) begin() []jen.Code {
	var code []jen.Code
	if m.model.Context < 0 {
		code = append(code, jen.Id(m.ctx).Op(":=").Add(m.file.imports.context("Background")).Call())
	}
	begin := jen.Id(m.receiver).Dot(m.fields[m.model]).Dot("Begin").Call(jen.Id(m.ctx))
	ask := jen.Id(m.receiver).Dot(m.fields[m.model]).Dot("Ask").Call(append([]jen.Code{jen.Id(m.ctx)}, m.keys()...)...)
	switch {
	case m.model.Class != annotations.Destructive:
		return append(code, jen.Id(m.call).Op(":=").Add(begin))
	case m.model.When == "":
		return append(code, jen.Id(m.call).Op(":=").Add(ask))
	default:
		return append(code,
			jen.Var().Id(m.call).Add(m.guard("Attempt")),
			jen.If(jen.Id(m.model.When).Call(m.arguments()...)).Block(
				jen.Id(m.call).Op("=").Add(ask),
			).Else().Block(
				jen.Id(m.call).Op("=").Add(begin),
			),
		)
	}
}

// callNext calls what is wrapped.
func (m *method) callNext(arguments ...jen.Code) *jen.Statement {
	return jen.Id(m.receiver).Dot(m.next).Dot(m.model.Name).Call(arguments...)
}

// forward calls what is wrapped under the context of the call, which may have a deadline of the policy.
func (m *method) forward() *jen.Statement {
	arguments := m.arguments()
	if i := m.model.Context; i >= 0 {
		arguments[i] = jen.Id(m.call).Dot("Context").Call(jen.Id(m.ctx))
	}
	return m.callNext(arguments...)
}

// arguments passes the parameters on.
func (m *method) arguments() []jen.Code {
	list := make([]jen.Code, len(m.params))
	for i, name := range m.params {
		list[i] = jen.Id(name)
	}
	if last := len(list) - 1; m.signature.Variadic() {
		list[last] = jen.Add(list[last]).Op("...")
	}
	return list
}

// resultsWith lists the results, with value in the place of the one that carries the error.
func (m *method) resultsWith(value *jen.Statement) []jen.Code {
	list := make([]jen.Code, len(m.results))
	for i, name := range m.results {
		list[i] = jen.Id(name)
	}
	list[m.model.ErrorResult] = value
	return list
}

func (m *method) settle(err *jen.Statement) *jen.Statement {
	return jen.Id(m.call).Dot("Settle").Call(append([]jen.Code{jen.Id(m.ctx), err}, m.keys()...)...)
}

// keys returns guard.Keys("topic", topic)..., or nothing for a method without keys.
func (m *method) keys() []jen.Code {
	if len(m.model.Keys) == 0 {
		return nil
	}
	var pairs []jen.Code
	for _, key := range m.model.Keys {
		pairs = append(pairs, jen.Lit(key.Kind), m.keyValue(key))
	}
	return []jen.Code{m.guard("Keys").Call(pairs...).Op("...")}
}

// keyValue reads the target of the call. Where that may panic, the runtime does it under recover.
func (m *method) keyValue(key annotations.Key) *jen.Statement {
	value := jen.Id(m.paramNamed(key.Path[0]))
	for _, name := range key.Path[1:] {
		value.Dot(name)
	}
	if !key.Pointer {
		return value
	}
	return jen.Func().Params().Any().Custom(jen.Options{Open: "{ ", Close: " }"}, jen.Return(value))
}

// paramNamed returns the name of the parameter that has this name in the source.
func (m *method) paramNamed(source string) string {
	for i, name := range namesOf(m.signature.Params()) {
		if name == source {
			return m.params[i]
		}
	}
	return source
}
