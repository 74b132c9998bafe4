package shapes

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is a temporary module with shapes.
type module struct {
	*testing.T
	dir    string
	env    []string
	goos   string
	shapes map[string]*shape

	overlay map[string][]byte
	flags   []string // of the go command, for an overlay

	together bool     // one program runs the tests of all shapes where it can: to link is dear
	calls    []calls  // of that program
	alone    []string // patterns of packages that have programs of their own
}

// newModule makes a module of the shapes, which requires this one as it stands.
func newModule(t *testing.T, shapes []*shape) *module {
	t.Helper()
	m := &module{
		T: t, dir: t.TempDir(), shapes: make(map[string]*shape),
		env: append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOTOOLCHAIN=local", "GOPROXY=off"),
	}
	for _, s := range shapes {
		m.shapes[s.name] = s
		if err := os.CopyFS(filepath.Join(m.dir, s.name), os.DirFS(filepath.Join("testdata", cmp.Or(s.from, s.name)))); err != nil {
			t.Fatal(err)
		}
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(own), "module github.com/guardgen/guardgen\n", "module "+modulePath+"\n", 1) +
		"\nrequire github.com/guardgen/guardgen v0.0.0\n\nreplace github.com/guardgen/guardgen => " + strconv.Quote(root) + "\n"
	m.write(filepath.Join(m.dir, "go.mod"), []byte(text))
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	m.write(filepath.Join(m.dir, "go.sum"), sums)
	return m
}

// shapeOf returns the shape that a file or an import path belongs to.
func (m *module) shapeOf(path string) *shape {
	if s := m.shapes[shapeOf(path)]; s != nil {
		return s
	}
	m.Errorf("%s belongs to no shape", path)
	return &shape{}
}

// vet runs go vet, and notes what it says about each shape.
func (m *module) vet(tags string, patterns ...string) {
	_, said := m.goCommand(slices.Concat([]string{"vet", "-tags=" + tags}, m.flags, patterns)...)
	for _, match := range vetFinding.FindAllStringSubmatch(said, -1) {
		if s := m.shapeOf(match[1]); len(s.problems) < 4 {
			s.problem("vet: %s", match[0])
		}
	}
}

// test runs go test, and notes what it says about each shape.
func (m *module) test(tags string) {
	packages := m.alone
	if m.together {
		m.write(filepath.Join(m.dir, "together_test.go"), together(m.calls))
		packages = append(slices.Clip(packages), ".")
	}
	quickly := "-gcflags=" + modulePath + "/...=-N -l -dwarf=false" // to compile, not to run
	out, _ := m.goCommand(slices.Concat([]string{"test", "-vet=off", "-json", "-tags=" + tags, quickly}, m.flags, packages)...)
	m.readEvents(out)
}

// vetFinding is a line of go vet that names a file; the lines with the names of packages do not come before all of these.
var vetFinding = regexp.MustCompile(`(?m)^(?:vet: )?(?:\./)?([^\s:]+\.go):\d+.*$`)

// event is a line of go test -json.
type event struct {
	Action, Package, Test, Output string
	ImportPath                    string // of what does not compile
}

func (m *module) readEvents(out []byte) {
	wrote := make(map[string][]string)
	lines := bufio.NewReader(bytes.NewReader(out))
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		var e event
		if json.Unmarshal(line, &e) != nil {
			continue
		}
		if e.Action == "build-output" {
			m.noteBuild(e)
		}
		if e.Package == "" {
			continue
		}
		if e.Package == modulePath && !e.ofShape() {
			if e.Action == "fail" && !slices.ContainsFunc(m.calls, func(c calls) bool { return len(c.of.problems) > 0 }) {
				m.Errorf("together: %s", strings.Join(wrote[e.Package], " "))
			}
			wrote[e.Package] = append(wrote[e.Package], e.Output)
			continue
		}
		s := m.shapeOf(e.Package)
		key := e.Package + e.Test
		switch e.Action {
		case "run":
			if strings.HasPrefix(e.Test, "TestExercise_") && strings.Count(e.Test, "/") == 1 {
				s.called++
			}
		case "output":
			s.noteAsserted(e.Output)
			if text := strings.TrimSpace(e.Output); text != "" && !strings.HasPrefix(text, "===") && !strings.HasPrefix(text, "---") {
				wrote[key] = append(wrote[key], text)
				if strings.HasPrefix(text, "panic:") && len(s.problems) < 4 { // the test that panics has no end
					s.problem("test %s: %s", e.Test, text)
				}
			}
		case "fail":
			if len(s.problems) < 4 && (len(wrote[key]) > 0 || len(s.problems) == 0) {
				s.problem("test %s fails: %s", e.Test, strings.Join(wrote[key], " "))
			}
		}
	}
}

// noteBuild notes what the compiler says.
func (m *module) noteBuild(e event) {
	path, _, _ := strings.Cut(e.ImportPath, " ") // the rest says for which test it is compiled
	said := strings.TrimSpace(e.Output)
	if path == modulePath || path == modulePath+".test" {
		m.Errorf("together: %s", said)
	} else if s := m.shapeOf(path); len(s.problems) < 4 && !strings.HasPrefix(said, "#") {
		s.problem("build: %s", said)
	}
}

func (m *module) environment() []string {
	if m.goos == "" {
		return m.env
	}
	return append(slices.Clip(m.env), "GOOS="+m.goos, "CGO_ENABLED=0")
}

func (m *module) goCommand(args ...string) (out []byte, said string) {
	m.Helper()
	command := exec.CommandContext(m.Context(), "go", args...)
	command.Dir, command.Env = m.dir, append(m.environment(), "PWD="+m.dir)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil && len(out) == 0 && stderr.Len() == 0 {
		m.Fatal(err)
	}
	return out, stderr.String()
}
