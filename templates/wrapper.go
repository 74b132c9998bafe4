package templates

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/guardgen/guardgen/annotations"
)

// wrapper is the code of one annotated type.
type wrapper struct {
	file   *file
	client *annotations.Client
	params []typeParam

	typ         string // GuardedTransport
	constructor string // NewGuardedTransport
	specName    string // guardedTransportSpec

	next     string                         // the field that holds what is wrapped
	fields   map[*annotations.Method]string // the fields of the guarded methods
	receiver string                         // of all methods
}

// typeParam is a type parameter of the annotated type, under its name in the generated file.
type typeParam struct {
	name  string
	param *types.TypeParam
}

func newWrapper(f *file, client *annotations.Client, names *scope) *wrapper {
	w := &wrapper{
		file: f, client: client,
		typ: client.Dependency.Wrapper, constructor: client.Dependency.Constructor(),
		fields: make(map[*annotations.Method]string),
	}
	local := newScope(names)
	for param := range typeParamsOf(client.Type).TypeParams() {
		// Not the name of a declaration: a method of an embedded interface may mean that one.
		w.params = append(w.params, typeParam{local.pick(param.Obj().Name(), "T"), param})
	}

	members := newScope(nil)
	for _, m := range client.Methods {
		members.declare(m.Name)
	}
	w.next = members.pick("next", "wrapped")
	for _, m := range w.guarded() {
		w.fields[m] = members.pick(fieldName(m.Name), lowerFirst(m.Name)+"Method")
	}
	return w
}

func typeParamsOf(name *types.TypeName) *types.TypeParamList {
	switch t := name.Type().(type) {
	case *types.Named:
		return t.TypeParams()
	case *types.Alias:
		return t.TypeParams()
	default:
		return nil
	}
}

// guarded lists the methods whose calls run through the guard; the others pass.
func (w *wrapper) guarded() []*annotations.Method {
	return slices.DeleteFunc(slices.Clone(w.client.Methods), (*annotations.Method).Passes)
}

func (w *wrapper) guard(name string) *jen.Statement { return w.file.imports.guard(name) }

func (w *wrapper) types() *typeWriter {
	params := make(map[*types.TypeParam]string)
	for _, p := range w.params {
		params[p.param] = p.name
	}
	return &typeWriter{pkg: w.file.pkg.Types, imports: w.file.imports, params: params}
}

// code returns everything that the file declares for the annotated type.
func (w *wrapper) code() (code []jen.Code, problems annotations.Diagnostics) {
	declared, err := declareParams(w.types(), w.params)
	if err != nil {
		return nil, annotations.Diagnostics{at(w.client.Pos, err)}
	}

	if !w.client.Struct {
		code = append(w.assertion(declared), jen.Line())
	}
	code = append(code, comment(prose(w.specName, "is what the annotations of", w.client.Name,
		"say; what they leave open has the runtime's default."))...)
	code = append(code, jen.Var().Id(w.specName).Op("=").Add(w.spec()), jen.Line())
	code = append(code, w.typeDeclaration(declared)...)
	code = append(code, jen.Line())
	code = append(code, w.construction(declared)...)

	w.receiver = w.pickReceiver()
	for _, m := range w.client.Methods {
		declaration, err := w.method(m)
		if err != nil {
			problems = append(problems, at(m.Pos, fmt.Errorf("%s.%s: %w", w.client.Name, m.Name, err)))
			continue
		}
		code = append(append(code, jen.Line()), declaration...)
	}
	return code, problems
}

// pickReceiver returns a name that none of the methods has another use for.
func (w *wrapper) pickReceiver() string {
	names := newScope(universe())
	for _, model := range w.client.Methods {
		m := &method{wrapper: w, model: model, signature: model.Func.Signature()}
		needed, _ := m.needs() // the method itself reports the error
		names.declare(needed...)
		names.declare(namesOf(m.signature.Params())...)
		names.declare(namesOf(m.signature.Results())...)
	}
	return names.pick("g", "guarded")
}

// declareParams returns type parameters with their constraints.
func declareParams(types *typeWriter, params []typeParam) ([]jen.Code, error) {
	list := make([]jen.Code, len(params))
	for i, p := range params {
		constraint, err := types.write(p.param.Constraint())
		if err != nil {
			return nil, fmt.Errorf("constraint of %s: %w", p.param.Obj().Name(), err)
		}
		list[i] = jen.Id(p.name).Add(constraint)
	}
	return list, nil
}

// typeArguments returns type parameters as the arguments of a type that has the same.
func typeArguments(params []typeParam) []jen.Code {
	list := make([]jen.Code, len(params))
	for i, p := range params {
		list[i] = jen.Id(p.name)
	}
	return list
}

// instance returns the generic type name, instantiated with the type parameters.
func (w *wrapper) instance(name string) *jen.Statement {
	return jen.Id(name).Types(typeArguments(w.params)...)
}

// nextType returns the type of what is wrapped.
func (w *wrapper) nextType() *jen.Statement {
	if w.client.Struct {
		return jen.Op("*").Add(w.instance(w.client.Name))
	}
	return w.instance(w.client.Name)
}

func (w *wrapper) assertion(declared []jen.Code) []jen.Code {
	code := comment(prose("If the next line does not compile,", w.client.Name,
		"has changed since this file was written: run go generate."))
	value := jen.Parens(jen.Op("*").Add(w.instance(w.typ))).Parens(jen.Nil())
	if w.file.declares("nil") {
		value = jen.Op("&").Add(w.instance(w.typ)).Values()
	}
	assertion := jen.Var().Id("_").Add(w.instance(w.client.Name)).Op("=").Add(value)
	if len(declared) > 0 {
		body := jen.Options{Open: "{ ", Close: " }"}
		if strings.Contains(jen.Func().Id("_").Types(declared...).Params().Block().GoString(), "\n") {
			body = jen.Options{Open: "{", Close: "}", Multi: true} // gofmt breaks the constraints, and the body with them
		}
		assertion = jen.Func().Id("_").Types(declared...).Params().Custom(body, assertion)
	}
	return append(code, assertion)
}

func (w *wrapper) typeDeclaration(declared []jen.Code) []jen.Code {
	fields := []jen.Code{jen.Id(w.next).Add(w.nextType())}
	for i, m := range w.guarded() {
		if i == 0 {
			fields = append(fields, jen.Line())
		}
		fields = append(fields, jen.Id(w.fields[m]).Op("*").Add(w.guard("Method")))
	}
	return append(w.typeDoc(), jen.Type().Id(w.typ).Types(declared...).Struct(fields...))
}

// construction returns the constructor.
func (w *wrapper) construction(declared []jen.Code) []jen.Code {
	im := w.file.imports
	local := newScope(universe(), w.typ, w.specName, im.name(annotations.RuntimePath, "guard"))
	for _, p := range w.params {
		local.declare(p.name)
	}
	if w.probe() != nil || w.file.declares("nil") {
		local.declare(im.name("context", "context"))
	}
	registry, next, options := local.pick("registry"), local.pick("next"), local.pick("options")
	wrapper, err := local.pick("wrapper"), local.pick("err")

	var body []jen.Code
	var probe *jen.Statement
	none := &zeros{file: w.file, names: local}
	if m := w.probe(); m == nil {
		probe = none.nil("noProbe", func() *jen.Statement {
			return jen.Func().Params(im.context("Context")).Add(w.file.errorWord())
		})
	} else {
		name := local.pick("probe")
		body = append(body, jen.Id(name).Op(":=").Add(w.probeFunc(m, next, local.pick("ctx"))))
		probe = jen.Id(name)
	}
	if len(w.fields) == 0 {
		wrapper = "_"
	}
	noError := none.nil("noError", w.file.errorWord)
	noWrapper := none.nil("noWrapper", func() *jen.Statement { return jen.Op("*").Add(w.instance(w.typ)) })
	fields := []jen.Code{field(w.next, jen.Id(next))}
	for _, m := range w.guarded() {
		fields = append(fields, field(w.fields[m], jen.Id(wrapper).Dot("Method").Call(jen.Lit(m.Name))))
	}
	body = append(body,
		jen.List(jen.Id(wrapper), jen.Id(err)).Op(":=").Add(w.guard("NewWrapper")).Call(
			jen.Id(registry), jen.Id(w.specName), jen.Id(next), probe, jen.Id(options).Op("...")),
		jen.If(jen.Id(err).Op("!=").Add(noError)).Block(jen.Return(noWrapper, jen.Id(err))),
		jen.Return(jen.Op("&").Add(w.instance(w.typ)).Add(tall(fields)), noError),
	)
	body = append(none.variables, body...)

	return append(w.constructorDoc(), jen.Func().Id(w.constructor).Types(declared...).Params(
		jen.Id(registry).Op("*").Add(w.guard("HealthRegistry")),
		jen.Id(next).Add(w.nextType()),
		jen.Id(options).Op("...").Add(w.guard("Option")),
	).Params(jen.Op("*").Add(w.instance(w.typ)), w.file.errorWord()).Block(body...))
}

func (w *wrapper) probe() *annotations.Method {
	for _, m := range w.client.Methods {
		if m.Probe {
			return m
		}
	}
	return nil
}

// probeFunc returns a function that calls the probe and returns its error alone.
func (w *wrapper) probeFunc(m *annotations.Method, next, ctx string) *jen.Statement {
	call := jen.Id(next).Dot(m.Name).Call(jen.Id(ctx))
	body := []jen.Code{jen.Return(call)}
	if results := m.Func.Signature().Results(); m.Errors == annotations.ErrorInside {
		body = []jen.Code{jen.Return(w.guard("ErrorOf").Call(call))}
	} else if results.Len() > 1 {
		left := make([]jen.Code, results.Len())
		for i := range left {
			left[i] = jen.Id("_")
		}
		left[m.ErrorResult] = jen.Err()
		body = []jen.Code{jen.List(left...).Op(":=").Add(call), jen.Return(jen.Err())}
	}
	function := jen.Func().Params(jen.Id(ctx).Add(w.file.imports.context("Context"))).Add(w.file.errorWord())
	if len(body) == 1 {
		return function.Custom(jen.Options{Open: "{ ", Close: " }"}, body...)
	}
	return function.Block(body...)
}
