package annotations

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"strings"
	"testing"
	"time"
)

// readOne reads the text of one comment on an interface and returns what the dependency options or the method options
// say, with the diagnostics as "column: message"; column 1 is the first slash.
func readOne(t testing.TB, text string) (Dependency, methodSettings, []string) {
	t.Helper()
	report, comment := commentOf(text)
	var dependency Dependency
	var settings methodSettings
	if d, _ := parseDirective(report, comment); d != nil {
		if d.name == "dependency" {
			for _, w := range parseOptions(report, d, dependencyOptions, &dependency, make(written)) {
				report.errorf(w.pos, "left over: %s", w.name)
			}
		} else {
			parseOptions(report, d, methodOptions[d.name], &settings, make(written))
		}
	}
	var messages []string
	for _, d := range report.sorted() {
		messages = append(messages, fmt.Sprintf("%d: %s", d.Pos.Column, d.Message))
	}
	return dependency, settings, messages
}

// commentOf makes a comment that has a file to itself.
func commentOf(text string) (*reporter, *ast.Comment) {
	fset := token.NewFileSet()
	file := fset.AddFile("a.go", -1, len(text))
	return &reporter{fset: fset}, &ast.Comment{Slash: file.Pos(0), Text: text}
}

func TestOptionsSayWhatIsWritten(t *testing.T) {
	t.Parallel()
	for options, want := range map[string]Dependency{
		"":                          {},
		"name=session-api":          {Name: "session-api"},
		"optional":                  {Optional: true},
		"threshold=5":               {Threshold: Threshold{Failures: 5}},
		"threshold=5/10s":           {Threshold: Threshold{Failures: 5, Period: 10 * time.Second}},
		"threshold=50%/10s/20":      {Threshold: Threshold{Percent: 50, Period: 10 * time.Second, MinCalls: 20}},
		"backoff=500ms..1m":         {Backoff: Backoff{500 * time.Millisecond, time.Minute}},
		"backoff=2s..2s":            {Backoff: Backoff{2 * time.Second, 2 * time.Second}},
		"timeout=2s":                {Timeout: 2 * time.Second},
		"timeout=none":              {},
		"probe-timeout=1s":          {ProbeTimeout: time.Second},
		"probe-interval=3s":         {ProbeInterval: 3 * time.Second},
		"max-age=4s":                {MaxAge: 4 * time.Second},
		"hold=90s":                  {Hold: 90 * time.Second},
		"reconnect=45s":             {Reconnect: 45 * time.Second},
		"quiet=1s":                  {Quiet: time.Second},
		"classify=classifyRedis":    {Classify: "classifyRedis"},
		"wrapper=SafeTransport":     {Wrapper: "SafeTransport"},
		`name="redis" hold="1m30s"`: {Name: "redis", Hold: 90 * time.Second},
		"key=topic":                 {Keys: []Key{{Kind: "topic", Path: []string{"topic"}}}},
		"key=session:id,topic:req.Topic": {Keys: []Key{
			{Kind: "session", Path: []string{"id"}},
			{Kind: "topic", Path: []string{"req", "Topic"}, Pos: token.Position{Offset: len("session:id,")}},
		}},
		"  name=a \t optional  ": {Name: "a", Optional: true},
	} {
		got, _, messages := readOne(t, "//guard:dependency "+options)
		if len(messages) > 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%q says %+v %q, want %+v", options, got, messages, want)
		}
	}
}

func TestMethodOptionsSayWhatIsWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]methodSettings{
		"destructive":                       {},
		"destructive budget=20/1m":          {budget: Budget{Limit: 20, Window: time.Minute}},
		"destructive budget=none":           {budget: Budget{None: true}},
		"destructive mode=observe":          {observe: true},
		"destructive mode=enforce":          {},
		"destructive when=isDelete":         {when: "isDelete"},
		"destructive Flush key=none":        {},
		"destructive Del key=topic Unlink":  {keys: []Key{{Kind: "topic", Path: []string{"topic"}}}},
		"call timeout=2s":                   {timeout: 2 * time.Second},
		"call timeout=none":                 {noTimeout: true},
		"call Del timeout=1s key=session:x": {timeout: time.Second, keys: []Key{{Kind: "session", Path: []string{"x"}}}},
		"heavy":                             {}, "probe": {}, "safe": {}, "skip": {},
	} {
		_, got, messages := readOne(t, "//guard:"+text)
		if len(messages) > 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%q says %+v %q, want %+v", text, got, messages, want)
		}
	}
}

// The column is that of the offending word; 20 is the first one behind "//guard:dependency ".
func TestBadOptionsAreErrorsAtTheirWord(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ text, want string }{
		{"dependency name=Redis", `25: name: "Redis" is not lower-kebab: write name=redis`},
		{"dependency name=my_redis", `25: name: "my_redis" is not lower-kebab: write name=my-redis`},
		{`dependency name="two words"`, `26: name: "two words" is not lower-kebab: write name=two-words`},
		{"dependency name=-", `25: name: "-" is not lower-kebab: letters a to z`},
		{"dependency optional=yes", "20: optional takes no value"},
		{"dependency optional optional", "29: optional is given twice, first at a.go:1:20"},
		{"dependency threshold=0", "30: threshold: 0 must be at least 1"},
		{"dependency threshold=-1", "30: threshold: -1 must be at least 1"},
		{"dependency threshold=five", `30: threshold: "five" is not a whole number`},
		{"dependency threshold=5/0s", "32: threshold: 0s must be above zero"},
		{"dependency threshold=5/10", "32: threshold: 10 has no unit: write 10s or 10ms"},
		{"dependency threshold=5/s", "32: threshold: s has no number: write 1s"},
		{"dependency threshold=5/10s/20", `30: threshold: "5/10s/20" is no threshold: write threshold=5`},
		{"dependency threshold=50%", `30: threshold: "50%" is no threshold`},
		{"dependency threshold=50%/10s", `30: threshold: "50%/10s" is no threshold`},
		{"dependency threshold=0%/10s/20", "30: threshold: 0 must be at least 1"},
		{"dependency threshold=101%/10s/20", "30: threshold: 101% is above 100%"},
		{"dependency threshold=50%/10s/0", "38: threshold: 0 must be at least 1"},
		{"dependency backoff=1s", `28: backoff: "1s" is no range: write backoff=1s..60s`},
		{"dependency backoff=60s..1s", "28: backoff: the first delay 60s is above the cap 1s: write 1s..60s"},
		{"dependency backoff=0s..1s", "28: backoff: 0s must be above zero"},
		{"dependency backoff=1s..x", `32: backoff: "x" is not a duration`},
		{"dependency timeout=0", "28: timeout: 0 must be above zero"},
		{"dependency timeout=-2s", "28: timeout: -2s must be above zero"},
		{"dependency probe-timeout=none", `34: probe-timeout: "none" is not a duration`},
		{"dependency hold=", "20: hold needs a value, such as hold=60s"},
		{`dependency hold=""`, "20: hold needs a value, such as hold=60s"},
		{"dependency hold", "20: hold needs a value, such as hold=60s"},
		{"dependency key=session:", `32: key: "" is not a Go identifier`},
		{"dependency key=,", "24: key: empty key: write kind:path"},
		{"dependency key=a,,b", "26: key: empty key: write kind:path"},
		{"dependency key=req.Topic", "24: key: a path with fields needs a kind in front: write topic:req.Topic"},
		{"dependency key=a,b.c!", `28: key: "c!" is not a Go identifier`},
		{"dependency key=:id", `24: key: "" is no kind`},
		{"dependency key=s:id,s:id", "29: key: s:id is given twice"},
		{"dependency key=func", `24: key: "func" is not a Go identifier`},
		{"dependency classify=a.b", `29: classify: "a.b" is not a Go identifier`},
		{"dependency wrapper=_", `28: wrapper: "_" is not a Go identifier`},
		{"dependency wrapper=type", `28: wrapper: "type" is not a Go identifier`},
		{"dependency budget=1/1m", "20: budget= does not belong to //guard:dependency: write it behind //guard:destructive"},
		{"dependency nam=redis", "20: unknown option nam= of //guard:dependency: did you mean name?"},
		{"dependency =redis", "20: unknown option = of //guard:dependency: there are name, optional, threshold"},
		{"destructive budget=20", `28: budget: "20" is no budget: write budget=20/1m`},
		{"destructive budget=0/1m", "28: budget: 0 must be at least 1"},
		{"destructive budget=20/m", "31: budget: m has no number: write 20/1m"},
		{"destructive budget=20/minute", `31: budget: "minute" is not a duration`},
		{"destructive budget=20/-1m", "31: budget: -1m must be above zero"},
		{"destructive mode=obserf", `26: mode: "obserf" is no mode: write mode=enforce`},
		{"destructive when=a()", `26: when: "a()" is not a Go identifier`},
		{"destructive timeout=2s", "21: timeout= does not belong to //guard:destructive: write it behind //guard:call"},
		{"call budget=1/1m", "14: budget= does not belong to //guard:call: write it behind //guard:destructive"},
		{"skip really=yes", "14: //guard:skip has no options: remove really="},
		{`call key="a`, "18: quote without its end"},
		{`call key=a"b"`, "19: unexpected quote"},
		{"dependency wrapper=any", "28: wrapper: any is a word of Go"},
		{"dependency wrapper=main", "28: wrapper: main can only be a function"},
	} {
		_, _, messages := readOne(t, "//guard:"+row.text)
		if len(messages) != 1 || !strings.HasPrefix(messages[0], row.want) {
			t.Errorf("//guard:%s\n\tsays %q\n\twant %q", row.text, messages, row.want)
		}
	}
}

func TestAllBadOptionsOfALineAreReported(t *testing.T) {
	t.Parallel()
	_, _, messages := readOne(t, "//guard:dependency name=Redis hold=0s wat=1")
	if len(messages) != 3 {
		t.Errorf("%d messages, want 3: %q", len(messages), messages)
	}
}

func TestOtherCommentsAreNoDirectives(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"// a guard: at the gate", "//go:generate guard", "//safeguard:heavy", "// The guard:heavy directive", "//guardian:heavy",
		"//guard", "//", "/* safeguard: */", "// Guard: empty input", "// guard:", "/* guard: nobody comes in */", "//// Guard : empty",
	} {
		report, comment := commentOf(text)
		d, ours := parseDirective(report, comment)
		if d != nil || ours || len(report.found) > 0 {
			t.Errorf("%q is taken for a directive: %v", text, report.found)
		}
	}
}

func TestKebabFollowsTheWordsOfAName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Redis": "redis", "SessionAPI": "session-api", "HTTPClient": "http-client", "transport": "transport",
		"API": "api", "V2Store": "v2-store", "Two_Words": "two-words", "A": "a", "__": "",
	} {
		if got := kebab(name); got != want {
			t.Errorf("kebab(%q) is %q, want %q", name, got, want)
		}
	}
}

func TestDestructiveVerbsAreWords(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"Delete": true, "DeleteTopic": true, "Del": true, "EndSession": true, "End2": true, "closeAll": true, "Flush_All": true,
		"Endpoint": false, "Deliver": false, "Closest": false, "Undelete": false, "Removed": false, "Resetter": false, "Get": false,
	} {
		if got := looksDestructive(name); got != want {
			t.Errorf("looksDestructive(%q) is %v, want %v", name, got, want)
		}
	}
}

func TestBuildTagJoinsLineAndFileName(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, line, want string }{
		{"a.go", "", ""},
		{"a.go", "//go:build integration && !windows", "integration && !windows"},
		{"a_linux.go", "", "linux"},
		{"a_linux_amd64.go", "", "amd64 && linux"},
		{"a_arm64.go", "//go:build x || y", "arm64 && (x || y)"},
		{"a_linux.go", "//go:build linux && cgo", "linux && cgo"},
		{"linux.go", "", ""},
		{"a_unix.go", "", ""},
		{"a_linux_guard.go", "", ""},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), row.name, row.line+"\n\npackage a\n", parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if got := buildTag(row.name, file); got != row.want {
			t.Errorf("%s with %q: %q, want %q", row.name, row.line, got, row.want)
		}
	}
}

func TestKeyPathsMarkPointers(t *testing.T) {
	t.Parallel()
	const source = `package p
		type Inner struct { ID int }
		type Outer struct { In Inner; Ref *Inner; *Embedded }
		type Embedded struct { Name string }
		func F(plain Outer, ref *Outer, id string, list []string, raw []byte, other []struct{}) {}`
	pkg := checkSource(t, token.NewFileSet(), source)
	signature := pkg.Scope().Lookup("F").Type().(*types.Signature)
	for path, want := range map[string]string{
		"plain.In.ID": "", "plain.Ref.ID": "pointer", "ref.In.ID": "pointer", "plain.Name": "pointer", "id": "", "list": "", "raw": "",
		"other":       "other is of type []struct{}: a key is a string, an integer, a []byte, a fmt.Stringer, or a slice of these",
		"plain.Wrong": "plain (Outer) has no field Wrong: there are In, Ref and Embedded",
	} {
		key := Key{Kind: "k", Path: strings.Split(path, ".")}
		key, got := key.follow(key.param(signature), false, pkg)
		if key.Pointer {
			got += "pointer"
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// checkSource type-checks a package that imports nothing.
func checkSource(t *testing.T, fset *token.FileSet, source string) *types.Package {
	t.Helper()
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := new(types.Config).Check("p", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}
