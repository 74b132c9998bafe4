package fakes

import (
	"fmt"
	"go/token"
	"go/types"
	"os"
	"regexp"
	"strings"

	"github.com/guardgen/guardgen/annotations"
)

// notes are what the sources of a package say to their test, by kind and type.
type notes map[string]string

var note = regexp.MustCompile(`(?m)^//shape:(args|unguarded|uncalled) (\S+)(.*)$`)

func readNotes(pkg *annotations.Package) (notes, error) {
	found := make(notes)
	for _, file := range pkg.Files {
		text, err := os.ReadFile(file.Path)
		if err != nil {
			return nil, err
		}
		for _, match := range note.FindAllStringSubmatch(string(text), -1) {
			found[match[1]+" "+match[2]] = strings.TrimSpace(match[3])
		}
	}
	return found, nil
}

// unguarded lists the methods of a type that pass because of their shape.
func (n notes) unguarded(client string) []string { return strings.Fields(n["unguarded "+client]) }

// isUncalled reports whether a type has a test of its own.
func (n notes) isUncalled(client string) bool {
	_, said := n["uncalled "+client]
	return said
}

// arguments are the type arguments for a generic type.
func (n notes) arguments(pkg *types.Package, client string) (list []types.Type, err error) {
	text := n["args "+client]
	for _, expression := range splitList(text) {
		value, err := types.Eval(token.NewFileSet(), pkg, token.NoPos, expression)
		if err != nil {
			return nil, fmt.Errorf("//shape:args %s %s: %w", client, text, err)
		}
		list = append(list, value.Type)
	}
	return list, nil
}

// splitList splits at the commas that stand in no brackets.
func splitList(text string) (list []string) {
	depth, start := 0, 0
	for i, r := range text {
		switch r {
		case '[', '(', '{':
			depth++
		case ']', ')', '}':
			depth--
		case ',':
			if depth == 0 {
				list, start = append(list, text[start:i]), i+1
			}
		}
	}
	if text != "" {
		list = append(list, text[start:])
	}
	return list
}
