package shapes

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/guardgen/guardgen/annotations"
	"github.com/guardgen/guardgen/templates"
)

// repeatIn names the module to a process that generates once more.
const repeatIn = "GUARDGEN_SHAPES_REPEAT_IN"

var cold = flag.Bool("cold", false, "TestShapesGiveOneOutput: with an empty build cache, too")

// TestShapesGiveOneOutput holds that all shapes together come to the same files and findings: twice in one process, in
// another one with a single processor, and, if asked to, with an empty build cache.
func TestShapesGiveOneOutput(t *testing.T) {
	if dir := os.Getenv(repeatIn); dir != "" {
		fmt.Println("sum " + sumOf(dir, nil))
		return
	}
	shapes := slices.DeleteFunc(readShapes(t), func(s *shape) bool { return s.layout != "" })
	m := newModule(t, shapes)
	want := sumOf(m.dir, m.env)
	if got := sumOf(m.dir, m.env); got != want {
		t.Error("another output in the same process")
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestShapesGiveOneOutput$")
	child.Env = append(slices.Clip(m.env), "GOMAXPROCS=1", repeatIn+"="+m.dir)
	if out, err := child.Output(); err != nil || !strings.Contains(string(out), "sum "+want+"\n") {
		t.Errorf("another output in another process: %v\n%s", err, out)
	}
	if !*cold {
		return
	}
	if got := sumOf(m.dir, append(slices.Clip(m.env), "GOCACHE="+t.TempDir())); got != want {
		t.Error("another output from an empty build cache")
	}
}

// sumOf generates from all packages below dir, and sums up the texts and the findings.
func sumOf(dir string, env []string) string {
	packages, findings := annotations.Load(context.Background(), annotations.Config{Dir: dir, Env: env}, "./...")
	sum := sha256.New()
	for _, pkg := range packages {
		for _, file := range pkg.Files {
			text, problems := templates.File(pkg, file)
			fmt.Fprintf(sum, "%s\n%s\n%v\n", file.Path, text, problems)
		}
	}
	for _, finding := range findings {
		fmt.Fprintln(sum, finding)
	}
	return fmt.Sprintf("%d packages, %d findings, %x", len(packages), len(findings), sum.Sum(nil))
}
