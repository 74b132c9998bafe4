package shapes

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
)

// modulePath is that of the module that the shapes are copied into. What is internal here may be imported there.
const modulePath = "github.com/guardgen/guardgen/shapes"

// shape is one folder of testdata.
type shape struct {
	name     string // of the folder, and in the table of facts where it stands there
	reason   string
	refused  bool
	refusals []string // the diagnostics with their places in the folder, all of them, in their order
	tags     string   // build tags of another run
	goos     string   // the system of another run, in which nothing is called
	layout   string   // of the module: vendor, workspace or overlay
	from     string   // the folder of testdata, if it is another

	clients, methods, guarded, called int
	asserted                          map[string]int // of how many methods, by claim
	problems                          []string
}

func (s *shape) problem(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

func (s *shape) verdict() string {
	switch {
	case len(s.problems) > 0:
		return "WRONG"
	case s.refused:
		return "refused"
	default:
		return "guarded"
	}
}

// noteAsserted adds what the test of a type says that it has asserted.
func (s *shape) noteAsserted(output string) {
	_, list, ok := strings.Cut(output, ": asserted: ")
	if !ok {
		return
	}
	if s.asserted == nil {
		s.asserted = make(map[string]int)
	}
	for part := range strings.SplitSeq(strings.TrimSpace(list), ", ") {
		i := strings.LastIndexByte(part, ' ')
		n, err := strconv.Atoi(part[i+1:])
		if err != nil {
			s.problem("%s says what nobody understands: %v", part, err)
			continue
		}
		s.asserted[part[:i]] += n
	}
}

// seen says what was seen of the shape.
func (s *shape) seen() string {
	switch {
	case len(s.problems) > 0:
		return strings.Join(s.problems, "; ")
	case s.refused:
		return strings.Join(s.refusals, margin)
	case s.goos != "":
		return fmt.Sprintf("compiles, %d of %d methods guarded", s.guarded, s.methods)
	}
	what := fmt.Sprintf("compiles, vetted, %d of %d methods called, all guarded", s.called, s.methods)
	if s.guarded < s.methods {
		what = fmt.Sprintf("compiles, vetted, %d of %d methods called, %d guarded, %d pass with a reason", s.called, s.methods, s.guarded, s.methods-s.guarded)
	}
	var asserted []string
	for _, claim := range exercise.Claims() {
		if n := s.asserted[claim]; n > 0 {
			asserted = append(asserted, fmt.Sprintf("%s %d", claim, n))
		}
	}
	return what + margin + "asserted: " + strings.Join(asserted, ", ")
}

// margin begins another line of what is said of a shape.
var margin = "\n" + strings.Repeat(" ", 36)

var (
	shapeReason  = regexp.MustCompile(`(?m)^// (\w+): (.+)\n// verdict: (guarded|refused)\n(?:// tags: (.+)\n)?(?:// goos: (.+)\n)?(?:// layout: (.+)\n)?((?:// \w+\.go:\d+:\d+: .+\n)*)`)
	shapePackage = regexp.MustCompile(`(?m)^package \w+`)
)

// readShapes reads what the shapes say about themselves.
func readShapes(t *testing.T) (list []*shape) {
	t.Helper()
	folders, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		s := &shape{name: folder.Name()}
		paths, err := filepath.Glob(filepath.Join("testdata", s.name, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !shapePackage.Match(text) {
				t.Errorf("%s is no Go file", path)
			}
			match := shapeReason.FindStringSubmatch(string(text))
			if match == nil || !strings.HasPrefix(string(text), match[0]) {
				continue
			}
			if match[1] != s.name || s.reason != "" {
				t.Errorf("%s begins with the name and reason of another shape, or of one that has a reason", path)
			}
			s.reason = match[2]
			s.refused = match[3] == "refused"
			s.tags, s.goos, s.layout = match[4], match[5], match[6]
			for line := range strings.Lines(match[7]) {
				s.refusals = append(s.refusals, strings.TrimSpace(strings.TrimPrefix(line, "// ")))
			}
		}
		if s.reason == "" {
			t.Errorf("shape %s has no reason and verdict in its first lines", s.name)
		}
		list = append(list, s)
	}
	return list
}

// shapeOf returns the name of the shape that a file or an import path belongs to.
func shapeOf(path string) string {
	path = filepath.ToSlash(path)
	path = strings.TrimPrefix(path, modulePath+"/")
	name, _, _ := strings.Cut(path, "/")
	return strings.TrimSuffix(strings.Fields(name + " ")[0], "_test")
}
