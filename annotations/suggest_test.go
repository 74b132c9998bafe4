package annotations

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strings"
	"testing"
)

// suggestIn makes a suggestion in a module outside any workspace.
func suggestIn(t *testing.T, dir, target string) (*Suggestion, Diagnostics) {
	t.Helper()
	return Suggest(t.Context(), Config{Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOPROXY=off")}, target)
}

// checked returns the package with that source.
func checked(t *testing.T, source string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "a.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	config := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, err := config.Check("example.com/a", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

func TestSkippedIteratorIsNotSaidToReportNoError(t *testing.T) {
	t.Parallel()
	pkg := checked(t, "package a\n\nimport \"iter\"\n\ntype Client interface {\n\tRows() (iter.Seq2[int, error], int)\n\tLen() int\n}\n")
	s := &Suggestion{Package: &Package{Types: pkg}, Of: pkg.Scope().Lookup("Client").(*types.TypeName)}
	for fn := range s.Of.Type().Underlying().(*types.Interface).Methods() {
		want := silentNote
		if fn.Name() == "Rows" {
			want = iteratorNote
		}
		if got := s.skips(&SuggestedMethod{Func: fn, Name: fn.Name()}); got != want {
			t.Errorf("%s: %q, want %q", fn.Name(), got, want)
		}
	}
}

func TestKeyIsGuessedFromTheNamesOfParametersAndMethods(t *testing.T) {
	t.Parallel()
	const declarations = `
type SessionID string
type Request struct{ Tenant, TopicName string }
type Client interface {
	METHOD error
}
`
	rows := []struct{ method, want string }{
		{"DeleteTopic(ctx context.Context, topic string)", "topic"},
		{"DeleteTopics(ctx context.Context, topics ...string)", "topic:topics"},
		{"DeleteTopic(ctx context.Context, topicName string)", "topic:topicName"},
		{"EndSession(ctx context.Context, id string)", "session:id"},
		{"EndUserSessionByID(ctx context.Context, id int64)", "user-session:id"},
		{"Terminate(ctx context.Context, ids []SessionID)", "session:ids"},
		{"Terminate(ctx context.Context, sessionID string, reason string)", "session:sessionID"},
		{"Terminate(ctx context.Context, reason string, id int)", "id"},
		{"Delete(ctx context.Context, bucket, key string)", "key"},
		{"RemoveAllEntries(ctx context.Context, owner, entry string)", "entry"},
		{"Del(ctx context.Context, keys ...string)", "key:keys"},
		{"DropTopic(ctx context.Context, request *Request)", "topic:request.TopicName"},
		{"Drop(ctx context.Context, wait time.Duration)", ""},
		{"Drop(ctx context.Context, at time.Time, limit int)", ""},
		{"Drop(ctx context.Context, reason string)", ""},
		{"Drop(ctx context.Context, data []byte)", ""},
		{"Drop(ctx context.Context, string)", ""},
		{"Flush(ctx context.Context)", ""},
	}
	for _, row := range rows {
		source := "package a\n\nimport (\n\t\"context\"\n\t\"time\"\n)\n\nvar _ time.Time\n" + strings.Replace(declarations, "METHOD", row.method, 1)
		if strings.Contains(row.method, ", string)") {
			source = strings.ReplaceAll(source, "ctx context.Context, string", "context.Context, string")
		}
		s := &Suggestion{Package: &Package{Types: checked(t, source)}}
		s.Of = s.Package.Types.Scope().Lookup("Client").(*types.TypeName)
		for fn := range s.Of.Type().Underlying().(*types.Interface).Methods() {
			s.Methods = append(s.Methods, &SuggestedMethod{Func: fn, Name: fn.Name()})
		}
		s.judge()
		got := ""
		if len(s.Keys) > 0 {
			got = s.Keys[0].short()
		}
		if key := s.Methods[0].Key; key != nil {
			got = key.short()
		}
		if got != row.want {
			t.Errorf("%s: key %q, want %q", row.method, got, row.want)
		}
	}
}

func TestNamesAreJudgedByTheirWords(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]bool{ // later word destructive, heavy
		"HDel":         {true, false},
		"GetAndDelete": {true, false},
		"ScriptFlush":  {true, false},
		"Delete":       {false, false},
		"Model":        {false, false},
		"FrontEnd":     {false, false},
		"ListTopics":   {false, true},
		"HGetAll":      {false, true},
		"Listen":       {false, false},
		"Allow":        {false, false},
		"scan":         {false, true},
		"x":            {false, false},
	} {
		if got := [2]bool{hintsDestruction(name), looksHeavy(name)}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestTargetIsSplitAtItsLastDot(t *testing.T) {
	t.Parallel()
	for target, want := range map[string][2]string{
		"Transport":                            {".", "Transport"},
		".Transport":                           {".", "Transport"},
		"*http.Client":                         {"http", "Client"},
		"./transport.Transport":                {"./transport", "Transport"},
		"github.com/redis/go-redis/v9.Cmdable": {"github.com/redis/go-redis/v9", "Cmdable"},
		"gopkg.in/yaml.v3.Node":                {"gopkg.in/yaml.v3", "Node"},
		"./transport":                          {},
		"github.com/redis/go-redis/v9":         {},
		"net/http":                             {},
		"io.":                                  {},
		"io.Reader or a word that is no identifier": {},
	} {
		pkg, name, ok := splitTarget(target)
		if ok != (want[1] != "") || ok && [2]string{pkg, name} != want {
			t.Errorf("%s: %s and %s, %t; want %q", target, pkg, name, ok, want)
		}
	}
}

func TestPackageIsNamedAfterItsDirectoryWhereItHasNoFile(t *testing.T) {
	t.Parallel()
	for directory, want := range map[string]string{
		"/a/transport": "transport",
		"/a/go-redis":  "goredis",
		"/a/redis/v9":  "redis",
		"/a/2fa":       "fa",
		"/a/func":      "main",
		"/a/---":       "main",
	} {
		if got := nameOfDirectory(directory); got != want {
			t.Errorf("%s: %s, want %s", directory, got, want)
		}
	}
}

func TestRequirementsAreReadInBothForms(t *testing.T) {
	t.Parallel()
	got := requirements("module a\n\ngo 1.26\n\nrequire example.com/a v1.0.0\n\nrequire (\n\texample.com/b v1.0.0 // indirect\n\t\"example.com/c\" v1.0.0\n)\n\nreplace (\n\texample.com/d => ./d\n)\n")
	if want := []string{"example.com/a", "example.com/b", "example.com/c"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestClientsAreNamedWhereverTheyAreHandedOut(t *testing.T) {
	t.Parallel()
	dir := module(t, map[string]string{"a/a.go": `package a

import "context"

type Tx struct{}

func (*Tx) Delete(ctx context.Context, id string) error { return nil }

type Handler func(ctx context.Context, tx *Tx) error

type Alike interface{ Delete(id string) error }

type Client interface {
	Delete(ctx context.Context, id string) error
	Begin(ctx context.Context) (*Tx, error)
	All(ctx context.Context) (map[string][]*Tx, error)
	Run(ctx context.Context, f func(tx *Tx) error) error
	Handle(ctx context.Context, h Handler) error
	Value(ctx context.Context) (Tx, error)
	Self(ctx context.Context) (Client, error)
	Use(ctx context.Context, tx *Tx) error
	Other(ctx context.Context) (Alike, error)
	Close(ctx context.Context) error
}
`})
	s, diagnostics := suggestIn(t, dir, "./a.Client")
	if len(diagnostics) > 0 {
		t.Fatal(diagnostics)
	}
	classes := make(map[string]string)
	for _, m := range s.Methods {
		classes[m.Name] = m.Class
	}
	for name, want := range map[string]string{
		"Delete": "destructive", "Begin": "safe", "All": "safe", "Run": "safe", "Handle": "safe", "Value": "safe", "Self": "safe",
		"Use": "", "Other": "", "Close": "skip",
	} {
		if classes[name] != want {
			t.Errorf("%s: %q, want %q", name, classes[name], want)
		}
	}
}

func TestSuggestionNeedsNoPackageInItsDirectory(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"no file":                {"here/readme.txt": ""},
		"an empty file":          {"here/new.go": ""},
		"files for other builds": {"here/here_plan9.go": "package here\n"},
		"an external test":       {"here/here_test.go": "package here_test\n"},
		"stale output":           {"here/a_guard.go": "// Code generated by guardgen from a.go. DO NOT EDIT.\n\npackage earlier\n", "here/a.go": "package here\n"},
		"stale output first":     {"here/a_guard.go": "// Code generated by guardgen from a.go. DO NOT EDIT.\n\npackage earlier\n", "here/b.go": "package here\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, diagnostics := suggestIn(t, module(t, files)+"/here", "io.ReadWriter")
			if len(diagnostics) > 0 || s.Package.Name != "here" || s.Package.Path != "example.com/m/here" || s.Form != Embedding || s.Name != "ReadWriter" {
				t.Errorf("%+v, diagnostics %v", s, diagnostics)
			}
		})
	}
}

func TestSuggestedNameGivesWayToWhatThePackageDeclares(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"":                               "ReadWriter",
		"type ReadWriter int":            "IoReadWriter",
		"func NewGuardedReadWriter() {}": "IoReadWriter",
		"var ReadWriter, GuardedIoReadWriter int":                       "ReadWriterDependency",
		"var ReadWriter, IoReadWriter, ReadWriterDependency, Other int": "ReadWriterDependency2",
	} {
		s, diagnostics := suggestIn(t, module(t, map[string]string{"a.go": "package a\n\n" + source + "\n"}), "io.ReadWriter")
		if len(diagnostics) > 0 || s.Name != want {
			t.Errorf("%s: %+v, diagnostics %v; want %s", source, s, diagnostics, want)
		}
	}
}

func TestNameBetweenUnderscoresIsSuggested(t *testing.T) {
	t.Parallel()
	dir := module(t, map[string]string{"a/a.go": "package a\n\ntype T interface {\n\t__ping() error\n\tA__b__() error\n}\n"})
	s, diagnostics := suggestIn(t, dir, "./a.T")
	if diagnostics.HasErrors() || len(s.Methods) != 2 {
		t.Errorf("%v %v", s, diagnostics)
	}
}
