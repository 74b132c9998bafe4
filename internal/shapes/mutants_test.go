package shapes

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guardgen/guardgen/annotations"
	"github.com/guardgen/guardgen/internal/exercise/fakes"
	"github.com/guardgen/guardgen/templates"
)

// mutants are mistakes that a generated method could have.
var mutants = []struct {
	name, method     string
	original, broken string // one or more lines of the generated file
}{
	{"nothing wrong", "", "", ""},
	{"arguments swapped", "Move", "from, to)\n", "to, from)\n"},
	{"flags swapped", "Flags", "a, b, c...)", "b, a, c...)"},
	{"variadic dropped", "Flags", "a, b, c...)", "a, b)"},
	{"functions swapped", "Scan", "fns, more)\n", "more, fns)\n"},
	{"results swapped", "Move", "left, right, err = g", "right, left, err = g"},
	{"channels swapped", "Scan", "ch, ch2, err = g", "ch2, ch, err = g"},
	{"result dropped", "Flags", "return x, y, err\n", "return x, false, err\n"},
	{"error dropped", "Move", "return left, right, call.Settle(ctx, err)", "call.Settle(ctx, err)\n\treturn left, right, nil"},
	{"result invented by a refusal", "Move", "return left, right, call", "return left + 1, right, call"},
	{"refusal without an error", "Move", "return left, right, call.Settle(ctx, err)", "call.Settle(ctx, err)\n\treturn left, right, err"},
	{"failure recorded twice", "Move", "call.Settle(ctx, err)", "call.Settle(ctx, call.Settle(ctx, err))"},
	{"failure not recorded", "Move", "return left, right, call.Settle(ctx, err)", "if err != nil {\n\t\treturn left, right, err\n\t}\n\treturn left, right, call.Settle(ctx, err)"},
	{"not guarded", "Scan", "call := g.scan.Begin(ctx)", "if true {\n\t\treturn g.next.Scan(ctx, fns, more)\n\t}\n\tcall := g.scan.Begin(ctx)"},
	{"gate not asked", "Drop", `g.drop.Ask(ctx, guard.Keys("b", b)...)`, "g.drop.Begin(ctx)"},
	{"another method's guard", "Move", "g.move.Begin(ctx)", "g.scan.Begin(ctx)"},
	{"context dropped", "Move", "call.Context(ctx), from", "context.WithoutCancel(context.TODO()), from"},
	{"context not asked", "Move", "call.Settle(ctx, err)", "call.Settle(context.Background(), err)"},
	{"client called twice", "Flags", "if call.Admitted() {", "if call.Admitted() {\n\t\tg.next.Flags(ctx, a, b, c...)"},
	{"client called though refused", "Drop", "if call.Admitted() {", "if g.next.Drop(ctx, a, b); call.Admitted() {"},
}

// TestExerciseFindsMistakes is the ablation of the harness: a wrapper with a mistake in one method fails in that method.
func TestExerciseFindsMistakes(t *testing.T) {
	const source = "two_of_a_kind"
	var copies []*shape
	for i := range mutants {
		copies = append(copies, &shape{name: fmt.Sprint("mutant", i), from: source})
	}
	m := newModule(t, copies)
	packages, findings := annotations.Load(context.Background(), annotations.Config{Dir: m.dir, Env: m.env}, "./...")
	if findings.HasErrors() || len(packages) != len(mutants) {
		t.Fatal(findings)
	}
	for _, pkg := range packages {
		var i int
		if _, err := fmt.Sscanf(filepath.Base(pkg.Path), "mutant%d", &i); err != nil {
			t.Fatal(err)
		}
		text, problems := templates.File(pkg, pkg.Files[0])
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		m.write(templates.FileName(pkg.Files[0].Path), mutate(t, string(text), i))
		path, test, err := fakes.File(pkg)
		if err != nil {
			t.Fatal(err)
		}
		m.write(path, test)
	}
	out, _ := m.goCommand("test", "-vet=off", "-json", "./...")
	m.readEvents(out)
	for i, mutant := range mutants {
		said := strings.Join(copies[i].problems, "\n")
		switch {
		case mutant.method == "" && said != "":
			t.Errorf("%s, and yet: %s", mutant.name, said)
		case copies[i].called != 4:
			t.Errorf("%s: %d of 4 methods were called: %s", mutant.name, copies[i].called, said)
		case mutant.method != "" && !strings.Contains(said, "TestExercise_Dep/"+mutant.method+"/"):
			t.Errorf("%s: not noticed in %s: %s", mutant.name, mutant.method, said)
		}
	}
}

// mutate makes one mistake in one method of a generated file.
func mutate(t *testing.T, text string, i int) []byte {
	t.Helper()
	mutant := mutants[i]
	if mutant.method == "" {
		return []byte(text)
	}
	start := strings.Index(text, "\nfunc (g *GuardedDep) "+mutant.method+"(")
	end := start + strings.Index(text[max(start, 0):], "\n}\n")
	body := text[max(start, 0):max(end, 0)]
	if start < 0 || !strings.Contains(body, mutant.original) {
		t.Fatalf("%s: the generated %s has no %q:\n%s", mutant.name, mutant.method, mutant.original, body)
	}
	return []byte(text[:start] + strings.ReplaceAll(body, mutant.original, mutant.broken) + text[end:])
}
