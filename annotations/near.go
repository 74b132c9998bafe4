package annotations

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// What somebody may have meant as a directive in the middle of a comment, or in another spelling. The last group is the
// name of the directive.
var (
	slashed = regexp.MustCompile(`/{2,}[\s\p{Z}]*(?i:guard)[\s\p{Z}]*:[\s\p{Z}]*([\pL-]*)`)                    // deletes //guard:destructive
	tight   = regexp.MustCompile(`(\pL+):(\pL[\pL-]*)`)                                                        // @guard:heavy, gaurd:heavy
	joined  = regexp.MustCompile(`\bguard[-./=;,_](` + strings.Join(directiveNames, "|") + `)\b`)              // guard.heavy
	apart   = regexp.MustCompile(`^[\s\p{Z}*/@]*guard[\s\p{Z}]+(` + strings.Join(directiveNames, "|") + `)\b`) // guard heavy
)

// reportNearIn reports the near-directives of each annotated type in a file, and on its methods. Only there: the same
// words are prose elsewhere.
func (r *reader) reportNearIn(p *sourcePackage, file *ast.File) {
	for _, decl := range file.Decls {
		if decl, ok := decl.(*ast.GenDecl); ok && decl.Tok == token.TYPE {
			for _, spec := range decl.Specs {
				d := declaration{p.PkgPath, file, decl, spec.(*ast.TypeSpec)}
				r.reportNear(d, false, p.memberDocs(d.spec))
			}
		}
	}
}

// reportNear reports comments in, directly above and on the members of a type that look like directives and are none,
// because a gate that somebody believes in would be missing. A type without any directive is annotated only for those who
// embed it.
func (r *reader) reportNear(d declaration, annotated bool, members []*ast.CommentGroup) {
	groups := append(append(d.docs(), d.spec.Comment), members...)
	for _, group := range d.file.Comments {
		if d.spec.Pos() <= group.Pos() && group.End() <= d.spec.End() {
			groups = append(groups, group)
		}
	}
	_, isInterface := d.spec.Type.(*ast.InterfaceType) // other types speak of directives in prose
	var others []*ast.Comment                          // that are neither directives nor reported
	seen := make(map[*ast.CommentGroup]bool)
	for _, group := range groups {
		if group == nil || seen[group] {
			continue
		}
		seen[group] = true
		for _, comment := range group.List {
			switch {
			case r.directive(comment) != nil || r.botched[comment]:
				annotated = true
			default:
				match := slashed.FindStringSubmatch(comment.Text)
				annotated = annotated || isInterface && match != nil && slices.Contains(directiveNames, match[1])
				others = append(others, comment)
			}
		}
	}
	if !annotated {
		return
	}
	for _, comment := range others {
		at := 0
		for line := range strings.Lines(comment.Text) {
			if offset, said, ok := nearDirective(line); ok {
				pos := comment.Slash + token.Pos(at+offset)
				if name, ok := near(said, directiveNames); ok {
					r.report.errorf(pos, "not a directive as it is spelt: write //guard:%s, in a line comment of its own, or reword the comment", name)
				} else {
					r.report.errorf(pos, "not a directive as it is spelt: write //guard: and one of %s, or reword the comment", enumerate(directiveNames))
				}
			}
			at += len(line)
		}
	}
}

// nearDirective finds what looks like a directive in one line of a comment, and which one was said.
func nearDirective(line string) (at int, said string, ok bool) {
	for _, form := range []*regexp.Regexp{slashed, joined, apart} {
		if match := form.FindStringSubmatchIndex(line); match != nil {
			return match[0], line[match[2]:match[3]], true
		}
	}
	for _, match := range tight.FindAllStringSubmatchIndex(line, -1) {
		said := line[match[4]:match[5]]
		if _, ok := near(said, directiveNames); ok && likeGuard(line[match[2]:match[3]]) {
			return match[0], said, true
		}
	}
	return 0, "", false
}

// meansDependency reports whether a comment on a type without //guard:dependency means it in another spelling. That is
// reported, and as soon as it is corrected, what the type says about its methods has its place.
func meansDependency(groups ...*ast.CommentGroup) bool {
	for _, group := range groups {
		if group == nil {
			continue
		}
		for _, comment := range group.List {
			for line := range strings.Lines(comment.Text) {
				if _, said, ok := nearDirective(line); ok && nearest(said, directiveNames) == "dependency" {
					return true
				}
			}
		}
	}
	return false
}

// misread reports whether comments in the source of pkg, about an annotated type, one that it embeds or their methods, mean
// to be directives and are none. What merely looks like one counts in the user's own packages, where it is reported.
func (r *reader) misread(pkg *types.Package, groups ...*ast.CommentGroup) bool {
	own := pkg != nil && r.loader.isOwn(pkg.Path())
	for _, group := range groups {
		if group == nil {
			continue
		}
		for _, comment := range group.List {
			switch {
			case r.directive(comment) != nil:
			case r.botched[comment]:
				return true
			case own:
				for line := range strings.Lines(comment.Text) {
					if _, _, ok := nearDirective(line); ok {
						return true
					}
				}
			}
		}
	}
	return false
}

// likeGuard reports whether a word is guard, but for one letter or for their order.
func likeGuard(word string) bool {
	const guard = "guard"
	sorted := func(s string) string {
		letters := []byte(s)
		slices.Sort(letters)
		return string(letters)
	}
	word = strings.ToLower(word)
	return distance(word, guard) <= 1 || sorted(word) == sorted(guard)
}
