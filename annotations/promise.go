package annotations

import (
	"go/ast"
	"go/token"
	"slices"
)

// withPromises returns the files of p with declarations of the wrappers that its annotations promise, so that a
// signature can name one: what guardgen wrote earlier is left out, and the first run has nothing yet. A promised wrapper
// has its name and the methods of its interface or struct, which it embeds; nothing else of it is known.
func (p *sourcePackage) withPromises() []*ast.File {
	files := slices.Clone(p.files)
	declared := make(map[string]bool)
	for _, file := range files {
		declare(file, declared)
	}
	for i, file := range files {
		var specs []ast.Spec
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.GenDecl)
			if !ok || decl.Tok != token.TYPE {
				continue
			}
			for _, spec := range decl.Specs {
				spec := spec.(*ast.TypeSpec)
				if wrapper := promisedBy(decl, spec); wrapper != "" && !declared[wrapper] {
					declared[wrapper], p.promised[wrapper] = true, true
					specs = append(specs, promise(wrapper, spec, file.Package))
				}
			}
		}
		if len(specs) > 0 {
			promising := *file
			promising.Decls = append(slices.Clip(file.Decls), &ast.GenDecl{TokPos: file.Package, Tok: token.TYPE, Specs: specs})
			files[i] = &promising
		}
	}
	return files
}

// declare notes the names that a file declares for its package.
func declare(file *ast.File, names map[string]bool) {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				names[decl.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					names[spec.Name.Name] = true
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						names[name.Name] = true
					}
				}
			}
		}
	}
}

// promisedBy returns the name of the wrapper that the annotation of a type asks for, "" without one. What is wrong with
// the annotation is said elsewhere.
func promisedBy(decl *ast.GenDecl, spec *ast.TypeSpec) (wrapper string) {
	if spec.Name.Name == "_" {
		return ""
	}
	silent := &reporter{fset: token.NewFileSet()}
	for _, group := range []*ast.CommentGroup{spec.Doc, groupDoc(decl, spec)} {
		if group == nil {
			continue
		}
		for _, comment := range group.List {
			d, _ := parseDirective(silent, comment)
			if d == nil || d.name != "dependency" {
				continue
			}
			if wrapper == "" {
				wrapper = wrapperName(spec.Name.Name)
			}
			for _, w := range d.words {
				if w.name == "wrapper" && token.IsIdentifier(w.value) {
					wrapper = w.value
				}
			}
		}
	}
	return wrapper
}

// promise declares type wrapper struct{ Client } at pos, which lies outside every type of the file, so that no error
// about it is taken for one about the type.
func promise(wrapper string, spec *ast.TypeSpec, pos token.Pos) *ast.TypeSpec {
	var embedded ast.Expr = &ast.Ident{NamePos: pos, Name: spec.Name.Name}
	if spec.TypeParams != nil {
		var arguments []ast.Expr
		for _, field := range spec.TypeParams.List {
			for _, name := range field.Names {
				arguments = append(arguments, &ast.Ident{NamePos: pos, Name: name.Name})
			}
		}
		embedded = &ast.IndexListExpr{X: embedded, Lbrack: pos, Indices: arguments, Rbrack: pos}
	}
	if _, ok := spec.Type.(*ast.StructType); ok { // which may have a field of the wrapper
		embedded = &ast.StarExpr{Star: pos, X: embedded}
	}
	fields := &ast.FieldList{Opening: pos, List: []*ast.Field{{Type: embedded}}, Closing: pos}
	return &ast.TypeSpec{
		Name:       &ast.Ident{NamePos: pos, Name: wrapper},
		TypeParams: spec.TypeParams,
		Type:       &ast.StructType{Struct: pos, Fields: fields},
	}
}
