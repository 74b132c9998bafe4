package house

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/guardgen/guardgen"

type arrow struct {
	tree    string
	allowed []string
}

// arrows lists for each package, or tree of packages, what it may import of this module and of others. The standard
// library is free for all.
var arrows = []arrow{
	{"annotations", []string{"golang.org/x/tools", "golang.org/x/mod", "golang.org/x/sync"}},
	{"templates", []string{module + "/annotations", "github.com/dave/jennifer", "golang.org/x/tools", "golang.org/x/mod", "golang.org/x/sync"}},
	{"cmd/guardgen", []string{
		module + "/annotations", module + "/templates", "github.com/dave/jennifer", "github.com/rogpeppe/go-internal/diff",
		"golang.org/x/tools", "golang.org/x/mod", "golang.org/x/sync",
	}},
	{"cmd/guardctl", []string{
		module + "/runtime", module + "/runtime/status", "github.com/failsafe-go/failsafe-go", "github.com/bits-and-blooms/bitset",
		"github.com/urfave/cli/v3", "charm.land/bubbletea/v2", "golang.org/x/term", "golang.org/x/sys", "golang.org/x/sync",
		// bubbletea brings these
		"github.com/charmbracelet", "github.com/clipperhouse", "github.com/lucasb-eyer/go-colorful", "github.com/mattn/go-runewidth",
		"github.com/muesli/cancelreader", "github.com/rivo/uniseg", "github.com/xo/terminfo",
	}},
	{"runtime", []string{"github.com/failsafe-go/failsafe-go", "github.com/bits-and-blooms/bitset"}},
	{"runtime/goredis", []string{
		module + "/runtime", "github.com/failsafe-go/failsafe-go", "github.com/bits-and-blooms/bitset",
		"github.com/redis/go-redis/v9", "github.com/cespare/xxhash/v2", "go.uber.org/atomic", "golang.org/x/sys",
	}},
	{"generated/internal/client", []string{
		module + "/runtime", module + "/runtime/goredis", "github.com/failsafe-go/failsafe-go", "github.com/bits-and-blooms/bitset",
		"github.com/redis/go-redis/v9", "github.com/cespare/xxhash/v2", "go.uber.org/atomic", "golang.org/x/sys",
	}},
	{"runtime/status", []string{
		module + "/runtime", "github.com/failsafe-go/failsafe-go", "github.com/bits-and-blooms/bitset",
	}},
	{"runtime/unixhttp", []string{
		module + "/runtime", "github.com/failsafe-go/failsafe-go", "github.com/bits-and-blooms/bitset",
	}},
	{"generated/rediskeys", []string{
		module + "/runtime", module + "/runtime/goredis", module + "/generated/internal/client",
		"github.com/failsafe-go/failsafe-go", "github.com/bits-and-blooms/bitset",
		"github.com/redis/go-redis/v9", "github.com/cespare/xxhash/v2", "go.uber.org/atomic", "golang.org/x/sys",
	}},
	{"generated/redisroles", []string{
		module + "/runtime", module + "/runtime/goredis", module + "/generated/internal/client", module + "/generated/rediskeys",
		"github.com/failsafe-go/failsafe-go", "github.com/bits-and-blooms/bitset",
		"github.com/redis/go-redis/v9", "github.com/cespare/xxhash/v2", "go.uber.org/atomic", "golang.org/x/sys",
	}},
	{"generated/rediscmd", []string{
		module + "/runtime", module + "/runtime/goredis", module + "/generated/internal/client",
		"github.com/failsafe-go/failsafe-go", "github.com/bits-and-blooms/bitset",
		"github.com/redis/go-redis/v9", "github.com/cespare/xxhash/v2", "go.uber.org/atomic", "golang.org/x/sys",
	}},
	{"runtime/guardtest", []string{
		module + "/runtime", "github.com/failsafe-go/failsafe-go", "github.com/bits-and-blooms/bitset",
	}},
}

func TestArrowsPointTheRightWay(t *testing.T) {
	for _, row := range arrows {
		t.Run(row.tree, func(t *testing.T) {
			self := module + "/" + row.tree
			deps := dependencies(t, self)
			if len(deps) < 5 {
				t.Fatalf("go list knows only %d packages behind %s", len(deps), self)
			}
			for _, dep := range deps {
				if dep != self && !standard(dep) && !within(dep, row.allowed) {
					t.Errorf("%s must not depend on %s", row.tree, dep)
				}
			}
		})
	}
}

// TestEveryPackageHasItsArrows fails for a package that nobody said anything about. What stands below internal is for tests,
// and runtime/bench measures; what stands below examples uses the runtime and what is generated, never the generator.
func TestEveryPackageHasItsArrows(t *testing.T) {
	for _, line := range list(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"/...") {
		fields := strings.Fields(line)
		tree := strings.TrimPrefix(fields[0], module+"/")
		if strings.HasPrefix(tree, "internal/") || within(fields[0], []string{module + "/runtime/bench"}) {
			continue
		}
		if strings.HasPrefix(tree, "examples/") {
			for _, dep := range fields[1:] {
				if within(dep, []string{module + "/annotations", module + "/templates", module + "/cmd"}) {
					t.Errorf("%s imports %s", fields[0], dep)
				}
			}
			continue
		}
		if !slices.ContainsFunc(arrows, func(a arrow) bool { return a.tree == tree }) {
			t.Errorf("no arrows are declared for %s", tree)
		}
	}
}

func TestNobodyImportsACommand(t *testing.T) {
	for _, line := range list(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"/...") {
		fields := strings.Fields(line)
		for _, dep := range fields[1:] {
			if strings.HasPrefix(dep, module+"/cmd/") {
				t.Errorf("%s imports the command %s", fields[0], dep)
			}
		}
	}
}

func TestAnImporterOfTheRuntimeGetsFailsafeAndItsNeeds(t *testing.T) {
	modules := map[string]bool{}
	for _, line := range list(t, "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", module+"/runtime") {
		if line != "" {
			modules[line] = true
		}
	}
	if !modules["github.com/failsafe-go/failsafe-go"] {
		t.Error("the runtime does not use failsafe-go")
	}
	delete(modules, module)
	delete(modules, "github.com/failsafe-go/failsafe-go")
	for m := range modules {
		if reason := needsOfFailsafe[m]; reason == "" {
			t.Errorf("importing the runtime compiles %s into a service", m)
		}
	}
}

// needsOfFailsafe are the modules that failsafe-go's circuitbreaker package itself imports, with what for.
var needsOfFailsafe = map[string]string{
	"github.com/bits-and-blooms/bitset": "its count-based statistics",
}

func dependencies(t *testing.T, pkg string) []string {
	t.Helper()
	return list(t, "-deps", pkg)
}

func list(t *testing.T, arguments ...string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list"}, arguments...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// standard reports whether a package is of the standard library: its first element has no dot.
func standard(pkg string) bool {
	first, _, _ := strings.Cut(pkg, "/")
	return !strings.Contains(first, ".")
}

func within(pkg string, trees []string) bool {
	for _, tree := range trees {
		if pkg == tree || strings.HasPrefix(pkg, tree+"/") && tree != module+"/runtime" {
			return true
		}
	}
	return false
}
