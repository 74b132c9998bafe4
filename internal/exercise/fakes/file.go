package fakes

import (
	"cmp"
	"fmt"
	"go/format"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/guardgen/guardgen/annotations"
)

const exercisePath = "github.com/guardgen/guardgen/internal/exercise"

// Options say what is written beside the test of each annotated type.
type Options struct {
	// Samples asks for a type for each interface in the signatures that no usual sample implements.
	Samples bool
	// Callable puts the tests into a file of the package itself, so that one program can run those of many packages. They
	// are the functions TestExercise_Name.
	Callable bool
}

// File returns the path and the text of a test file for pkg, which exercises the wrappers of its annotated types.
func File(pkg *annotations.Package) (path string, text []byte, err error) { return Options{}.File(pkg) }

// File is File with options.
func (o Options) File(pkg *annotations.Package) (path string, text []byte, err error) {
	name := "exercise_" + pkg.Name
	if len(pkg.Files) > 0 && strings.HasSuffix(pkg.Files[0].Path, "_test.go") {
		name += "_tests" // beside that of the package itself
	}
	path = filepath.Join(pkg.Dir, name+"_test.go")
	if o.Callable {
		path = filepath.Join(pkg.Dir, "exercise_"+pkg.Name+"_calls.go")
	}
	notes, err := readNotes(pkg)
	if err != nil {
		return path, nil, err
	}
	s := &speller{pkg: pkg.Types, imports: make(map[string]string)}
	var made *samples
	if o.Samples {
		made = &samples{speller: s}
	}
	var body strings.Builder
	for _, file := range pkg.Files {
		for _, client := range file.Clients {
			if notes.isUncalled(client.Name) {
				continue
			}
			f := &fake{speller: s, notes: notes, client: client, name: client.Name, samples: made}
			if err := f.instantiate(); err != nil {
				return path, nil, err
			}
			f.write(&body)
		}
	}
	made.write(&body)
	whole := "// Package " + pkg.Name + ": a test written for its wrappers.\npackage " + pkg.Name + "\n\n" + s.declaration() + body.String()
	text, err = format.Source([]byte(whole))
	if err != nil {
		return path, []byte(whole), fmt.Errorf("%s: %w", path, err)
	}
	return path, text, nil
}

// fake is the test of one annotated type.
type fake struct {
	*speller
	notes   notes
	client  *annotations.Client
	name    string     // of the type
	typ     types.Type // instantiated
	args    string     // [int, *Item]
	methods []*types.Func
	samples *samples
}

func (f *fake) instantiate() error {
	f.typ = f.client.Type.Type()
	args, err := f.notes.arguments(f.pkg, f.name)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		if f.typ, err = types.Instantiate(nil, f.typ, args, true); err != nil {
			return fmt.Errorf("//shape:args %s: %w", f.name, err)
		}
		spelled := make([]string, len(args))
		for i, arg := range args {
			spelled[i] = f.spell(arg)
		}
		f.args = "[" + strings.Join(spelled, ", ") + "]"
	}
	if iface, ok := f.typ.Underlying().(*types.Interface); ok {
		for method := range iface.Methods() {
			f.methods = append(f.methods, method)
		}
		return nil
	}
	set := types.NewMethodSet(types.NewPointer(f.typ))
	for selection := range set.Methods() {
		if method := selection.Obj().(*types.Func); method.Exported() {
			f.methods = append(f.methods, method)
		}
	}
	return nil
}

func (f *fake) write(out *strings.Builder) {
	exercise := f.imported(exercisePath, "exercise")
	make := "fake" + upperFirst(f.name) + f.args + "(x_r)"
	if f.pkg.Scope().Lookup("fake"+upperFirst(f.name)) == nil {
		make = "x_fake_" + f.name + "{x_r}"
		f.writeFake(out)
	}
	options := ", " + exercise + ".Alive"
	var classes [4][]string
	var values []string
	for _, m := range f.client.Methods {
		if !m.Observe { // the gate says no, and the call runs
			classes[m.Class] = append(classes[m.Class], m.Name)
		}
		if m.Probe {
			options = ""
		}
	}
	for _, m := range f.methods {
		values = append(values, fmt.Sprintf("%q: x_w.%[1]s,\n", m.Name()))
	}
	classes[annotations.Skip] = append(classes[annotations.Skip], f.notes.unguarded(f.name)...)
	wrapper := "*" + f.client.Dependency.Wrapper + f.args

	fmt.Fprintf(out, "\nfunc TestExercise_%s(x_t *%s.T) {\n", f.name, f.imported("testing", "testing"))
	fmt.Fprintf(out, "%s.Subject[%[1]s.Any, %s]{\n", exercise, wrapper) // one instance for all, which is compiled once
	fmt.Fprintf(out, "Dependency: %q,\n", f.client.Dependency.Name)
	fmt.Fprintf(out, "Wrap: %s.WrapAny(%s%s%s),\n", exercise, f.client.Dependency.Constructor(), f.args, options)
	fmt.Fprintf(out, "Fake: func(x_r *%s.Recorder) %[1]s.Any { return %s },\n", exercise, make)
	fmt.Fprintf(out, "Methods: func(x_w %s) %s.Methods { return %[2]s.Methods{\n%[3]s} },\n", wrapper, exercise, strings.Join(values, ""))
	switch {
	case f.samples != nil:
		fmt.Fprintf(out, "Samples: x_samples(),\n")
		for _, m := range f.methods {
			f.samples.collect(m.Signature())
		}
	case f.pkg.Scope().Lookup("samples") != nil:
		fmt.Fprintf(out, "Samples: samples(),\n")
	}
	list := func(field string, class annotations.Class) {
		if names := classes[class]; len(names) > 0 {
			fmt.Fprintf(out, "%s: %s.Names{%s},\n", field, exercise, quoted(names))
		}
	}
	list("Destructive", annotations.Destructive)
	list("Heavy", annotations.Heavy)
	list("Unguarded", annotations.Skip)
	f.writeOptions(out, exercise)
	fmt.Fprintf(out, "}.Exercise(x_t)\n}\n")
}

// writeOptions writes what the annotations of the methods say beside their class.
func (f *fake) writeOptions(out *strings.Builder, exercise string) {
	var keys, timeouts, predicates []string
	for _, m := range f.client.Methods {
		if m.Passes() {
			continue
		}
		if len(m.Keys) > 0 && !m.Observe {
			keys = append(keys, fmt.Sprintf("%q: {%s},\n", m.Name, quoted(places(m))))
		}
		if limit := cmp.Or(m.Timeout, f.client.Dependency.Timeout); limit > 0 && !m.NoTimeout && m.Context >= 0 && !m.OwnContext {
			timeouts = append(timeouts, fmt.Sprintf("%q: %d,\n", m.Name, limit))
		}
		if m.When != "" && !m.Observe {
			predicates = append(predicates, fmt.Sprintf("%q: %s,\n", m.Name, m.When))
		}
	}
	list := func(field, typ string, lines []string) {
		if len(lines) > 0 {
			fmt.Fprintf(out, "%s: %s.%s{\n%s},\n", field, exercise, typ, strings.Join(lines, ""))
		}
	}
	list("Keys", "Lists", keys)
	list("Timeouts", "Durations", timeouts)
	list("When", "Methods", predicates)
	if f.client.Dependency.Classify != "" && f.pkg.Scope().Lookup("answers") != nil {
		fmt.Fprintf(out, "Answers: answers(),\n")
	}
}

// places are the keys of a method with the index of their parameter in place of its name.
func places(m *annotations.Method) (list []string) {
	for _, key := range m.Keys {
		path := slices.Clone(key.Path)
		for i := range m.Func.Signature().Params().Len() {
			if m.Func.Signature().Params().At(i).Name() == key.Path[0] {
				path[0] = strconv.Itoa(i)
			}
		}
		list = append(list, key.Kind+":"+strings.Join(path, "."))
	}
	return list
}

func quoted(names []string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(list, ", ")
}

// writeFake writes the fake of an interface.
func (f *fake) writeFake(out *strings.Builder) {
	fmt.Fprintf(out, "\ntype x_fake_%s struct { x_recorder *%s.Recorder }\n", f.name, f.imported(exercisePath, "exercise"))
	for _, method := range f.methods {
		signature := method.Signature()
		var params, arguments, results, pointers []string
		for i := range signature.Params().Len() {
			name := fmt.Sprint("x_a", i)
			typ := f.spell(signature.Params().At(i).Type())
			if signature.Variadic() && i == signature.Params().Len()-1 {
				typ = "..." + f.spell(signature.Params().At(i).Type().(*types.Slice).Elem())
			}
			params, arguments = append(params, name+" "+typ), append(arguments, name)
		}
		for i := range signature.Results().Len() {
			name := fmt.Sprint("x_r", i)
			results, pointers = append(results, name+" "+f.spell(signature.Results().At(i).Type())), append(pointers, "&"+name)
		}
		called := append([]string{fmt.Sprintf("%q", method.Name())}, arguments...)
		fmt.Fprintf(out, "\nfunc (x_f x_fake_%s) %s(%s) (%s) {\n", f.name, method.Name(), strings.Join(params, ", "), strings.Join(results, ", "))
		fmt.Fprintf(out, "x_f.x_recorder.Called(%s).Into(%s)\nreturn\n}\n", strings.Join(called, ", "), strings.Join(pointers, ", "))
	}
}
