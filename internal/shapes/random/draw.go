package random

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Module is the path of the module that drawn packages belong to. What is internal here may be imported there.
const Module = "github.com/guardgen/guardgen/drawn"

const exercisePath = "github.com/guardgen/guardgen/internal/exercise"

// A Package is a drawn package with the ones it imports.
type Package struct {
	Seed    uint64
	Path    string // import path
	Name    string
	Clients []*Client

	Tests     bool     // the annotated types stand in test files
	Redefines []string // the words of Go to which the package gives another meaning

	files   []*file
	other   map[string]string // the other files, by path below the module's directory
	dir     string
	drawing *drawing
}

// drawing is a package while it is drawn.
type drawing struct {
	rng
	helpers  []*helper       // the first is the package itself
	declared map[string]bool // the names that the package declares
	imported map[string]bool // the names that its files give to imports
	names    map[string]string

	classifier string // the function for classify=
}

// taken are the names that no further declaration may have.
func (d *drawing) taken() map[string]bool {
	taken := maps.Clone(d.declared)
	maps.Copy(taken, d.imported)
	return taken
}

// declare notes the names that a client takes: its own, and those of its wrapper.
func (d *drawing) declare(name string) {
	title := strings.ToUpper(name[:1]) + name[1:]
	for _, n := range []string{name, "Guarded" + name, "guarded" + title, "NewGuarded" + name, "newGuarded" + title, fake(name)} {
		d.declared[n] = true
	}
}

func (d *drawing) packageName(path string) string {
	if name, ok := standard[path]; ok {
		return name
	}
	return d.names[path]
}

// Draw draws a package with about as many annotated types as asked for.
func Draw(seed uint64, clients int) *Package {
	d := &drawing{rng: newRNG(seed), declared: make(map[string]bool), imported: make(map[string]bool), names: make(map[string]string)}
	base := fmt.Sprintf("p%d", seed)
	p := &Package{Seed: seed, Path: Module + "/" + base, dir: base, other: make(map[string]string), drawing: d}
	p.Name = pick(d.rng, base, base, "service", "guard", "context", "time", "g", "api", "any", "odd")
	own := &helper{path: p.Path, name: p.Name, prefix: pick(d.rng, "", "", "My"), lower: d.one(40)}
	d.helpers = append(d.helpers, own)
	for _, h := range []*helper{
		{dir: "store", name: "store"}, {dir: "other/store", name: "store"}, {dir: "dot", name: "dot", prefix: "Dot"},
		{dir: "go-odd", name: pick(d.rng, "odd", "context", "guard", "time", "any", "g", "runtime")}, {dir: "guard", name: "guard"},
		{dir: "internal/deep", name: "deep"},
	} {
		if d.one(35) {
			h.path = p.Path + "/" + h.dir
			d.helpers = append(d.helpers, h)
			d.names[h.path] = h.name
			p.other[base+"/"+h.dir+"/"+h.name+".go"] = h.text()
		}
	}
	d.reserve(own)
	neighbours := d.neighbours()
	if d.one(12) {
		neighbours += d.redefine(own)
		p.other[base+"/words/words.go"] = words()
	}
	p.Redefines = own.redefines
	p.other[base+"/types.go"] = own.text()
	p.other[base+"/outcome.go"] = d.outcome()
	if text := neighbours; text != "" {
		p.other[base+"/neighbours.go"] = "package " + p.Name + "\n\n" + text
	}
	for i := range 1 + min(2, clients/4) {
		p.files = append(p.files, newFile(d, string(rune('a'+i))+".go"))
	}
	if d.one(5) {
		p.tested(d.one(50))
	}
	refused := d.one(8)
	for i := range clients {
		if file := pick(d.rng, p.files...); refused && d.one(60) {
			p.Clients = append(p.Clients, d.refusedClient(file, i+1))
		} else {
			p.Clients = append(p.Clients, d.drawClient(file, i+1))
		}
	}
	return p
}

// tested moves the annotated types into test files: those of the package, or of the tests outside of it, with all that they
// need.
func (p *Package) tested(outside bool) {
	p.Tests = true
	for _, f := range p.files {
		f.name = strings.TrimSuffix(f.name, ".go") + "_test.go"
	}
	if !outside {
		return
	}
	name := p.Name
	p.Name += "_test"
	for _, file := range []string{"types", "outcome", "neighbours"} {
		if text, ok := p.other[p.dir+"/"+file+".go"]; ok {
			delete(p.other, p.dir+"/"+file+".go")
			p.other[p.dir+"/"+file+"_test.go"] = strings.Replace(text, "package "+name+"\n", "package "+p.Name+"\n", 1)
		}
	}
}

// reserve notes the names of the package's own helper types.
func (d *drawing) reserve(own *helper) {
	for _, thing := range []string{"Item", "ID", "Kind", "KindA", "KindB", "Size", "Text", "List", "Box", "Pair", "Set", "Opt", "Row", "Fn", "Num", "Key",
		"PtrTo", "Node", "Sum", "Cmd", "Of", "Many", "Fault", "Errno", "Failure", "Err", "Ctx", "MyCtx", "Seq", "Base", "Twin", "Repo", "Group",
		"NewFault", "NewErrno", "NewFailure", "Failed", "Sealed", "Closed", "Arg", "ArgS", "ArgL", "ArgB", "WInt", "WLong", "WByte", "WString", "WFloat"} {
		d.declared[own.n(thing)] = true
	}
	for _, name := range []string{strings.ToLower(own.prefix) + "inner", "hidden", "pcontext", "piter", "init", "main", "_"} {
		d.declared[name] = true
	}
}

// neighbours declares things that have the names of what a wrapper declares or imports.
func (d *drawing) neighbours() string {
	var b strings.Builder
	for d.one(75) {
		name := pick(d.rng, slices.Concat(generatedNames, functionNames, []string{"guardedStoreSpec", "guardedAPISpec", "guardedSpec"})...)
		if d.declared[name] {
			continue
		}
		d.declared[name] = true
		fmt.Fprintf(&b, pick(d.rng, "type %s struct{ A struct{} }\n", "func %s() {}\n", "var %s = 1\n", "const %s = 2\n", "type %s[T interface{}] []T\n"), name)
	}
	return b.String()
}

// redefine gives words of Go another meaning.
func (d *drawing) redefine(own *helper) string {
	var b strings.Builder
	list := slices.Concat(typeWords, functionNames, vitalWords, vitalWords, vitalWords)
	for range 1 + d.IntN(3) {
		name := pick(d.rng, list...)
		if d.declared[name] {
			continue
		}
		d.declared[name] = true
		own.redefines = append(own.redefines, name)
		fmt.Fprintf(&b, pick(d.rng, "type %s struct{ A struct{} }\n", "func %s() {}\n", "var %s = 1\n", "type %s[T interface{}] []T\n"), name)
	}
	return b.String()
}

// Files returns the texts of the package and of those that it imports, by path below the module's directory.
func (p *Package) Files() map[string]string {
	files, _ := p.written()
	return files
}

// Refusals returns the errors that the generator has to report, and no others.
func (p *Package) Refusals() []Refusal {
	_, list := p.written()
	return list
}

func (p *Package) written() (map[string]string, []Refusal) {
	files := maps.Clone(p.other)
	var refusals []Refusal
	for _, f := range p.files {
		var uses []string
		var b strings.Builder
		for _, c := range p.Clients {
			if c.File == f.name {
				b.WriteString("\n" + c.text(&uses))
			}
		}
		if b.Len() > 0 {
			name := p.dir + "/" + f.name
			text, found := unmark(name, "package "+p.Name+"\n\n"+f.imports(uses)+b.String())
			files[name], refusals = text, append(refusals, found...)
		}
	}
	return files, refusals
}

// text returns the declaration, and adds the imports that it needs.
func (c *Client) text(uses *[]string) string {
	var b strings.Builder
	b.WriteString(strings.Replace(c.before+c.open, onType, c.saidOnType(), 1))
	*uses = append(*uses, c.head...)
	for _, m := range c.Methods {
		b.WriteString(m.Declared)
		*uses = append(*uses, m.uses...)
	}
	for _, e := range c.embeds {
		b.WriteString(e.text)
		*uses = append(*uses, e.uses...)
	}
	b.WriteString(c.close + c.base + c.after)
	for _, m := range c.Methods {
		b.WriteString(m.Beside)
	}
	if c.arguments != "" {
		fmt.Fprintf(&b, "\n//shape:args %s %s\n", c.Name, c.arguments)
	}
	if passing := c.passing(); len(passing) > 0 {
		fmt.Fprintf(&b, "\n//shape:unguarded %s %s\n", c.Name, strings.Join(passing, " "))
	}
	return b.String()
}

// Write puts the package into the module's directory.
func (p *Package) Write(dir string) error {
	for name, text := range p.Files() {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
