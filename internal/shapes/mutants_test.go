package shapes

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/guardgen/guardgen/annotations"
	"github.com/guardgen/guardgen/internal/exercise/fakes"
	"github.com/guardgen/guardgen/templates"
)

// mutantsOf is the shape that the mistakes are made in.
const mutantsOf = "every_option"

// mutants are mistakes that a generated method could have, each in one method.
var mutants = []struct {
	name, method     string // Type.Method
	original, broken string // one or more lines of the generated file, in the method or else in the rest of the file
}{
	{"arguments swapped", "Dep.Move", "from, to)\n", "to, from)\n"},
	{"flags swapped", "Dep.Flags", "a, b, c...)", "b, a, c...)"},
	{"variadic dropped", "Dep.Flags", "a, b, c...)", "a, b)"},
	{"functions swapped", "Dep.Scan", "fns, more)\n", "more, fns)\n"},
	{"results swapped", "Dep.Push", "left, right, err = g", "right, left, err = g"},
	{"channels swapped", "Dep.Scan", "ch, ch2, err = g", "ch2, ch, err = g"},
	{"result dropped", "Dep.Flags", "return x, y, err\n", "return x, false, err\n"},
	{"error dropped", "Dep.Pull", "return left, right, call.Settle(ctx, err)", "call.Settle(ctx, err)\n\treturn left, right, nil"},
	{"result invented by a refusal", "Dep.Move", "return left, right, call", "return left + 1, right, call"},
	{"refusal without an error", "Dep.Push", "return left, right, call.Settle(ctx, err)", "call.Settle(ctx, err)\n\treturn left, right, err"},
	{"failure recorded twice", "Dep.Pull", "call.Settle(ctx, err)", "call.Settle(ctx, call.Settle(ctx, err))"},
	{"failure not recorded", "Dep.Move", "return left, right, call.Settle(ctx, err)", "if err != nil {\n\t\treturn left, right, err\n\t}\n\treturn left, right, call.Settle(ctx, err)"},
	{"not guarded", "Dep.Scan", "call := g.scan.Begin(ctx)", "if true {\n\t\treturn g.next.Scan(ctx, fns, more)\n\t}\n\tcall := g.scan.Begin(ctx)"},
	{"another method's guard", "Dep.Push", "g.push.Begin(ctx)", "g.scan.Begin(ctx)"},
	{"another method's guard from the constructor", "Dep.Pull", `wrapper.Method("Pull")`, `wrapper.Method("Scan")`},
	{"class lost", "Dep.Scan", `{Name: "Scan", Class: guard.Heavy,`, `{Name: "Scan",`},
	{"client called twice", "Dep.Flags", "if call.Admitted() {", "if call.Admitted() {\n\t\tg.next.Flags(ctx, a, b, c...)"},
	{"client called though refused", "Dep.Wipe", "if call.Admitted() {", "if g.next.Wipe(ctx, a, b); call.Admitted() {"},
	{"gate not asked", "Dep.Drop", `g.drop.Ask(ctx, guard.Keys("b", b)...)`, "g.drop.Begin(ctx)"},
	{"predicate not asked", "Dep.Do", "if really(ctx, dry, force, k) {", "if really(ctx, dry, force, k) || true {"},
	{"predicate turned round", "Dep.Do", "if really(", "if !really("},
	{"predicate asked about other arguments", "Dep.Do", "really(ctx, dry, force, k)", "really(ctx, force, dry, k)"},

	{"context dropped", "Dep.Slow", "call.Context(ctx)", "context.WithoutCancel(context.TODO())"},
	{"caller's context lost", "Dep.Copy", "call.Settle(ctx, err,", "call.Settle(context.Background(), err,"},
	{"deadline not passed on", "Dep.Slow", "call.Context(ctx)", "ctx"},
	{"deadline of another method", "Dep.Slow", `{Name: "Slow", Timeout: 5 * time.Second}`, `{Name: "Slow"}`},
	{"deadline put into another context", "Dep.Second", "call.Context(background), ctx", "background, call.Context(ctx)"},
	{"another context asked", "Dep.Second", "background)", "ctx)"},
	{"own context not asked", "Dep.Gin", "call.Settle(callCtx, err)", "call.Settle(context.Background(), err)"},
	{"own context replaced", "Dep.Tonic", "g.next.Tonic(k, ctx)", "g.next.Tonic(k, &GinContext{call.Context(ctx)})"},
	{"arguments without a context swapped", "Dep.NoContext", "(a, b)\n", "(b, a)\n"},

	{"key of another parameter", "Dep.Copy", `guard.Keys("from", from)`, `guard.Keys("from", to)`},
	{"key of another kind", "Dep.Load", `guard.Keys("from", from)`, `guard.Keys("to", from)`},
	{"key missing", "Dep.Load", `, guard.Keys("from", from)...`, ""},
	{"one key of two missing", "Dep.Own", `, "name", names`, ""},
	{"path of a key cut", "Dep.Own", "return owner.ID", "return owner"},
	{"key missing in what the gate is asked", "Dep.Wipe", `g.wipe.Ask(ctx, guard.Keys("b", b)...)`, "g.wipe.Ask(ctx)"},
	{"gate asked about another parameter", "Dep.Drop", `g.drop.Ask(ctx, guard.Keys("b", b)...)`, `g.drop.Ask(ctx, guard.Keys("b", a)...)`},
	{"success about a key not told", "Dep.Copy", "if call.Succeeded(err) {", "if call.Succeeded(err) || err == nil {"},

	{"first of two errors not observed", "Dep.Both", "JoinErrors(reading, writing)", "JoinErrors(nil, writing)"},
	{"last of two errors not observed", "Dep.Some", "JoinErrors(reading, writing)", "JoinErrors(reading)"},
	{"refusal in the first error", "Dep.Both", "return reading, call.Settle(ctx, nil)", "return call.Settle(ctx, nil), writing"},
	{"two errors returned as one", "Dep.Some", "return reading, writing\n", "return nil, guard.JoinErrors(reading, writing)\n"},
	{"carrier beside an error not observed", "Dep.Beside", "JoinErrors(guard.ErrorOf(cmd), err)", "JoinErrors(err)"},
	{"error beside a carrier not observed", "Dep.Beside", "JoinErrors(guard.ErrorOf(cmd), err)", "JoinErrors(guard.ErrorOf(cmd))"},

	{"carrier not observed", "Dep.Bear", "if err := guard.ErrorOf(cmd); !call", "if err := error(nil); !call"},
	{"carrier without the refusal", "Dep.Bear", "cmd.SetErr(call.Settle(ctx, nil))", "call.Settle(ctx, nil)"},
	{"no carrier for the refusal", "Dep.Bear", "cmd = new(redis.StringCmd)\n", ""},
	{"key of a refused carrier missing", "Dep.Carry", `call.Settle(ctx, nil, guard.Keys("k", k)...)`, "call.Settle(ctx, nil)"},
	{"key of a failed carrier missing", "Dep.Carry", `call.Settle(ctx, err, guard.Keys("k", k)...)`, "call.Settle(ctx, err)"},
	{"second carrier without the refusal", "Dep.Pair", "cmd2.SetErr(refusal)\n", ""},
	{"second carrier not made", "Dep.Pair", "cmd2 = new(redis.IntCmd)\n\tcmd2.SetErr(refusal)\n", ""},
	{"first of two carriers not observed", "Dep.Twins", "JoinErrors(guard.ErrorOf(cmd), ", "JoinErrors("},
	{"last of two carriers not observed", "Dep.Twins", ", guard.ErrorOf(cmd2))", ")"},
	{"refusal recorded for each carrier", "Dep.Pair", "return cmd, cmd2\n\t}\n", "call.Settle(ctx, guard.ErrorOf(cmd))\n\t\treturn cmd, cmd2\n\t}\n"},

	{"custom error not observed", "Dep.Fail", "guard.ErrorFrom(err)", "guard.ErrorFrom((*APIError)(nil))"},
	{"custom error's nil taken for an error", "Dep.Fail", "failure := guard.ErrorFrom(err)", "failure := error(err)"},
	{"custom error not made of the refusal", "Dep.Custom", "guard.Refuse(refused, call.Settle(ctx, nil, guard.Keys(\"k\", k)...))", "guard.Refuse(refused, nil)"},
	{"custom error of a refusal lost", "Dep.Custom", "guard.Refuse(refused, call", "func(error) *APIError { return nil }(call"},
	{"key of a custom error missing", "Dep.Custom", `failure, guard.Keys("k", k)...`, "failure"},

	{"guard asked at the call", "Dep.Each", "return func(yield func(string, error) bool) {\n\t\tcall := g.each.Begin(ctx)\n", "call := g.each.Begin(ctx)\n\treturn func(yield func(string, error) bool) {\n"},
	{"client called at the call", "Dep.Every", "return func(yield func(string, error) bool) {\n", "early := g.next.Every(ctx, k)\n\treturn func(yield func(string, error) bool) {\n\t\t_ = early\n"},
	{"yields lost", "Dep.All", "yield); !call", "func(string, error) bool { return true }); !call"},
	{"errors of yields lost", "Dep.Each", "yield); !call", "func(s string, _ error) bool { return yield(s, nil) }); !call"},
	{"break of the range ignored", "Dep.Every", "yield); !call", "func(s string, err error) bool { yield(s, err); return true }); !call"},
	{"refusal not yielded", "Dep.Rows", "yield(none, call.Settle(ctx, nil))", "_, _ = none, call.Settle(ctx, nil)"},
	{"refusal yielded as nothing", "Dep.All", "yield(none, call.Settle(ctx, nil, guard.Keys(\"k\", k)...))", "yield(none, nil)"},
	{"iteration goes on after the refusal", "Dep.Each", "yield(none, call.Settle(ctx, nil))\n\t\t\treturn\n", "yield(none, call.Settle(ctx, nil))\n"},
	{"failure of an iteration not recorded", "Dep.Every", "call.Settle(ctx, err)\n", "_ = err\n"},
	{"iterator not guarded", "Dep.Rows", "return func(yield func(string, error) bool) {\n", "if true {\n\t\treturn g.next.Rows(ctx, k)\n\t}\n\treturn func(yield func(string, error) bool) {\n"},
	{"key of an iteration missing", "Dep.All", `call.Settle(ctx, err, guard.Keys("k", k)...)`, "call.Settle(ctx, err)"},
	{"key of a refused iteration missing", "Dep.All", `call.Settle(ctx, nil, guard.Keys("k", k)...)`, "call.Settle(ctx, nil)"},
	{"gate asked at the call", "Dep.Drain", "return func(yield func(string, error) bool) {\n\t\tcall := g.drain.Ask(ctx, guard.Keys(\"k\", k)...)\n", "call := g.drain.Ask(ctx, guard.Keys(\"k\", k)...)\n\treturn func(yield func(string, error) bool) {\n"},
	{"gate of an iteration not asked", "Dep.Drain", `g.drain.Ask(ctx, guard.Keys("k", k)...)`, "g.drain.Begin(ctx)"},
	{"errors of a returned iterator not recorded", "Dep.Find", "seq = guard.Sequence(ctx, g.find, seq)\n", ""},
	{"returned iterator recorded twice", "Dep.Find", "seq = guard.Sequence(ctx, g.find, seq)\n", "seq = guard.Sequence(ctx, g.find, guard.Sequence(ctx, g.find, seq))\n"},
	{"returned iterator dropped", "Dep.Query", "return seq, err\n", "return nil, err\n"},
	{"error beside an iterator not recorded", "Dep.Query", "if call.Succeeded(err) {", "if call.Succeeded(nil) {"},

	{"classifier lost", "Kinds.Get", "Classify: outcome,", ""},

	{"struct's arguments swapped", "Client.Get", "k, v)\n", "v, k)\n"},
	{"struct's key of another parameter", "Client.Set", `guard.Keys("k", k)`, `guard.Keys("k", v)`},
	{"struct's method of another name", "Client.Set", "g.next.Set(", "g.next.Get("},
	{"promoted method called twice", "Client.Drop", "g.next.Drop(call.Context(ctx), k)\n", "g.next.conn.Drop(call.Context(ctx), k)\n\t\tg.next.Drop(ctx, k)\n"},
	{"promoted method's class lost", "Client.Drop", `{Name: "Drop", Class: guard.Destructive, Budget: guard.NoBudget},
	},
}

// GuardedClient`, `{Name: "Drop"},
	},
}

// GuardedClient`},
	{"generic arguments swapped", "Store.Get", "key, other)\n", "other, key)\n"},
	{"generic results swapped", "Store.Get", "v, v2, err = g", "v2, v, err = g"},
	{"generic gate not asked", "Store.Delete", `g.delete.Ask(ctx, guard.Keys("key", key)...)`, "g.delete.Begin(ctx)"},
	{"generic key missing", "Store.Get", `, guard.Keys("key", key)...`, ""},
	{"generic variadic dropped", "Store.List", "keys...)", "keys[:0]...)"},
}

// TestExerciseFindsMistakes is the ablation of the harness: a wrapper with a mistake in one method fails in that method,
// and only there. A copy of the shape has one mistake in each of several methods.
func TestExerciseFindsMistakes(t *testing.T) {
	var copies []*shape
	in := make(map[string][]int) // the mutants of a method, one in each copy
	for i, mutant := range mutants {
		in[mutant.method] = append(in[mutant.method], i)
		if n := len(in[mutant.method]); n > len(copies) {
			copies = append(copies, &shape{name: fmt.Sprint("copy", n-1), from: mutantsOf})
		}
	}
	m := newModule(t, copies)
	packages, findings := annotations.Load(context.Background(), annotations.Config{Dir: m.dir, Env: m.env}, "./...")
	if findings.HasErrors() || len(packages) != len(copies) {
		t.Fatal(findings)
	}
	for n, pkg := range packages {
		text, problems := templates.File(pkg, pkg.Files[0])
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		whole := string(text)
		for _, list := range in {
			if n < len(list) {
				whole = mutate(t, whole, list[n])
			}
		}
		m.write(annotations.GeneratedPath(pkg.Files[0].Path), []byte(whole))
		path, test, err := fakes.File(pkg)
		if err != nil {
			t.Fatal(err)
		}
		m.write(path, test)
	}
	out, _ := m.goCommand("test", "-vet=off", "-json", "./...")
	failed := m.failedTests(out)
	for method, list := range in {
		typ, name, _ := strings.Cut(method, ".")
		for n := range copies {
			failure := failed[copies[n].name]["TestExercise_"+typ+"/"+name]
			switch {
			case len(failed[copies[n].name]) == 0:
				t.Fatalf("copy %d does not run", n)
			case n < len(list) && !failure:
				t.Errorf("%s: not noticed in %s", mutants[list[n]].name, method)
			case n >= len(list) && failure:
				t.Errorf("copy %d: %s fails without a mistake in it", n, method)
			}
		}
	}
}

// failedTests returns by shape which of its tests failed.
func (m *module) failedTests(out []byte) map[string]map[string]bool {
	failed := make(map[string]map[string]bool)
	for line := range bytes.Lines(out) {
		var e event
		switch err := json.Unmarshal(line, &e); {
		case err == nil && e.Action == "build-output":
			m.Log(strings.TrimSpace(e.Output))
			continue
		case err != nil || e.Test == "" || e.Action != "fail":
			continue
		}
		name := shapeOf(e.Package)
		if failed[name] == nil {
			failed[name] = make(map[string]bool)
		}
		failed[name][e.Test] = true
	}
	return failed
}

// mutate makes one mistake in a generated file.
func mutate(t *testing.T, text string, i int) string {
	t.Helper()
	mutant := mutants[i]
	typ, name, _ := strings.Cut(mutant.method, ".")
	start := regexp.MustCompile(`\nfunc \(g \*Guarded` + typ + `(\[.*\])?\) ` + name + `\(`).FindStringIndex(text)
	if start == nil {
		t.Fatalf("%s: there is no %s", mutant.name, mutant.method)
	}
	end := start[0] + strings.Index(text[start[0]:], "\n}\n")
	switch body := text[start[0]:end]; {
	case strings.Contains(body, mutant.original):
		return text[:start[0]] + strings.ReplaceAll(body, mutant.original, mutant.broken) + text[end:]
	case strings.Count(text, mutant.original) == 1:
		return strings.Replace(text, mutant.original, mutant.broken, 1)
	default:
		t.Fatalf("%s: the generated %s has no %q:\n%s", mutant.name, mutant.method, mutant.original, body)
		return ""
	}
}
