package annotations

import (
	"fmt"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// loadInterface loads a package below testdata/src and returns one of its interfaces.
func loadInterface(t *testing.T, pkg, name string) *Client {
	t.Helper()
	packages, diagnostics := Load(t.Context(), Config{}, "./testdata/src/"+pkg)
	if diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}
	for _, p := range packages {
		for _, file := range p.Files {
			for _, in := range file.Clients {
				if in.Name == name {
					return in
				}
			}
		}
	}
	t.Fatalf("no interface %s in %v", name, packages)
	return nil
}

func names(in *Client) (list []string) {
	for _, m := range in.Methods {
		list = append(list, m.Name)
	}
	return list
}

func TestModelSaysWhatTheAnnotationsSay(t *testing.T) {
	t.Parallel()
	in := loadInterface(t, "happy", "Transport")
	d := in.Dependency
	if d.Name != "redis" || d.Wrapper != "GuardedTransport" || d.Threshold.Failures != 5 || d.Backoff != (Backoff{time.Second, time.Minute}) || d.Reconnect != 45*time.Second || d.Hold != 0 {
		t.Errorf("dependency %+v", d)
	}
	if want := []string{"Transport moves messages between sessions."}; !slices.Equal(in.Doc, want) {
		t.Errorf("doc %q, want %q", in.Doc, want)
	}
	if want := []string{"Ping", "Publish", "History", "DeleteTopic", "Close"}; !slices.Equal(names(in), want) {
		t.Fatalf("methods %v, want %v", names(in), want)
	}
	ping, publish, history, remove, closer := in.Methods[0], in.Methods[1], in.Methods[2], in.Methods[3], in.Methods[4]
	if !ping.Probe || ping.Class != Regular || len(ping.Keys) != 0 || !slices.Equal(ping.Doc, []string{"Ping asks for a sign of life."}) {
		t.Errorf("Ping %+v", ping)
	}
	if publish.Errors != ErrorValue || publish.ErrorResult != 1 || publish.Context != 0 || len(publish.Keys) != 1 || publish.Keys[0].String() != "topic:topic" {
		t.Errorf("Publish %+v", publish)
	}
	if history.Class != Heavy || remove.Class != Destructive || closer.Class != Skip {
		t.Errorf("classes %v %v %v", history.Class, remove.Class, closer.Class)
	}
	if remove.Budget != (Budget{Limit: 20, Window: time.Minute}) || closer.Context != -1 {
		t.Errorf("DeleteTopic %+v, Close %+v", remove, closer)
	}
	if filepath.Base(closer.Pos.Filename) != "happy.go" || closer.Pos.Line != 31 {
		t.Errorf("Close of another package stands at %v, not at the line that embeds it", closer.Pos)
	}
}

func TestEmbeddedInterfacesAreFlattenedInPlace(t *testing.T) {
	t.Parallel()
	in := loadInterface(t, "thirdparty", "Mixed")
	if want := []string{"First", "Put", "Close", "Get", "All", "Scan", "Reset", "Last"}; !slices.Equal(names(in), want) {
		t.Fatalf("methods %v, want %v", names(in), want)
	}
	var got []string
	for _, m := range in.Methods[1:7] {
		got = append(got, fmt.Sprint(m.Name, " ", m.Class, " ", m.Safe, " ", m.Timeout, " ", strings.Join(m.Doc, "|")))
	}
	want := []string{
		"Put 0 false 0s Put is declared here too.",
		"Close 3 false 0s ",
		"Get 1 false 3s Get returns a value.",
		"All 0 false 0s All returns everything.",
		"Scan 1 false 0s ",
		"Reset 0 true 0s ",
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) || want[i] == "Scan 1 false 0s " && got[i] != want[i] {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
	if got := in.Methods[3].Func.Signature().Results().At(0).Type().String(); got != "int" {
		t.Errorf("Get returns %s, want the type argument int", got)
	}
}

func TestGoRedisCommandsCarryTheirError(t *testing.T) {
	t.Parallel()
	in := loadInterface(t, "thirdparty", "Redis")
	if len(in.Methods) < 600 {
		t.Fatalf("%d methods", len(in.Methods))
	}
	shapes := make(map[ErrorShape]int)
	var silent, outliving, destructive []string
	documented := 0
	for _, m := range in.Methods {
		shapes[m.Errors]++
		if m.Errors == NoError {
			silent = append(silent, m.Name)
		}
		if m.Outlives {
			outliving = append(outliving, m.Name)
		}
		if m.Class == Destructive {
			destructive = append(destructive, m.Name)
		}
		if len(m.Doc) > 0 {
			documented++
		}
	}
	if want := []string{"Pipeline", "TxPipeline"}; !slices.Equal(silent, want) {
		t.Errorf("without an error: %v, want %v", silent, want)
	}
	if shapes[ErrorInside] < 600 || shapes[ErrorValue] < 2 {
		t.Errorf("shapes %v", shapes)
	}
	if want := []string{"Unlink", "FlushDB", "Del"}; len(destructive) != 3 || !slices.Contains(destructive, "Del") {
		t.Errorf("destructive %v, want %v", destructive, want)
	}
	if slices.Contains(outliving, "Get") || !slices.Contains(outliving, "Scan") {
		t.Errorf("outliving %v: want Scan, whose iterator asks again, and not Get", outliving)
	}
	if documented == 0 {
		t.Error("no method has documentation: the embedded declarations were not read")
	}
}

func TestOptionsOfADestructiveMethodSurviveItsRestatement(t *testing.T) {
	t.Parallel()
	in := loadInterface(t, "restated", "Restated")
	del, wipe, get := in.Methods[0], in.Methods[1], in.Methods[3]
	if del.Class != Destructive || del.Budget != (Budget{Limit: 9, Window: time.Minute}) || len(del.Keys) != 1 || !del.Observe {
		t.Errorf("Del %+v, want the new budget, the old key and the old mode", del)
	}
	if wipe.Class != Destructive || !wipe.Budget.None || len(wipe.Keys) != 1 {
		t.Errorf("Wipe %+v, want the old budget and key", wipe)
	}
	if !get.NoTimeout || get.Timeout != 0 || len(get.Keys) != 1 {
		t.Errorf("Get %+v, want the new timeout and the old key", get)
	}
	for _, m := range loadInterface(t, "restated", "Harmless").Methods[:2] {
		if m.Class != Regular || !m.Safe || len(m.Keys) != 0 || m.Observe {
			t.Errorf("%s is %+v, want it safe by the author's word, without what the gate would need", m.Name, m)
		}
	}
}

func TestSignaturesMayNameWhatGuardgenWrites(t *testing.T) {
	t.Parallel()
	in := loadInterface(t, "promises", "Database")
	guarded := in.Methods[0].Func.Signature().Results().At(0).Type()
	if got := guarded.String(); !strings.HasSuffix(got, "promises.GuardedQueue") || !hasMethod(guarded, "Push", func(*types.Signature) bool { return true }) {
		t.Errorf("Guarded returns %s, want *GuardedQueue with the methods of Queue", got)
	}
}

func TestNamesOfFilesOutsideTheBuildAreKnown(t *testing.T) {
	t.Parallel()
	dir := module(t, map[string]string{
		"a/a.go":         strings.NewReplacer("\"context\"", "ctx \"context\"", "context.Context", "ctx.Context").Replace(client),
		"a/a_test.go":    "package a\n\nvar time = 1\n\nfunc guard() {}\n\nfunc (t T) method() {}\n\ntype T int\n",
		"a/x_test.go":    "package a_test\n\nvar elsewhere int\n",
		"a/b_plan9.go":   "package a\n\nconst onPlan9 = 1\n",
		"a/c.go":         "//go:build ignore\n\npackage main\n\nfunc main() {}\n",
		"a/d_guard.go":   "//go:build plan9\n\n" + generatedClient,
		"a/broken_js.go": "package a\n\nfunc {",
	})
	packages, _ := loadIn(t, dir, "./a")
	if len(packages) != 1 || !slices.Equal(packages[0].Unread, []string{"T", "guard", "onPlan9", "time"}) {
		t.Fatalf("unread names %q", packages[0].Unread)
	}
	if got := packages[0].Files[0].Aliases; len(got) != 1 || got["context"] != "ctx" {
		t.Errorf("aliases %v, want ctx for context", got)
	}
}

func TestRunsAreAlike(t *testing.T) {
	t.Parallel()
	_, first := Load(t.Context(), Config{}, "./testdata/src/...", "./testdata/src/methods")
	for range 3 {
		_, again := Load(t.Context(), Config{}, "./testdata/src/methods", "./testdata/src/...")
		if !slices.Equal(first, again) {
			t.Fatalf("%v\nand then\n%v", first, again)
		}
	}
	if !slices.IsSortedFunc(first, func(a, b Diagnostic) int { return strings.Compare(a.Pos.Filename, b.Pos.Filename) }) {
		t.Error("not sorted by file")
	}
	for i, d := range first {
		if slices.Contains(first[:i], d) {
			t.Errorf("twice: %s", d)
		}
	}
}

func TestGroupsAnnotateEachInterface(t *testing.T) {
	t.Parallel()
	reader, writer := loadInterface(t, "groups", "Reader"), loadInterface(t, "groups", "Writer")
	for _, in := range []*Client{reader, writer} {
		if in.Dependency.Name != "store" || in.Methods[0].Class != Heavy {
			t.Errorf("%s: %+v %+v", in.Name, in.Dependency, in.Methods[0])
		}
	}
	if !slices.Equal(reader.Doc, []string{"Reader reads."}) || writer.Doc != nil {
		t.Errorf("docs %q %q", reader.Doc, writer.Doc)
	}
	if writer.Methods[1].Class != Destructive {
		t.Errorf("Drop is %+v", writer.Methods[1])
	}
}

func TestDirectivesAreFoundBehindOtherNames(t *testing.T) {
	t.Parallel()
	in := loadInterface(t, "groups", "Derived")
	if want := []string{"Scan", "Walk", "Climb"}; !slices.Equal(names(in), want) {
		t.Fatalf("methods %v, want %v", names(in), want)
	}
	for _, m := range in.Methods {
		if m.Class != Heavy {
			t.Errorf("%s lost its directive", m.Name)
		}
	}
}

// Without its source, an embedded interface still has its methods, explicit ones first and by position.
func TestEmbeddedInterfacesNeedNoSource(t *testing.T) {
	t.Parallel()
	report, _ := commentOf("")
	pkg := checkSource(t, report.fset, "package p\n\ntype I interface {\n\tB()\n\tA()\n\tJ\n}\n\ntype J interface {\n\tA()\n\tD()\n\tC()\n}\n")
	r := newReader(&loader{report: report, fset: report.fset}, nil)
	var got []string
	for _, m := range r.typeMembers(pkg, pkg.Scope().Lookup("I").Type().Underlying().(*types.Interface)) {
		got = append(got, m.fn.Name())
	}
	if want := []string{"B", "A", "D", "C"}; !slices.Equal(got, want) {
		t.Errorf("methods %v, want %v", got, want)
	}
}
