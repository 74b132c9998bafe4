package templates

import (
	"fmt"
	"go/types"

	"github.com/dave/jennifer/jen"
)

// signature returns the parameters and results of a function type, with the names they have in the source.
func (w *typeWriter) signature(t *types.Signature) (*jen.Statement, error) {
	params, err := w.tuple(t.Params(), namesOf(t.Params()), t.Variadic())
	if err != nil {
		return nil, err
	}
	results, err := w.tuple(t.Results(), namesOf(t.Results()), false)
	if err != nil {
		return nil, err
	}
	return jen.Params(params...).Add(resultList(namesOf(t.Results()), results)), nil
}

func namesOf(tuple *types.Tuple) []string {
	names := make([]string, tuple.Len())
	for i := range names {
		names[i] = tuple.At(i).Name()
	}
	return names
}

// tuple returns the members of tuple under the given names, "" for none. Neighbours of one type share it.
func (w *typeWriter) tuple(tuple *types.Tuple, names []string, variadic bool) ([]jen.Code, error) {
	var list []jen.Code
	for i := range tuple.Len() {
		t, last := tuple.At(i).Type(), i == tuple.Len()-1
		if !last && names[i] != "" && sameSpelling(t, tuple.At(i+1).Type()) && !(variadic && i+1 == tuple.Len()-1) {
			list = append(list, jen.Id(names[i]))
			continue
		}
		code, err := w.tupleType(t, variadic && last)
		if err != nil {
			return nil, err
		}
		if names[i] != "" {
			code = jen.Id(names[i]).Add(code)
		}
		list = append(list, code)
	}
	return list, nil
}

func (w *typeWriter) tupleType(t types.Type, variadic bool) (*jen.Statement, error) {
	if !variadic {
		return w.write(t)
	}
	slice, ok := types.Unalias(t).(*types.Slice)
	if !ok {
		return nil, fmt.Errorf("a variadic parameter cannot be of type %v", t)
	}
	return w.prefixed(jen.Op("..."), slice.Elem())
}

func sameSpelling(a, b types.Type) bool {
	return types.TypeString(a, nil) == types.TypeString(b, nil)
}

// resultList puts results in parentheses, but for a single one without a name.
func resultList(names []string, results []jen.Code) *jen.Statement {
	switch {
	case len(results) == 0:
		return jen.Null()
	case len(names) == 1 && names[0] == "":
		return jen.Add(results[0])
	default:
		return jen.Params(results...)
	}
}
