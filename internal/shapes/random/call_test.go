package random

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/guardgen/guardgen/annotations"
	"github.com/guardgen/guardgen/internal/exercise/fakes"
)

// writeCalls writes fakes, and functions that call the wrappers.
func (b *bench) writeCalls(f *failure, pkg *annotations.Package) {
	callable := *pkg
	callable.Files = nil
	for _, file := range pkg.Files {
		copied := *file
		copied.Clients = slices.DeleteFunc(slices.Clone(file.Clients), func(client *annotations.Client) bool {
			return slices.ContainsFunc(f.pkg.Clients, func(c *Client) bool { return c.Name == client.Name && c.generic && c.arguments == "" })
		})
		callable.Files = append(callable.Files, &copied)
		for _, client := range copied.Clients {
			f.tests = append(f.tests, "TestExercise_"+client.Name)
		}
	}
	if len(f.tests) == 0 {
		return
	}
	path, text, err := fakes.Options{Samples: true, Callable: !f.pkg.Tests}.File(&callable)
	if err != nil {
		f.words = append(f.words, "no fakes: "+err.Error())
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		f.words = append(f.words, err.Error())
	}
}

// call runs the functions that call the wrappers of all packages, in one program: to link is dear.
func (b *bench) call(failures []*failure, byPath map[string]*failure) {
	var imports, runs strings.Builder
	for _, f := range failures {
		if len(f.words) > 0 || len(f.tests) == 0 {
			continue
		}
		b.called += len(f.tests)
		if f.pkg.Tests { // no other package sees its wrappers
			if output, err := b.goCommand("test", "-vet=off", "./"+f.pkg.dir); err != nil {
				f.words = append(f.words, strings.Split("called: "+output, "\n")...)
			}
			continue
		}
		fmt.Fprintf(&imports, "\t%s %q\n", f.pkg.dir, f.pkg.Path)
		for _, test := range f.tests {
			fmt.Fprintf(&runs, "\tt.Run(\"%s/%s\", %[1]s.%[2]s)\n", f.pkg.dir, test)
		}
	}
	if runs.Len() == 0 {
		return
	}
	text := "package drawn\n\nimport (\n\t\"testing\"\n" + imports.String() + ")\n\nfunc TestDrawn(t *testing.T) {\n" + runs.String() + "}\n"
	if err := os.WriteFile(filepath.Join(b.dir, "drawn_test.go"), []byte(text), 0o644); err != nil {
		failures[0].words = append(failures[0].words, err.Error())
		return
	}
	output, err := b.goCommand("test", "-vet=off", "-gcflags="+Module+"/...=-N -l -dwarf=false", ".") // to compile quickly, not to run fast
	if err == nil {
		return
	}
	at := failures[0]
	if match := panicked.FindStringSubmatch(output); match != nil && byPath[Module+"/"+match[1]] != nil {
		at = byPath[Module+"/"+match[1]]
	}
	for line := range strings.Lines(output) {
		if match := failedTest.FindStringSubmatch(line); match != nil {
			if f := byPath[Module+"/"+match[1]]; f != nil {
				at = f
			}
		}
		if len(at.words) < 30 && strings.TrimSpace(line) != "" {
			at.words = append(at.words, "called: "+strings.TrimRight(line, "\n"))
		}
	}
}

var failedTest = regexp.MustCompile(`^\s*--- FAIL: TestDrawn/(p\d+)/`)

// panicked finds the wrapper in the stack of a panic, which ends the program before the test is reported.
var panicked = regexp.MustCompile(`(?s)panic: .*?/drawn/(p\d+)\.\(`)

func (b *bench) goCommand(args ...string) (output string, err error) {
	command := exec.Command("go", args...)
	command.Dir, command.Env = b.dir, b.env
	out, err := command.CombinedOutput()
	return string(out), err
}

// vet lets the go command compile and vet everything that generated well.
func (b *bench) vet(failures []*failure, byPath map[string]*failure) {
	output, err := b.goCommand("vet", "-structtag=false", "-stdmethods=false", "./...")
	if err == nil {
		return
	}
	at := failures[0]
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if path, ok := strings.CutPrefix(line, "# "); ok {
			path, _, _ = strings.Cut(strings.Trim(path, "[]"), " ")
			if f := byPath[path]; f != nil {
				at = f
			}
			continue
		}
		at.words = append(at.words, "vet: "+line)
	}
}
