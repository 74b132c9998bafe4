package main

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/guardgen/guardgen/annotations"
	"github.com/guardgen/guardgen/templates"
)

// version prints the version of this program, and what the files that it writes ask of the runtime.
func (s *session) version(args []string) int {
	if _, err := s.parse("version", args); err != nil {
		return s.fail(err)
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	fmt.Fprintf(s.stdout, "guardgen %s\n", build(info))
	fmt.Fprintf(s.stdout, "generated files need a %s with %s\n", annotations.RuntimePath, templates.Tie)
	return exitOK
}

// build says from which source a program was built, and with which Go. Built by go tool, go run or go install from a
// released module it has that version; from a checkout a version that the toolchain makes of the commit, or (devel); and
// where go.mod replaces the module, what it was replaced by.
func build(info *debug.BuildInfo) string {
	words := []string{cmp.Or(info.Main.Version, "(devel)")}
	if by := info.Main.Replace; by != nil {
		words = append(words, "replaced by", by.Path)
		if by.Version != "" && by.Version != "(devel)" {
			words = append(words, by.Version)
		}
	}
	settings := make(map[string]string)
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	// The version that is made of a commit names it, and says dirty itself.
	if revision := settings["vcs.revision"]; revision != "" && !strings.Contains(words[0], revision[:min(12, len(revision))]) {
		words = append(words, "commit", revision)
		if settings["vcs.modified"] == "true" {
			words = append(words, "modified")
		}
	}
	return strings.Join(append(words, info.GoVersion), " ")
}
