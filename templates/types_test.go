package templates

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/dave/jennifer/jen"
)

// world declares what the types of the tests are made of. The tests write their types from inside of package world.
const world = `package world

import (
	"context"
	"io"
	"time"
	"unsafe"
)

type (
	ID             string
	Message        struct{ ID ID }
	Number         interface{ ~int | ~float64 }
	Set[T comparable] map[T]struct{}
	Page[K comparable, V any] struct{ Next *Page[K, V] }
	List[T any]    = []T
	Text           = string
	Reader         = io.Reader
)

const size = 16

var (
	_ io.Reader
	_ context.Context
	_ time.Time
	_ unsafe.Pointer
)
`

// The importer remembers what it has read, so all tests share it.
var (
	fset     = token.NewFileSet()
	packages = importer.ForCompiler(fset, "source", nil)
)

// checkSource type-checks package world with more source files.
func checkSource(t *testing.T, more ...string) *types.Package {
	t.Helper()
	var files []*ast.File
	for _, text := range append([]string{world}, more...) {
		file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%v in:\n%s", err, text)
		}
		files = append(files, file)
	}
	config := types.Config{Importer: packages}
	pkg, err := config.Check("example.com/world", fset, files, nil)
	if err != nil {
		t.Fatalf("%v in:\n%s", err, strings.Join(more, "\n"))
	}
	return pkg
}

func writerFor(pkg *types.Package) *typeWriter {
	names := newScope(universe(), pkg.Scope().Names()...)
	return &typeWriter{pkg: pkg, imports: newImports(names, nil), params: map[*types.TypeParam]string{}}
}

// goSource renders a type or constraint, which alone is nothing that gofmt takes.
func goSource(code *jen.Statement) string {
	text := jen.Func().Id("_").Types(jen.Id("T").Add(code)).Params().GoString()
	return strings.TrimSuffix(strings.TrimPrefix(text, "func _[T "), "]()")
}

func TestTypeIsWrittenAsTheSameType(t *testing.T) {
	const imports = "package world\nimport (\"context\"; \"io\"; \"time\"; \"unsafe\"; \"net/url\")\n" +
		"var (_ context.Context; _ io.Reader; _ time.Time; _ unsafe.Pointer; _ url.URL)\n"
	sources := []string{
		"bool", "string", "int", "int8", "uint64", "uintptr", "float32", "complex128", "byte", "rune", "error", "any",
		"unsafe.Pointer",
		"ID", "*Message", "**Message", "Text", "Reader", "io.Reader", "context.Context", "*url.URL", "time.Duration",
		"[]byte", "[][]ID", "[4]byte", "[size]Message", "[size * 2][]Text", "[]any",
		"map[ID]*Message", "map[[2]int]map[string]bool",
		"chan int", "<-chan int", "chan<- int", "chan (<-chan int)", "chan (chan<- int)", "chan<- (chan int)",
		"<-chan (<-chan int)", "chan<- (<-chan int)", "chan []chan (<-chan Message)", "chan func() <-chan int", "chan chan int",
		"func()", "func(int) string", "func(int, ...string) (int, error)", "func(ctx context.Context, a, b ID) (n int, err error)",
		"func(...func(...any))", "func() func() error", "func(_ int, _ string)", "func(x []int, more ...int)",
		"struct{}", "struct{ A int }", "struct{ A, B int; c ID }", "struct{ A int `json:\"a,omitempty\"` }",
		"struct{ Message; *time.Time; io.Reader `x:\"y\"`; f func(struct{ B bool }) }",
		"struct{ A int \"tick`\" }",
		"interface{}", "interface{ Close() error }", "interface{ io.Reader; Size(a, b int) (n int) }", "interface{ error; unexported() }",
		"Set[ID]", "Page[ID, *Message]", "*Page[string, Set[Page[ID, []any]]]", "List[Message]", "List[List[ID]]",
		"func(Set[struct{ A int }]) List[chan (<-chan ID)]",
	}
	for _, source := range sources {
		t.Run(source, func(t *testing.T) {
			text := imports + "type Original struct { Field " + source + " }\n"
			pkg := checkSource(t, text)
			original := pkg.Scope().Lookup("Original").Type().Underlying().(*types.Struct).Field(0).Type()

			w := writerFor(pkg)
			code, err := w.write(original)
			if err != nil {
				t.Fatal(err)
			}
			written := goSource(code)
			if got, want := oneLineOf(written), oneLineOf(types.TypeString(original, types.RelativeTo(pkg))); sourceOf(want) != sourceOf(got) {
				t.Errorf("written as %s, want %s", got, want)
			}
			// The compiler has the last word: a pointer to the one is a pointer to the other.
			checkSource(t, text, imports+"var _ = func(o *Original) *("+written+") { return &o.Field }\n")
		})
	}
}

// sourceOf removes where TypeString and source code differ: full import paths, quoted tags, shared types.
func sourceOf(s string) string {
	return strings.NewReplacer("net/url", "url", "`", `"`, `\"`, `"`, "a ID, b ID", "a, b ID", "a int, b int", "a, b int").Replace(s)
}

func oneLineOf(s string) string {
	s = strings.NewReplacer("\n", ";", "\t", "").Replace(s)
	s = strings.NewReplacer("{;", "{", ";}", "}", "{ ", "{", " }", "}").Replace(s)
	return strings.NewReplacer("; ", ";", "struct {", "struct{", "interface {", "interface{").Replace(strings.Join(strings.Fields(s), " "))
}

func TestConstraintIsWrittenAsTheSameConstraint(t *testing.T) {
	for _, constraint := range []string{
		"any", "comparable", "Number", "~int | ~string", "interface{ ~int; String() string }", "interface{ comparable; error }",
		"interface{ *ID | ~[]byte }", "*ID,", "*ID | ~int,", "io.Reader", "Set[ID]", "interface{ ~int64 | ID | struct{ A int } }",
	} {
		t.Run(constraint, func(t *testing.T) {
			const imports = "package world\nimport \"io\"\nvar _ io.Reader\n"
			text := imports + "type Original[T " + constraint + "] struct{}\n"
			pkg := checkSource(t, text)
			param := pkg.Scope().Lookup("Original").Type().(*types.Named).TypeParams().At(0)
			code, err := writerFor(pkg).write(param.Constraint())
			if err != nil {
				t.Fatal(err)
			}
			// A type parameter satisfies a constraint that is as wide as its own, both ways.
			written := goSource(code)
			checkSource(t, text,
				imports+"type Written[T "+written+"] struct{}\nfunc _[T "+constraint+"](Written[T]) {}\nfunc _[T "+written+"](Original[T]) {}\n")
		})
	}
}

func TestTypeThatHasNoNameHereIsAnError(t *testing.T) {
	pkg := checkSource(t)
	other := types.NewPackage("example.com/other", "other")
	internal := types.NewPackage("example.com/other/internal/deep", "deep")
	cgo := types.NewPackage("example.com/other", "other")
	named := func(pkg *types.Package, name string) types.Type {
		return types.NewNamed(types.NewTypeName(token.NoPos, pkg, name, nil), types.NewStruct(nil, nil), nil)
	}
	hidden := types.NewVar(token.NoPos, other, "hidden", types.Typ[types.Int])
	hiddenMethod := types.NewFunc(token.NoPos, other, "hidden", types.NewSignatureType(nil, nil, nil, nil, nil, false))
	stranger := types.NewTypeParam(types.NewTypeName(token.NoPos, pkg, "T", nil), types.Universe.Lookup("any").Type())

	for _, test := range []struct {
		name string
		t    types.Type
		want string
	}{
		{"no type", nil, "no form in source"},
		{"tuple", types.NewTuple(), "no form in source"},
		{"invalid", types.Typ[types.Invalid], "not declared"},
		{"untyped", types.Typ[types.UntypedNil], "no form in source"},
		{"unexported type", named(other, "client"), "other.client is not exported"},
		{"internal package", named(internal, "Type"), "example.com/world may not import"},
		{"vendored by the standard library", named(types.NewPackage("vendor/golang.org/x/net", "net"), "Type"), "may not import"},
		{"cgo", named(cgo, "_Ctype_int"), "cgo"},
		{"declared in a function", named(pkg, "Local"), "not declared at package level"},
		{"field of another package", types.NewStruct([]*types.Var{hidden}, nil), "hidden is not exported by package other"},
		{"method of another package", types.NewInterfaceType([]*types.Func{hiddenMethod}, nil).Complete(), "hidden is not exported by package other"},
		{"type parameter of something else", stranger, "type parameter T is not one of the type's"},
		{"nested", types.NewMap(types.Typ[types.Int], types.NewChan(types.SendRecv, named(other, "client"))), "not exported"},
		{"nested in a function", types.NewSignatureType(nil, nil, nil, types.NewTuple(types.NewVar(0, pkg, "", named(other, "client"))), nil, false), "not exported"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, err := writerFor(pkg).write(test.t)
			if err == nil {
				t.Fatalf("written as %#v, want an error", code)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %q does not say %q", err, test.want)
			}
		})
	}
}

func TestPredeclaredTypeThatThePackageRedeclaresIsAnError(t *testing.T) {
	pkg := checkSource(t, "package world\ntype string struct{}\n")
	if _, err := writerFor(pkg).write(types.Typ[types.String]); err == nil || !strings.Contains(err.Error(), "package world declares its own") {
		t.Errorf("error %v, want one about string", err)
	}
	if _, err := writerFor(pkg).write(types.Typ[types.Int]); err != nil {
		t.Error(err)
	}
}

func TestAliasOfAnUnexportedNameIsWrittenAsWhatItStandsFor(t *testing.T) {
	pkg := checkSource(t)
	other := types.NewPackage("example.com/other", "other")
	alias := types.NewAlias(types.NewTypeName(token.NoPos, other, "alias", nil), types.NewSlice(types.Typ[types.Int]))
	code, err := writerFor(pkg).write(alias)
	if err != nil {
		t.Fatal(err)
	}
	if got := goSource(code); got != "[]int" {
		t.Errorf("written as %s, want []int", got)
	}
}
