package annotations

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
)

// reader makes the model of the packages that were loaded. Not safe for concurrent use.
type reader struct {
	loader *loader
	report *reporter
	roots  []*sourcePackage

	parsed  map[*ast.Comment]*directive // nil where a comment is no directive, or no valid one
	botched map[*ast.Comment]bool       // those that mean to be directives and are none, which is reported
	claimed map[*directive]bool         // those that stand where they mean something
	astray  map[*directive]string       // what to say about those that do not
	options map[*directive]*settings

	embedding []*types.TypeName // the embedded types that are being flattened, outermost first
	embedded  []declaration     // the types whose methods have been flattened into those of others
	guarded   []*annotated
	packages  []*Package // with annotated types
}

// settings is what a directive about methods says.
type settings struct {
	methodSettings
	names   []word // the methods it names
	written written
}

func newReader(l *loader, roots []*sourcePackage) *reader {
	return &reader{
		loader:  l,
		report:  l.report,
		roots:   roots,
		parsed:  make(map[*ast.Comment]*directive),
		botched: make(map[*ast.Comment]bool),
		claimed: make(map[*directive]bool),
		astray:  make(map[*directive]string),
		options: make(map[*directive]*settings),
	}
}

// read returns the packages with annotated types.
func (r *reader) read() []*Package {
	for _, p := range r.roots {
		if pkg := r.readPackage(p); len(pkg.Files) > 0 {
			r.packages = append(r.packages, pkg)
		}
		r.reportUnread(p.Package)
	}
	for _, p := range r.loader.bare {
		r.reportUnread(p)
	}
	for _, p := range r.roots {
		for _, file := range p.files {
			r.reportAstray(file, file)
			r.reportNearIn(p, file)
		}
	}
	for _, d := range r.embedded {
		own := r.loader.isOwn(d.path) // a comment elsewhere is not the user's to reword
		if own {
			r.reportAstray(d.file, d.spec)
		}
		var members []*ast.CommentGroup
		if p := r.loader.checked[d.path]; p != nil {
			members = p.memberDocs(d.spec)
		}
		r.reportNear(d, own, members)
	}
	for _, a := range r.guarded {
		a.checkHandedOut(r.guarded)
	}
	return r.packages
}

func (r *reader) readPackage(p *sourcePackage) *Package {
	pkg := &Package{Path: p.PkgPath, Name: p.Name, Dir: p.Dir, Types: p.types}
	for i, syntax := range p.files {
		if p.isTested() && !isTest(p.paths[i]) {
			continue // which the package itself has
		}
		file := &File{Path: p.paths[i], BuildTag: buildTag(p.paths[i], syntax), Aliases: aliases(syntax)}
		for _, decl := range syntax.Decls {
			if decl, ok := decl.(*ast.GenDecl); ok && decl.Tok == token.TYPE {
				file.Clients = append(file.Clients, r.readTypes(p, syntax, decl)...)
			}
		}
		if len(file.Clients) > 0 {
			pkg.Files = append(pkg.Files, file)
		}
	}
	if len(pkg.Files) > 0 {
		pkg.Unread = r.unreadNames(p)
	}
	if i := slices.IndexFunc(r.packages, func(other *Package) bool { return other.Path == p.PkgPath }); p.isTested() && i >= 0 {
		pkg.Tested = r.packages[i]
	}
	checkWrappers(r.report, p, pkg)
	return pkg
}

// aliases returns the names that a file gives to the packages it imports, where it gives one, by import path.
func aliases(file *ast.File) map[string]string {
	names := make(map[string]string)
	for _, spec := range file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil && spec.Name != nil && spec.Name.Name != "_" && spec.Name.Name != "." {
			names[path] = spec.Name.Name
		}
	}
	return names
}

// readTypes reads the annotated types of a type declaration.
func (r *reader) readTypes(p *sourcePackage, file *ast.File, decl *ast.GenDecl) []*Client {
	var list []*Client
	for _, spec := range decl.Specs {
		d := declaration{p.PkgPath, file, decl, spec.(*ast.TypeSpec)}
		directives := r.directives(d.docs()...)
		_, isInterface := d.spec.Type.(*ast.InterfaceType)
		switch {
		case find(directives, "dependency") != nil:
			if c := r.readClient(p, d, directives); c != nil {
				list = append(list, c)
			}
		case isInterface && meansDependency(d.docs()...): // which is reported
			r.claim(d.docs()...)
			r.claimMethods(p, d.spec)
		default:
			r.noteUnannotated(p, d.spec, directives)
		}
	}
	return list
}

// readClient reads one annotated type, or reports why it cannot.
func (r *reader) readClient(p *sourcePackage, d declaration, directives []*directive) *Client {
	name := d.spec.Name
	object, ok := p.types.Scope().Lookup(name.Name).(*types.TypeName)
	wrong, why := false, ""
	switch {
	case name.Name == "_":
		why = "a type named _ has no wrapper: name it"
	case !ok || object.Pos() != name.Pos():
		why = name.Name + " is declared twice in this package"
	default:
		wrong = r.reportDeclared(p, d.spec)
		why = r.unsupported(d, object)
	}
	if why != "" && d.decl.Lparen.IsValid() && find(r.directives(d.spec.Doc), "dependency") == nil {
		for _, directive := range directives {
			r.astray[directive] = why // unless the group has another type, which the directive is about
		}
		r.noteUnannotated(p, d.spec, r.directives(d.spec.Doc))
		return nil
	}
	r.claim(d.docs()...)
	if why != "" || wrong && !isResolved(object.Type()) {
		if !wrong {
			r.report.errorf(name.Pos(), "%s", why)
		}
		r.claimMethods(p, d.spec)
		return nil
	}
	dependency, said, header, about := r.readDependency(d.spec, directives)
	return r.readMethods(p, d, wrong, &annotated{
		Client: &Client{
			Name:       name.Name,
			Struct:     !types.IsInterface(object.Type()),
			Doc:        typeDoc(d.decl, d.spec),
			Pos:        r.report.position(name.Pos()),
			Type:       object,
			Dependency: dependency,
		},
		reader: r,
		report: r.report,
		pkg:    p,
		said:   said,
		header: header,
		pos:    header[0].pos(),
	}, about)
}

// readMethods finishes c with its methods; about are the directives about them that stand on the type. It returns nil if
// the type is wrong, or the signature of a method cannot be resolved.
func (r *reader) readMethods(p *sourcePackage, d declaration, wrong bool, c *annotated, about []*directive) *Client {
	if c.Struct {
		c.members = r.structClient(p.types, d, c.Type, about)
	} else {
		c.members = r.interfaceClient(p.types, d, c.Type, about)
	}
	misread := r.misread(p.types, d.docs()...)
	for _, m := range c.members {
		m.misread = m.misread || misread
	}
	if r.reportInvalid(p, c) || wrong {
		return nil
	}
	c.read()
	r.guarded = append(r.guarded, c)
	return c.Client
}

// readDependency reads the options of //guard:dependency, and returns its lines and the other directives on the type.
func (r *reader) readDependency(spec *ast.TypeSpec, directives []*directive) (dependency Dependency, said written, header, about []*directive) {
	said = make(written)
	for _, d := range directives {
		switch d.name {
		case "dependency":
			header = append(header, d)
			for _, w := range parseOptions(r.report, d, dependencyOptions, &dependency, said) {
				r.report.errorf(w.pos, "unknown option %s of //guard:dependency: %s", w.name, suggestion(w.name, optionsOf(d.name)))
			}
		default:
			about = append(about, d)
		}
	}
	dependency.Keys = placed(r.report, dependency.Keys, said["key"])
	if dependency.Name == "" {
		dependency.Name = kebab(spec.Name.Name)
		if _, given := said["name"]; !given && !isKebab(dependency.Name) {
			r.report.errorf(spec.Name.Pos(), "%s gives no name in lower-kebab for its dependency: write //guard:dependency name=", spec.Name.Name)
		}
	}
	if dependency.Wrapper == "" {
		dependency.Wrapper = wrapperName(spec.Name.Name)
	}
	return dependency, said, header, about
}

// settings reads the options of a directive about methods, once.
func (r *reader) settings(d *directive) *settings {
	if known, ok := r.options[d]; ok {
		return known
	}
	s := &settings{written: make(written)}
	r.options[d] = s
	for _, w := range parseOptions(r.report, d, methodOptions[d.name], &s.methodSettings, s.written) {
		switch {
		case slices.ContainsFunc(s.names, func(n word) bool { return n.name == w.name }):
			r.report.errorf(w.pos, "%s is named twice", w.name)
		default:
			s.names = append(s.names, w)
		}
	}
	s.keys = placed(r.report, s.keys, s.written["key"])
	return s
}
