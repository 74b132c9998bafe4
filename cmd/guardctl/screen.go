package main

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"
)

// screen is what is known of the place that text is printed to.
type screen struct {
	terminal bool
	width    int // columns; 0: not known, and nothing is cut
	height   int // lines; 0: not known
	colour   bool
	unicode  bool // blocks and dots can be shown
	zone     *time.Location
}

// screenOf looks at standard output and the environment.
func screenOf(stdout io.Writer, env func(string) string) screen {
	s := screen{zone: time.Local, unicode: speaksUnicode(env)}
	if file, ok := stdout.(interface{ Fd() uintptr }); ok && term.IsTerminal(int(file.Fd())) {
		s.terminal = env("TERM") != "dumb"
		s.width, s.height, _ = term.GetSize(int(file.Fd()))
	}
	if s.width <= 0 {
		s.width, _ = strconv.Atoi(env("COLUMNS"))
		s.width = max(s.width, 0)
	}
	s.colour = s.terminal && env("NO_COLOR") == "" // no-color.org
	return s
}

// speaksUnicode reads the locale in the order of POSIX.
func speaksUnicode(env func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToUpper(env(name)); locale != "" {
			return strings.Contains(locale, "UTF-8") || strings.Contains(locale, "UTF8")
		}
	}
	return false
}

// style is how text looks where there is colour: parameters of SGR. What it says is in the words, too.
type style string

const (
	plain  style = ""
	strong style = "1"
	faint  style = "2"
	green  style = "32"
	yellow style = "33"
	red    style = "1;31"
	loud   style = "1;7;35" // nothing else looks like it: what is protected is not
)

// paint gives text a style.
func (s screen) paint(as style, text string) string {
	if as == plain || !s.colour || text == "" {
		return text
	}
	return "\x1b[" + string(as) + "m" + text + "\x1b[0m"
}

// ellipsis stands for what was cut.
func (s screen) ellipsis() string {
	if s.unicode {
		return "…"
	}
	return "..."
}

// cut shortens text to so many columns.
func (s screen) cut(text string, width int) string { return ansi.Truncate(text, width, s.ellipsis()) }

// fit shortens a line to the width of the screen.
func (s screen) fit(line string) string {
	if s.width == 0 {
		return line
	}
	return s.cut(line, s.width)
}

// wrap breaks text behind a first part into lines as wide as the screen, the later ones indented by as much as the first
// part is wide. On a screen that is too narrow for that it is one line, cut.
func (s screen) wrap(first, text string, as style) []string {
	indent := ansi.StringWidth(first)
	if s.width < indent+wrapLeast {
		return []string{s.fit(first + s.paint(as, text))}
	}
	lines := strings.Split(ansi.Wrap(text, s.width-indent, ""), "\n")
	for i, line := range lines {
		if i == 0 {
			lines[i] = first + s.paint(as, line)
		} else {
			lines[i] = strings.Repeat(" ", indent) + s.paint(as, line)
		}
	}
	return lines
}

// wrapLeast is the least width, in columns, at which breaking lines helps.
const wrapLeast = 20

func join(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}
