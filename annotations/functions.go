package annotations

import (
	"go/token"
	"go/types"
)

// function looks up a function of the package.
func (a *annotated) function(name string) (*types.Signature, string) {
	scope := a.pkg.types.Scope()
	object := scope.Lookup(name)
	function, ok := object.(*types.Func)
	switch {
	case object == nil:
		var names []string
		for _, name := range scope.Names() {
			if _, ok := scope.Lookup(name).(*types.Func); ok {
				names = append(names, name)
			}
		}
		return nil, "package " + a.pkg.Name + " has no function " + name + ": " + suggestion(name, names)
	case !ok:
		return nil, name + " is not a function"
	case function.Signature().TypeParams().Len() > 0:
		return nil, name + " is generic, which is not supported: write one without type parameters"
	}
	return function.Signature(), ""
}

// classifier says what is wrong with a function as classify=.
func (a *annotated) classifier(name string) string {
	signature, why := a.function(name)
	if why != "" {
		return why
	}
	params, results := signature.Params(), signature.Results()
	if params.Len() == 2 && isContext(params.At(0).Type()) && isError(params.At(1).Type()) &&
		results.Len() == 1 && isNamed(results.At(0).Type(), RuntimePath, "Outcome") {
		return ""
	}
	if err := a.pkg.importErrors[RuntimePath]; err != nil {
		return name + " cannot be checked: " + err.Error()
	}
	return name + " must be a func(context.Context, error) guard.Outcome"
}

// refuser returns the type of error that a function makes of a refusal, or says what is wrong with it as refuse=.
func (a *annotated) refuser(name string) (types.Type, string) {
	signature, why := a.function(name)
	if why != "" {
		return nil, why
	}
	params, results := signature.Params(), signature.Results()
	if params.Len() != 1 || !isError(params.At(0).Type()) || signature.Variadic() || results.Len() != 1 || !isCustomError(results.At(0).Type()) {
		return nil, name + " must be a func(error) that returns the type of error that the methods return"
	}
	return results.At(0).Type(), ""
}

// predicate says what is wrong with a function as when= of a method.
func (a *annotated) predicate(name string, method *types.Signature) string {
	signature, why := a.function(name)
	if why != "" {
		return why
	}
	results := signature.Results()
	good := results.Len() == 1 && types.Identical(results.At(0).Type(), types.Typ[types.Bool]) &&
		signature.Params().Len() == method.Params().Len() && signature.Variadic() == method.Variadic()
	for i := 0; good && i < method.Params().Len(); i++ {
		good = types.AssignableTo(method.Params().At(i).Type(), signature.Params().At(i).Type())
	}
	if good {
		return ""
	}
	want := types.NewSignatureType(nil, nil, nil, method.Params(), types.NewTuple(types.NewParam(token.NoPos, nil, "", types.Typ[types.Bool])), method.Variadic())
	return name + " must have the method's own parameters: " + typeString(want, a.pkg.types)
}
