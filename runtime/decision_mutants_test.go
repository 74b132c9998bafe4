package guard

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/ast/astutil"
)

// TestEveryMutantOfTheDecisionIsKilled plants mutants in decision.go: each comparison negated and moved by one, each
// condition made constant, each logical and arithmetic operator swapped, each mechanism left out or moved back by one
// place, each denial and each thing that a verdict tells left out. One of the checks of the decision must fail for each.
//
// All of them are compiled once, into a package of their own that a variable switches between them.
func TestEveryMutantOfTheDecisionIsKilled(t *testing.T) {
	m := &mutator{files: token.NewFileSet()}
	planted := m.plant(t, "decision.go")
	if len(m.mutants) < 100 {
		t.Fatalf("%d mutants", len(m.mutants))
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"reason.go", "clock.go", "word.go", "decision_table_test.go", "testdata/decision.txt"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		write(name, string(text))
	}
	write("decision.go", planted)
	write("go.mod", "module mutants\n\ngo 1.26\n")
	write("rest.go", restOfThePackage)
	write("mutants_test.go", fmt.Sprintf(runMutants, len(m.mutants)))

	run := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-vet=off", ".")
	run.Dir = dir
	run.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	output, err := run.CombinedOutput()
	for line := range strings.Lines(string(output)) {
		var n int
		if _, err := fmt.Sscanf(strings.TrimSpace(line), "survivor %d", &n); err != nil {
			continue
		}
		t.Errorf("survives: decision.go, %s", m.mutants[n])
	}
	if err != nil || !bytes.Contains(output, []byte("ok ")) {
		t.Fatalf("%v\n%s", err, output)
	}
	t.Logf("%d mutants", len(m.mutants))
}

// restOfThePackage is what decision.go and its checks use of other files.
const restOfThePackage = `package guard

import (
	"errors"
	"fmt"
	"time"
)

const (
	episodeStreak = 3
	episodeTurn   = time.Second
	stallLimit    = 2 * time.Second
	second        = moment(time.Second)
)

var ErrClosed = errors.New("closed")

type Budget struct {
	Limit  int
	Window time.Duration
}

func (b Budget) String() string { return fmt.Sprintf("%d/1m", b.Limit) }

var active = -1 // the mutant

func pick[T any](n int, original, mutant T) T {
	if active == n {
		return mutant
	}
	return original
}

func leaveOut[T any](n int, original T) T {
	var zero T
	return pick(n, original, zero)
}

func without(n int, mechanism func() verdict) func() verdict {
	return pick(n, mechanism, func() verdict { return verdict{} })
}
`

// runMutants is the test of the planted package.
const runMutants = `package guard

import (
	"fmt"
	"testing"
)

func survives() (survives bool) {
	defer func() {
		if recover() != nil {
			survives = false
		}
	}()
	for _, check := range decisionChecks {
		if check() != nil {
			return false
		}
	}
	return true
}

func TestMutants(t *testing.T) {
	if !survives() {
		t.Fatal("the checks fail without a mutant")
	}
	for active = range %d {
		if survives() {
			fmt.Println("survivor", active)
		}
	}
}
`

// mutator plants mutants in a file.
type mutator struct {
	files   *token.FileSet
	mutants []string            // what each changes
	source  map[ast.Node]string // of each node as it was
	line    map[ast.Node]int
}

// add describes a mutant and returns its number, as an expression.
func (m *mutator) add(at ast.Node, what string, args ...any) ast.Expr {
	n := len(m.mutants)
	m.mutants = append(m.mutants, fmt.Sprintf("line %d: %s", m.line[at], fmt.Sprintf(what, args...)))
	return &ast.BasicLit{Kind: token.INT, Value: fmt.Sprint(n)}
}

// plant returns the text of a file with all its mutants.
func (m *mutator) plant(t *testing.T, name string) string {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(m.files, name, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	m.source, m.line = make(map[ast.Node]string), make(map[ast.Node]int)
	ast.Inspect(file, func(node ast.Node) bool {
		if node != nil {
			from, to := m.files.Position(node.Pos()), m.files.Position(node.End())
			m.source[node], m.line[node] = string(source[from.Offset:to.Offset]), from.Line
		}
		return true
	})
	astutil.Apply(file, nil, func(c *astutil.Cursor) bool {
		switch node := c.Node().(type) {
		case *ast.BinaryExpr:
			c.Replace(m.binary(node))
		case *ast.UnaryExpr:
			if node.Op == token.NOT {
				c.Replace(m.call("pick", m.add(node, "leave out the ! of %s", m.source[node]), node, node.X))
			}
		case *ast.IfStmt:
			condition, _, _ := strings.Cut(m.source[node], "{")
			node.Cond = m.call("pick", m.add(node, "%s: always", condition), node.Cond, ast.NewIdent("true"))
			node.Cond = m.call("pick", m.add(node, "%s: never", condition), node.Cond, ast.NewIdent("false"))
		case *ast.CompositeLit:
			m.literal(node)
		case *ast.ReturnStmt:
			if literal, ok := node.Results[0].(*ast.CompositeLit); ok && len(literal.Elts) > 0 && isIdent(literal.Type, "verdict") {
				node.Results[0] = m.call("leaveOut", m.add(node, "no denial"), literal)
			}
		}
		return true
	})
	var text bytes.Buffer
	if err := format.Node(&text, m.files, file); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// others are the operators that a mutant puts in the place of one.
var others = map[token.Token][]token.Token{
	token.EQL: {token.NEQ}, token.NEQ: {token.EQL},
	token.LSS: {token.LEQ, token.GEQ}, token.LEQ: {token.LSS, token.GTR},
	token.GTR: {token.GEQ, token.LEQ}, token.GEQ: {token.GTR, token.LSS},
	token.LAND: {token.LOR}, token.LOR: {token.LAND},
	token.ADD: {token.SUB}, token.SUB: {token.ADD}, token.MUL: {token.QUO},
}

func (m *mutator) binary(node *ast.BinaryExpr) ast.Expr {
	mutated := ast.Expr(node)
	for _, other := range others[node.Op] {
		changed := *node
		changed.Op = other
		mutated = m.call("pick", m.add(node, "%s for %s in %s", other, node.Op, m.source[node]), mutated, &changed)
	}
	return mutated
}

// literal plants mutants in the list of mechanisms, and in verdicts.
func (m *mutator) literal(node *ast.CompositeLit) {
	if _, ok := node.Type.(*ast.ArrayType); ok {
		plain := append([]ast.Expr(nil), node.Elts...)
		for i, mechanism := range plain {
			node.Elts[i] = m.call("without", m.add(node, "leave out %s", m.source[mechanism]), mechanism)
		}
		for i := range plain[1:] {
			n := m.add(node, "%s before %s", m.source[plain[i+1]], m.source[plain[i]])
			node.Elts[i], node.Elts[i+1] = m.call("pick", n, node.Elts[i], plain[i+1]), m.call("pick", n, node.Elts[i+1], plain[i])
		}
		return
	}
	for _, element := range node.Elts {
		if field, ok := element.(*ast.KeyValueExpr); ok && isIdent(node.Type, "verdict") {
			field.Value = m.call("leaveOut", m.add(node, "leave out %s: %s", m.source[field.Key], m.source[field.Value]), field.Value)
		}
	}
}

func (m *mutator) call(function string, args ...ast.Expr) ast.Expr {
	return &ast.CallExpr{Fun: ast.NewIdent(function), Args: args}
}

func isIdent(node ast.Expr, name string) bool {
	ident, ok := node.(*ast.Ident)
	return ok && ident.Name == name
}
