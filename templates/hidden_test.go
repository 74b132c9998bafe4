package templates

import (
	"go/format"
	"strings"
	"testing"

	"github.com/dave/jennifer/jen"

	"github.com/guardgen/guardgen/annotations"
)

func TestNoNameOfTheSourceHidesWhatTheGeneratedFileNeeds(t *testing.T) {
	for _, test := range []struct {
		name, source string
		aliases      map[string]string
		change       func(*annotations.Method)
		want, not    string // in the text
	}{
		{
			"an import of context that is called like a parameter of the constructor",
			"type Client interface{ Ping(ctx registry.Context) error }",
			map[string]string{"context": "registry"},
			func(m *annotations.Method) { m.Probe, m.Context = true, 0 },
			"(registry2 *guard.HealthRegistry, next Client", "(registry *",
		},
		{
			"an import of context that is called like a parameter, where a variable stands for nil",
			"type Client interface{ Ping(ctx options.Context) error }\nvar nil = 1",
			map[string]string{"context": "options"},
			func(m *annotations.Method) { m.Context = 0 },
			"var noProbe func(options.Context) error", "options ...guard.Option",
		},
		{
			"a parameter called error, where a variable stands for nil",
			"type Client interface{ Get(error int) (a, b error) }\nvar nil = 1",
			nil,
			func(m *annotations.Method) { m.Reports = []int{0, 1} },
			"Get(errorArg int) (a, b error)", "Get(error int) (",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			source := "package world\n"
			for path, name := range test.aliases {
				source += "import " + name + ` "` + path + "\"\n"
			}
			pkg := modelOf(t, source+test.source)
			pkg.Files[0].Aliases = test.aliases
			test.change(pkg.Files[0].Clients[0].Methods[0])
			text := textOf(t, pkg)
			if !strings.Contains(text, test.want) || strings.Contains(text, test.not) {
				t.Errorf("want %q and no %q:\n%s", test.want, test.not, text)
			}
		})
	}
}

func TestImportNamedLikeTheEndOfItsPathIsWrittenWithThatName(t *testing.T) {
	im := newImports(newScope(universe()), map[string]string{"math/rand/v2": "v2"})
	im.name("math/rand/v2", "rand")
	im.name("math/rand", "rand")
	if got := jen.Add(im.declaration()).GoString(); !strings.Contains(got, `v2 "math/rand/v2"`) || !strings.Contains(got, "\t\"math/rand\"\n") {
		t.Errorf("got %s", got)
	}
}

func TestAssertionWithBrokenConstraintsIsFormatted(t *testing.T) {
	for _, constraint := range []string{"any", "interface{ ~int | ~string }", "interface{ comparable; String() string }"} {
		text := textOf(t, modelOf(t, "package world\ntype Client[T "+constraint+"] interface{ Get(T) error }"))
		if formatted, err := format.Source([]byte(text)); err != nil || string(formatted) != text {
			t.Errorf("%s: %v\n%s", constraint, err, text)
		}
	}
}

func textOf(t *testing.T, pkg *annotations.Package) string {
	t.Helper()
	text, problems := File(pkg, pkg.Files[0])
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return string(text)
}
