package random

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	count  = flag.Int("fuzz.count", 200, "how many annotated types are drawn")
	called = flag.Int("fuzz.called", 60, "how many of them are vetted and called, and not only generated and type-checked")
	seed   = flag.Uint64("fuzz.seed", 1, "the seed of the first package")
	size   = flag.Int("fuzz.size", 10, "annotated types in a package")
	batch  = flag.Int("fuzz.batch", 60, "packages in one load")
	limit  = flag.Int("fuzz.limit", 1, "how many failures end the run")
	brief  = flag.Bool("fuzz.brief", false, "print of failures only what is wrong, and make none smaller")
	keep   = flag.String("fuzz.keep", "", "a directory for the module of the last batch, which stays there")
)

// TestRandomTypesAreGuarded draws annotated types, generates their wrappers, checks and calls them.
func TestRandomTypesAreGuarded(t *testing.T) {
	begin, dir := time.Now(), *keep
	if dir == "" {
		dir = t.TempDir()
	}
	bench, err := newBench(dir)
	if err != nil {
		t.Fatal(err)
	}
	if *called > 1000 {
		bench.useOwnCache(t.TempDir())
	}
	var total tally
	for next := *seed; total.types < *count && total.failed < *limit; {
		bench.calls = total.types < *called
		packages := total.draw(t, bench, &next)
		for _, f := range bench.run(packages) {
			if total.failed++; !*brief {
				f = bench.shrink(f)
			}
			report(t, f)
		}
		total.called = bench.called
		t.Logf("seeds %d to %d, after %s: %s", *seed, next-1, time.Since(begin).Round(time.Second), total)
	}
	// Some are refused, and some generic ones have no arguments that fit.
	if want := min(*count, *called) * 6 / 10; total.called < want && total.failed == 0 {
		t.Errorf("%d types were called, want at least %d", total.called, want)
	}
}

// tally counts what was drawn.
type tally struct {
	packages, types, methods int
	called                   int // of the types
	refused, without         int // of the types: those that have to be, and generic ones that nothing instantiates
	discarded, failed        int // of the packages
}

func (t tally) String() string {
	return fmt.Sprintf("%d annotated types in %d packages, with %d methods; %d types called, %d refused rightly, %d generic ones without arguments that fit; %d packages discarded, %d failed",
		t.types, t.packages, t.methods, t.called, t.refused, t.without, t.discarded, t.failed)
}

// draw draws a batch of packages that are valid Go.
func (total *tally) draw(t *testing.T, bench *bench, next *uint64) (packages []*Package) {
	limit := *count - total.types
	if bench.calls {
		limit = min(limit, *called-total.types)
	}
	for len(packages) < *batch && limit > 0 {
		p := Draw(*next, min(*size, limit))
		*next++
		checked, errs := bench.checker.Check(p, nil)
		if len(errs) > 0 {
			total.discarded++
			t.Logf("seed %d discarded: %v", p.Seed, errs[0])
			if total.discarded > 3+total.packages/50 {
				t.Fatal("too many draws are invalid Go")
			}
			continue
		}
		without, refused := bench.checker.FindArguments(p, checked), len(p.Refusals())
		packages = append(packages, p)
		limit -= len(p.Clients)
		total.packages++
		total.types += len(p.Clients)
		total.refused += refused
		total.without += without
		for _, c := range p.Clients {
			total.methods += len(c.Guards())
		}
	}
	return packages
}

// report prints a failure.
func report(t *testing.T, f failure) {
	t.Helper()
	var text strings.Builder
	if *brief {
		t.Errorf("seed %d: %s", f.pkg.Seed, strings.Join(f.words[:min(len(f.words), 7)], "\n"))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(f.pkg.Files())) {
		if !strings.HasSuffix(name, "/types.go") && strings.Count(name, "/") == 1 {
			fmt.Fprintf(&text, "-- %s --\n%s", name, f.pkg.Files()[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.generated)) {
		fmt.Fprintf(&text, "-- %s --\n%s", name, f.generated[name])
	}
	t.Errorf("seed %d: %s\n%s", f.pkg.Seed, strings.Join(f.words, "\n"), text.String())
}
