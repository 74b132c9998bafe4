package templates

import (
	"strings"

	"github.com/dave/jennifer/jen"
)

// commentWidth is the number of columns that a comment of our own fills.
const commentWidth = 118

// comment returns paragraphs as comment lines, ready to stand above a declaration.
func comment(paragraphs ...[]string) []jen.Code {
	var lines []jen.Code
	for _, paragraph := range paragraphs {
		if len(paragraph) == 0 {
			continue
		}
		if len(lines) > 0 {
			lines = append(lines, jen.Comment("//"))
		}
		for _, line := range paragraph {
			lines = append(lines, jen.Comment(commentLine(line)))
		}
	}
	return lines
}

// commentLine keeps the indentation of line, which has a meaning in documentation.
func commentLine(line string) string {
	switch {
	case line == "":
		return "//"
	case strings.HasPrefix(line, "\t"):
		return "//" + line
	default:
		return "// " + line
	}
}

// prose breaks sentences of our own into lines.
func prose(sentences ...string) []string {
	var lines []string
	var line string
	for _, word := range strings.Fields(strings.Join(sentences, " ")) {
		switch {
		case line == "":
			line = word
		case len("// ")+len(line)+len(" ")+len(word) > commentWidth:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
