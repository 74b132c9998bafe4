package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/guardgen/guardgen/annotations"
)

// body returns the statements of the method.
func (m *method) body() []jen.Code {
	switch {
	case m.model.Passes():
		call := m.callNext(m.arguments()...)
		if m.signature.Results().Len() > 0 {
			call = jen.Return(call)
		}
		return []jen.Code{call}
	case m.model.Errors == annotations.ErrorYielded:
		return m.iterator()
	case m.model.Errors == annotations.ErrorValue && len(m.model.Reports) == 1:
		return append(m.begin(), m.errorValue()...)
	default:
		return append(m.begin(), m.reported()...)
	}
}

// errorValue is the rest of the body of a method with one result that reports an error, which is an error itself.
func (m *method) errorValue() []jen.Code {
	err := m.result(m.model.ErrorResult)
	return []jen.Code{
		jen.If(jen.Id(m.call).Dot("Admitted").Call()).Block(append(m.forward(),
			jen.If(jen.Id(m.call).Dot("Succeeded").Call(err)).Block(
				jen.Return(m.resultsWith(err)...),
			),
		)...),
		jen.Return(m.resultsWith(m.settle(err))...),
	}
}

// reported is the rest of the body of a method that reports errors in any other way.
func (m *method) reported() []jen.Code {
	failure := jen.Id(m.failure)
	code := []jen.Code{jen.If(jen.Id(m.call).Dot("Admitted").Call()).Block(append(m.forward(),
		jen.If(jen.Add(failure).Op(":=").Add(m.outcome()), jen.Op("!").Id(m.call).Dot("Succeeded").Call(failure)).Block(
			m.settle(failure),
		),
		jen.Return(m.resultsWith(nil)...),
	)...)}

	none := &zeros{file: m.file, names: m.names}
	refusal := m.settle(none.nil("none", m.file.errorWord))
	code = append(code, none.variables...)
	switch m.model.Errors {
	case annotations.ErrorValue:
		return append(code, jen.Return(m.resultsWith(refusal)...))
	case annotations.ErrorCustom:
		return append(code, jen.Return(m.resultsWith(m.guard("Refuse").Call(jen.Id(m.model.Refuse), refusal))...))
	}
	if len(m.model.Reports) > 1 {
		name := m.names.pick("refusal")
		code = append(code, jen.Id(name).Op(":=").Add(refusal))
		refusal = jen.Id(name)
	}
	for _, i := range m.model.Reports {
		code = append(code, m.carry(i, refusal)...)
	}
	return append(code, jen.Return(m.resultsWith(nil)...))
}

// carry makes the result with that index and puts err into it.
func (m *method) carry(index int, err *jen.Statement) []jen.Code {
	result := m.result(index)
	code := []jen.Code{jen.Add(result).Op("=").New(m.carriers[index])}
	if m.file.declares("new") {
		made := jen.Id(m.names.pick("made"))
		code = []jen.Code{jen.Var().Add(made, m.carriers[index]), jen.Add(result).Op("=").Op("&").Add(made)}
	}
	return append(code, jen.Add(result).Dot("SetErr").Call(err))
}

// outcome returns what the results say about how the call went.
func (m *method) outcome() *jen.Statement {
	var list []jen.Code
	for _, i := range m.model.Reports {
		switch {
		case m.model.Errors == annotations.ErrorCustom:
			list = append(list, m.guard("ErrorFrom").Call(m.result(i)))
		case m.carriers[i] != nil:
			list = append(list, m.guard("ErrorOf").Call(m.result(i)))
		default:
			list = append(list, m.result(i))
		}
	}
	if len(list) == 1 {
		return jen.Add(list[0])
	}
	return m.guard("JoinErrors").Call(list...)
}

// iterator is the body of a method whose only result is an iterator over values and errors. Each iteration is a call: it
// asks the guard when it begins, and is recorded when it ends.
func (m *method) iterator() []jen.Code {
	yield, none, failure := m.names.pick("yield"), m.names.pick("none"), jen.Id(m.failure)
	noError := &zeros{file: m.file, names: m.names}
	refusal := m.settle(noError.nil("noError", m.file.errorWord))
	refuse := append([]jen.Code{jen.Var().Id(none).Add(m.value)}, noError.variables...)
	code := append(m.begin(),
		jen.If(jen.Op("!").Id(m.call).Dot("Admitted").Call()).Block(append(refuse,
			jen.Id(yield).Call(jen.Id(none), refusal),
			jen.Return(),
		)...),
		jen.If(
			jen.Add(failure).Op(":=").Add(m.guard("Range")).Call(m.callNext(m.underContext()...), jen.Id(yield)),
			jen.Op("!").Id(m.call).Dot("Succeeded").Call(failure),
		).Block(m.settle(failure)),
	)
	return []jen.Code{jen.Return(jen.Func().Params(jen.Id(yield).Add(m.yield)).Block(code...))}
}

// begin asks for the call: the gate if it is destructive, the breaker alone if not.
func (m *method) begin() []jen.Code {
	var code []jen.Code
	switch {
	case m.model.Context < 0:
		code = append(code, jen.Id(m.ctx).Op(":=").Add(m.file.imports.context("Background")).Call())
	case m.model.OwnContext:
		code = append(code, jen.Id(m.ctx).Op(":=").Add(m.guard("ContextOf")).Call(jen.Id(m.params[m.model.Context])))
	}
	begin := m.field().Dot("Begin").Call(jen.Id(m.ctx))
	ask := m.field().Dot("Ask").Call(append([]jen.Code{jen.Id(m.ctx)}, m.keys()...)...)
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

// forward calls what is wrapped, and has the errors recorded that an iterator among its results may still yield.
func (m *method) forward() []jen.Code {
	code := []jen.Code{jen.List(m.resultsWith(nil)...).Op("=").Add(m.callNext(m.underContext()...))}
	for i := range m.results {
		if !annotations.Yields(m.signature.Results().At(i).Type()) {
			continue
		}
		arguments := append([]jen.Code{jen.Id(m.ctx), m.field(), m.result(i)}, m.keys()...)
		code = append(code, m.result(i).Op("=").Add(m.guard("Sequence")).Call(arguments...))
	}
	return code
}

// field is the guarded method.
func (m *method) field() *jen.Statement { return jen.Id(m.receiver).Dot(m.fields[m.model]) }

// callNext calls what is wrapped.
func (m *method) callNext(arguments ...jen.Code) *jen.Statement {
	return jen.Id(m.receiver).Dot(m.next).Dot(m.model.Name).Call(arguments...)
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

// underContext passes the parameters on, under the context of the call, which may have a deadline of the policy.
func (m *method) underContext() []jen.Code {
	list := m.arguments()
	if i := m.model.Context; i >= 0 && !m.model.OwnContext {
		list[i] = jen.Id(m.call).Dot("Context").Call(jen.Id(m.ctx))
	}
	return list
}

// result returns the name of the result with that index.
func (m *method) result(index int) *jen.Statement { return jen.Id(m.results[index]) }

// resultsWith lists the results, with value in the place of the one that carries a refusal, if there is a value.
func (m *method) resultsWith(value *jen.Statement) []jen.Code {
	list := make([]jen.Code, len(m.results))
	for i := range list {
		list[i] = m.result(i)
	}
	if value != nil {
		list[m.model.ErrorResult] = value
	}
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
	return jen.Func().Params().Add(m.file.anyWord()).Custom(jen.Options{Open: "{ ", Close: " }"}, jen.Return(value))
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
