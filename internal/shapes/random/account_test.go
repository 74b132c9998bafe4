package random

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/guardgen/guardgen/annotations"
)

// judgeRefusals compares the errors about a package with those that it has to have, and reports whether it has any.
func (f *failure) judgeRefusals() bool {
	var errs []annotations.Diagnostic
	for _, d := range f.diagnostics {
		if d.Severity == annotations.Error {
			errs = append(errs, d)
		}
	}
	expected := f.pkg.Refusals()
	for _, want := range expected {
		i := slices.IndexFunc(errs, func(d annotations.Diagnostic) bool {
			return want.At == filepath.ToSlash(d.Pos.String()) && strings.Contains(d.Message, want.Words)
		})
		if i < 0 {
			f.words = append(f.words, "not refused: "+want.At+": … "+want.Words+" …")
			continue
		}
		errs = slices.Delete(errs, i, i+1)
	}
	for _, d := range errs {
		f.words = append(f.words, "refused: "+d.String())
	}
	return len(expected)+len(errs) > 0
}

// judgeFindings compares what templates cannot write with the methods that name a word of Go which the package gives
// another meaning.
func (f *failure) judgeFindings(file *annotations.File, findings annotations.Diagnostics) {
	expected := make(map[string]bool)
	for _, client := range file.Clients {
		for _, name := range unnameable(f.checked, client.Name, f.pkg.client(client.Name).Guards()) {
			expected[name] = true
		}
	}
	for _, d := range findings {
		match := unnamed.FindStringSubmatch(d.Message)
		if match == nil {
			f.words = append(f.words, "not written: "+d.String())
			continue
		}
		name := match[1]
		for _, client := range file.Clients {
			if strings.HasPrefix(d.Message, "constraint") && d.Pos == client.Pos {
				name = client.Name + ": " + name
			}
			for _, m := range client.Methods {
				if client.Name+"."+m.Name == name && m.Pos != d.Pos {
					f.words = append(f.words, fmt.Sprintf("not written, at the wrong place: %s, and %s is at %s", d, name, m.Pos))
				}
			}
		}
		if !expected[name] {
			f.words = append(f.words, "not written: "+d.String())
		}
		delete(expected, name)
	}
	for name := range expected {
		f.words = append(f.words, "written: "+name+", whose types cannot be named")
	}
}

var unnamed = regexp.MustCompile(`^(.*): Go's \S+ cannot be named here, because package`)

func (p *Package) client(name string) *Client {
	i := slices.IndexFunc(p.Clients, func(c *Client) bool { return c.Name == name })
	if i < 0 {
		return &Client{}
	}
	return p.Clients[i]
}

// account compares the methods that a wrapper guards with those that were drawn to be. One that passes has a directive or
// a warning at its place.
func (f *failure) account(path string, client *annotations.Client, text string) {
	expected := f.pkg.client(client.Name).Guards()
	_, spec, _ := strings.Cut(text, strconv.Quote(path+"."+client.Name))
	spec, _, _ = strings.Cut(spec, "\n}")
	for _, m := range client.Methods {
		is := strings.Contains(spec, "{Name: "+strconv.Quote(m.Name)+",") || strings.Contains(spec, "{Name: "+strconv.Quote(m.Name)+"}")
		want, drawn := expected[m.Name]
		switch {
		case !drawn:
			f.words = append(f.words, fmt.Sprintf("%s.%s: nobody drew it", client.Name, m.Name))
		case is != want:
			f.words = append(f.words, fmt.Sprintf("%s.%s is guarded: %t, and should be: %t", client.Name, m.Name, is, want))
		case !is && m.Class != annotations.Skip && !f.isWarnedOf(m):
			f.words = append(f.words, fmt.Sprintf("%s.%s passes unguarded, and nothing says so at %s", client.Name, m.Name, m.Pos))
		}
		delete(expected, m.Name)
	}
	for name := range maps.Keys(expected) {
		f.words = append(f.words, fmt.Sprintf("the wrapper of %s has no %s", client.Name, name))
	}
}

func (f *failure) isWarnedOf(m *annotations.Method) bool {
	return slices.ContainsFunc(f.diagnostics, func(d annotations.Diagnostic) bool {
		_, names, found := strings.Cut(d.Message, "unguarded: ")
		names, _, _ = strings.Cut(names, ";")
		return found && d.Pos.Line == m.Pos.Line && d.Pos.Column == m.Pos.Column &&
			filepath.Base(d.Pos.Filename) == filepath.Base(m.Pos.Filename) && slices.Contains(strings.Split(names, ", "), m.Name)
	})
}
