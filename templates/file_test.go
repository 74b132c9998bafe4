package templates

import (
	"go/token"
	"go/types"
	"strings"
	"testing"
	"time"

	"github.com/guardgen/guardgen/annotations"
)

// modelOf makes a model of the interfaces of a source file: methods as they come, without annotations.
func modelOf(t *testing.T, source string) *annotations.Package {
	t.Helper()
	pkg := checkSource(t, source)
	file := &annotations.File{Path: "/somewhere/source.go"}
	for _, name := range pkg.Scope().Names() {
		object, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || !strings.HasPrefix(name, "Client") {
			continue
		}
		client := &annotations.Client{Name: name, Type: object, Pos: fset.Position(object.Pos())}
		client.Dependency.Name, client.Dependency.Wrapper = "dependency", "Guarded"+name
		for method := range object.Type().Underlying().(*types.Interface).Methods() {
			client.Methods = append(client.Methods, &annotations.Method{
				Name: method.Name(), Func: method, Pos: fset.Position(method.Pos()), Context: -1,
				Errors: annotations.ErrorValue, ErrorResult: method.Signature().Results().Len() - 1,
				Reports: []int{method.Signature().Results().Len() - 1},
			})
		}
		file.Clients = append(file.Clients, client)
	}
	return &annotations.Package{Path: pkg.Path(), Name: pkg.Name(), Types: pkg, Files: []*annotations.File{file}}
}

func TestEveryMethodThatCannotBeWrittenIsReportedWithItsPosition(t *testing.T) {
	pkg := modelOf(t, `package world
type Client interface {
	Good(id int) error
	Bad(id int) error
	Worse() (int, error)
}
type ClientTwo interface {
	Bad(id int) error
}
`)
	unexported := types.NewNamed(types.NewTypeName(token.NoPos, types.NewPackage("example.com/other", "other"), "hidden", nil), types.NewStruct(nil, nil), nil)
	replaceParams(t, pkg, unexported, "Bad", "Worse")

	text, problems := File(pkg, pkg.Files[0])
	if text != nil {
		t.Errorf("text of a file that cannot be written:\n%s", text)
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.String())
	}
	want := []string{
		"4:2: Client.Bad: type other.hidden is not exported",
		"5:2: Client.Worse: type other.hidden is not exported",
		"8:2: ClientTwo.Bad: type other.hidden is not exported",
	}
	if len(got) != len(want) {
		t.Fatalf("findings %q, want %q", got, want)
	}
	for i := range want {
		if pos := problems[i].Pos; pos.Line == 0 || problems[i].Severity != annotations.Error {
			t.Errorf("finding %q has no position, or is no error", got[i])
		}
		if message := strings.SplitN(want[i], ": ", 2)[1]; problems[i].Message != message {
			t.Errorf("finding %q, want %q", problems[i].Message, message)
		}
	}
}

// replaceParams gives methods one parameter of a type that no source could name.
func replaceParams(t *testing.T, pkg *annotations.Package, param types.Type, methods ...string) {
	t.Helper()
	for _, client := range pkg.Files[0].Clients {
		for _, m := range client.Methods {
			for _, name := range methods {
				if m.Name == name {
					params := types.NewTuple(types.NewParam(token.NoPos, pkg.Types, "x", param))
					signature := types.NewSignatureType(nil, nil, nil, params, m.Func.Signature().Results(), false)
					m.Func = types.NewFunc(m.Func.Pos(), pkg.Types, m.Name, signature)
				}
			}
		}
	}
}

func TestTypeOfGoThatThePackageRedeclaresIsRefused(t *testing.T) {
	pkg := modelOf(t, "package world\nimport \"io\"\ntype Client interface{ io.Writer }\ntype error float64\ntype byte float64\ntype uint8 float64\n")
	_, problems := File(pkg, pkg.Files[0])
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "package world declares its own") {
		t.Errorf("findings %v, want one about the parameter of Write", problems)
	}
}

// A test, or a file of another build, may declare what a method of another package means: any and byte have other names.
func TestWordThatAnotherBuildRedeclaresIsNotUsedForATypeFromElsewhere(t *testing.T) {
	const source = "package world\nimport \"io\"\ntype Client interface{ io.Writer; Own(data []byte, more any) error }\n"
	pkg := modelOf(t, source)
	pkg.Unread = []string{"any", "byte"}
	text, problems := File(pkg, pkg.Files[0])
	for _, want := range []string{") Write(p []uint8) (n int, err error) {", ") Own(data []byte, more any) (err error) {"} {
		if len(problems) > 0 || !strings.Contains(string(text), want) {
			t.Errorf("findings %v, no %s in\n%s", problems, want, text)
		}
	}

	pkg.Unread = []string{"byte", "uint8"}
	if _, problems := File(pkg, pkg.Files[0]); len(problems) != 1 || !strings.Contains(problems[0].Message, "package world declares its own") {
		t.Errorf("findings %v, want one about Write", problems)
	}
}

func TestUnexportedMethodOfAnotherPackageIsRefused(t *testing.T) {
	pkg := modelOf(t, "package world\ntype Client interface{ Get(id int) error }\n")
	m := pkg.Files[0].Clients[0].Methods[0]
	m.Name, m.Func = "get", types.NewFunc(m.Func.Pos(), types.NewPackage("example.com/other", "other"), "get", m.Func.Signature())
	_, problems := File(pkg, pkg.Files[0])
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "not exported by package other") {
		t.Errorf("findings %v, want one about get", problems)
	}
}

func TestDurationIsWrittenInItsLargestUnit(t *testing.T) {
	w := &wrapper{file: &file{imports: newImports(newScope(universe()), nil)}}
	for d, want := range map[time.Duration]string{
		45 * time.Second:        "45 * time.Second",
		time.Second:             "time.Second",
		time.Minute:             "time.Minute",
		90 * time.Second:        "90 * time.Second",
		2 * time.Hour:           "2 * time.Hour",
		1500 * time.Millisecond: "1500 * time.Millisecond",
		time.Microsecond:        "time.Microsecond",
		1001:                    "1001 * time.Nanosecond",
	} {
		if got := w.duration(d).GoString(); got != want {
			t.Errorf("%s is written as %s, want %s", d, got, want)
		}
	}
}

func TestProseIsBrokenBetweenWords(t *testing.T) {
	sentence := strings.Repeat("some words of a sentence ", 12)
	lines := prose(sentence)
	if len(lines) < 3 {
		t.Errorf("%d lines", len(lines))
	}
	for _, line := range lines {
		if len("// "+line) > commentWidth {
			t.Errorf("line of %d columns: %s", len("// "+line), line)
		}
	}
	if got := strings.Join(lines, " "); got != strings.TrimSpace(sentence) {
		t.Errorf("words are lost: %s", got)
	}
}
