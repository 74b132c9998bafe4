package main

import (
	"fmt"
	"go/token"

	"github.com/rogpeppe/go-internal/diff"
)

// check prints what generate would change, and changes nothing.
func (s *session) check(args []string) int {
	patterns, err := s.parse("check", args)
	if err != nil {
		return s.fail(err)
	}
	changes, ok := s.changes(patterns)
	if !ok {
		return exitFailed
	}
	for _, c := range changes {
		fmt.Fprintf(s.stdout, "%s", s.diff(c))
		if c.new == nil {
			s.notef("%s is to go: %s", s.relative(c.path), c.why)
		}
	}
	if len(changes) > 0 {
		s.notef("%s: run go generate", count(len(changes), "generated file is stale", "generated files are stale"))
		return exitStale
	}
	return exitOK
}

const nowhere = "/dev/null"

// diff returns a change as a unified diff.
func (s *session) diff(c change) []byte {
	name := s.relative(c.path)
	switch {
	case c.old == nil:
		return diff.Diff(nowhere, nil, name, c.new)
	case c.new == nil:
		return diff.Diff(name, c.old, nowhere, nil)
	default:
		return diff.Diff(name, c.old, name, c.new)
	}
}

// relative returns path as findings have it.
func (s *session) relative(path string) string {
	return s.config().Relative(token.Position{Filename: path}).Filename
}
