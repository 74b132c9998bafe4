package random

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	count = flag.Int("fuzz.count", 300, "how many annotated types are drawn")
	seed  = flag.Uint64("fuzz.seed", 1, "the seed of the first package")
	size  = flag.Int("fuzz.size", 10, "annotated types in a package")
	batch = flag.Int("fuzz.batch", 40, "packages in one load")
	keep  = flag.String("fuzz.keep", "", "a directory for what failed")
	vet   = flag.Bool("fuzz.vet", false, "go vet every batch")
	shown = flag.Int("fuzz.shrink", 3, "how many failures are made smaller before they are printed")
	known = flag.String("fuzz.known", "", "a pattern: packages whose every finding it matches are only counted")
	dry   = flag.Bool("fuzz.dry", false, "only draw, and type-check what was drawn")
	limit = flag.Int("fuzz.limit", 1, "how many failures end the run")
	tidy  = flag.Bool("fuzz.gofmt", true, "check that what is generated is gofmt-clean")
	few   = flag.Bool("fuzz.few", false, "leave out the features that can be left out")
)

// TestRandomTypesAreGuarded draws annotated types, generates their wrappers and checks them.
func TestRandomTypesAreGuarded(t *testing.T) {
	features := Everything
	if *few {
		features = Features{}
	}
	if *dry {
		for i := range *count {
			if _, errs := check(t).Check(Draw(*seed+uint64(i), *size, features), nil); len(errs) > 0 {
				t.Errorf("seed %d: %v", *seed+uint64(i), errs)
			}
		}
		return
	}
	bench, err := newBench(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	drawn, methods, discarded, failed, failures, next := 0, 0, 0, 0, 0, *seed
	for drawn < *count && failures < *limit {
		var packages []*Package
		for len(packages) < *batch && drawn < *count {
			p := Draw(next, min(*size, *count-drawn), features)
			next++
			if _, errs := bench.checker.Check(p, nil); len(errs) > 0 {
				if discarded++; testing.Verbose() || os.Getenv("DISCARDS") != "" {
					t.Logf("seed %d discarded: %v", p.Seed, errs[0])
				}
				if discarded > 20+int(next-*seed)/10 {
					t.Fatalf("too many draws are invalid Go, such as seed %d: %v", p.Seed, errs[0])
				}
				continue
			}
			packages = append(packages, p)
			drawn += len(p.Clients)
			for _, c := range p.Clients {
				methods += len(c.Methods)
			}
		}
		for i, f := range bench.run(packages) {
			if allMatch(*known, f.words) {
				failed++
				continue
			}
			if failures++; i < *shown {
				f = bench.shrink(f)
			}
			report(t, f)
		}
	}
	t.Logf("seeds %d to %d: %d annotated types with %d methods of their own; %d packages discarded, %d with known failures", *seed, next-1, drawn, methods, discarded, failed)
}

var checker *Checker

func check(t *testing.T) *Checker {
	if checker == nil {
		b, err := newBench(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		checker = b.checker
	}
	return checker
}

// report prints a failure.
func report(t *testing.T, f failure) {
	t.Helper()
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(f.pkg.Files())) {
		if !strings.HasSuffix(name, "/types.go") && strings.Count(name, "/") == 1 {
			fmt.Fprintf(&text, "-- %s --\n%s", name, f.pkg.Files()[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.generated)) {
		fmt.Fprintf(&text, "-- %s --\n%s", name, f.generated[name])
	}
	if *keep != "" {
		if err := f.pkg.Write(*keep); err != nil {
			t.Error(err)
		}
	}
	t.Errorf("seed %d: %s\n%s", f.pkg.Seed, strings.Join(f.words, "\n"), text.String())
}

// allMatch reports whether the pattern matches each of the words.
func allMatch(pattern string, words []string) bool {
	expression := regexp.MustCompile(pattern)
	return pattern != "" && !slices.ContainsFunc(words, func(w string) bool { return !expression.MatchString(w) })
}
