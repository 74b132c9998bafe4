package annotations

import (
	"context"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// splitTarget splits PKG.Type. The package is "." where the type stands alone.
func splitTarget(target string) (pkg, name string, ok bool) {
	target = strings.TrimLeft(target, "*&")
	dot := strings.LastIndexByte(target, '.')
	pkg, name = ".", target
	if dot >= 0 {
		pkg, name = target[:dot], target[dot+1:]
	}
	if pkg == "" {
		pkg = "."
	}
	return pkg, name, token.IsIdentifier(name)
}

// resolve finds the package that the target names, as a pattern of the go command, and the name of the type.
func (s *suggester) resolve(ctx context.Context, target string) (pattern, name string, ok bool) {
	if plain, _, generic := strings.Cut(target, "["); generic {
		s.refuse("%s: write %s: the interface has the type parameters of the type", target, plain)
		return "", "", false
	}
	pkg, name, ok := splitTarget(target)
	if !ok {
		s.refuse("%s names no type: write PKG.Type, such as io.ReadWriteCloser, ./transport.Transport, or Transport for a type in this directory", target)
		return "", "", false
	}
	here := s.listHome(ctx)
	switch {
	case pkg == ".":
		if here == nil {
			s.refuse("there is no package in this directory: write PKG.%s", name)
		}
		return ".", name, here != nil
	case build.IsLocalImport(pkg) || filepath.IsAbs(pkg) || strings.Contains(pkg, "/"):
		return pkg, name, true
	}
	if paths := s.importedAs(here, pkg); len(paths) == 1 {
		return paths[0], name, true
	}
	if s.isPath(ctx, pkg) {
		return pkg, name, true
	}
	return s.search(ctx, pkg, name)
}

// listHome asks the go command about the package in the directory; nil where it knows none, such as outside a module.
func (s *suggester) listHome(ctx context.Context) *packages.Package {
	const mode = packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps
	found, err := s.loader.config.goList(ctx, mode, false, []string{"."})
	if err != nil || len(found) != 1 || len(found[0].GoFiles) == 0 {
		return nil
	}
	s.at.path = found[0].PkgPath
	return found[0]
}

// importedAs returns the imports of the package in the directory that one of its files knows by that name.
func (s *suggester) importedAs(here *packages.Package, name string) []string {
	if here == nil {
		return nil
	}
	paths := make(map[string]bool)
	for _, path := range here.GoFiles {
		file, _, err := s.loader.parse(path)
		if err != nil || file == nil {
			continue
		}
		given := aliases(file)
		for path, imported := range here.Imports {
			if given[path] == name || imported.Name == name && imports(file, path) {
				paths[imported.PkgPath] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

// isPath reports whether there is a package with that import path.
func (s *suggester) isPath(ctx context.Context, path string) bool {
	found, err := s.loader.config.goList(ctx, packages.NeedName|packages.NeedFiles, false, []string{path})
	return err == nil && len(found) == 1 && len(found[0].GoFiles) > 0
}

// search looks for a package of that name which declares the type: among those that the main module is built of, the
// standard library, and the roots of the modules that it requires.
func (s *suggester) search(ctx context.Context, pkg, name string) (pattern, _ string, ok bool) {
	patterns := []string{"std"}
	if s.at.path != "" {
		patterns = append(patterns, "all")
		patterns = append(patterns, s.required(ctx)...)
	}
	found, _ := s.loader.config.goList(ctx, packages.NeedName|packages.NeedFiles, false, patterns) // what is not found is not what is sought
	var known, paths, without []string
	for _, p := range found {
		if p.Name == "" || p.Name == "main" || !Importable(p.PkgPath, s.at.path) {
			continue
		}
		known = append(known, p.Name)
		switch {
		case p.Name != pkg:
		case declares(p, name):
			paths = append(paths, p.PkgPath)
		default:
			without = append(without, p.PkgPath)
		}
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	switch {
	case len(paths) == 1:
		return paths[0], name, true
	case len(paths) > 1:
		s.refuse("%s.%s is ambiguous: write %s", pkg, name, enumerateOr(paths, "."+name))
	case len(without) > 0:
		slices.Sort(without)
		return slices.Compact(without)[0], name, true // there it is said which type may be meant
	default:
		hint := "write its import path, such as github.com/redis/go-redis/v9.UniversalClient"
		if word, ok := near(pkg, known); ok {
			hint = "did you mean " + word + "." + name + "? else " + hint
		}
		s.refuse("no package named %s is imported here, in the standard library or in a required module: %s", pkg, hint)
	}
	return "", "", false
}

// required returns the paths of the modules that the main module requires. A package of that path need not exist.
func (s *suggester) required(ctx context.Context) []string {
	found, err := s.loader.config.goList(ctx, packages.NeedModule|packages.NeedName, false, []string{"."})
	if err != nil || len(found) != 1 || found[0].Module == nil || found[0].Module.GoMod == "" {
		return nil
	}
	content, err := s.loader.read(found[0].Module.GoMod)
	if err != nil {
		return nil
	}
	return requirements(string(content))
}

// requirements returns the module paths of the require lines in a go.mod.
func requirements(text string) (paths []string) {
	inside := false
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(line)
		switch {
		case len(words) == 2 && words[0] == "require" && words[1] == "(":
			inside = true
		case len(words) == 1 && words[0] == ")":
			inside = false
		case inside && len(words) == 2:
			paths = append(paths, strings.Trim(words[0], "\"`"))
		case len(words) == 3 && words[0] == "require":
			paths = append(paths, strings.Trim(words[1], "\"`"))
		}
	}
	return paths
}

// declares reports whether a package declares a type of that name.
func declares(p *packages.Package, name string) bool {
	return slices.ContainsFunc(p.GoFiles, func(path string) bool {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if file == nil || err != nil {
			return false
		}
		return slices.ContainsFunc(file.Decls, func(decl ast.Decl) bool {
			types, ok := decl.(*ast.GenDecl)
			return ok && slices.ContainsFunc(types.Specs, func(spec ast.Spec) bool {
				t, ok := spec.(*ast.TypeSpec)
				return ok && t.Name.Name == name
			})
		})
	})
}

// enumerateOr joins words as a sentence does, each with an end: "a.T, b.T or c.T".
func enumerateOr(words []string, end string) string {
	last := len(words) - 1
	return strings.Join(words[:last], end+", ") + end + " or " + words[last] + end
}
