package main

import (
	"errors"

	"github.com/guardgen/guardgen/annotations"
	"github.com/guardgen/guardgen/templates"
)

// suggest prints an annotated interface to start from.
func (s *session) suggest(args []string) int {
	targets, err := s.parse("suggest", args)
	switch {
	case err != nil:
		return s.fail(err)
	case len(targets) > 1:
		return s.fail(errors.New("suggest takes one type a run: write guardgen suggest " + targets[0]))
	case targets[0] == ".":
		return s.fail(errors.New("suggest needs a type: write guardgen suggest PKG.Type, such as io.ReadWriteCloser, ./transport.Transport, or Transport for a type in this directory"))
	}
	suggestion, findings := annotations.Suggest(s.ctx, s.config(), targets[0])
	if !s.print(findings) {
		return exitFailed
	}
	text, err := templates.Suggestion(suggestion)
	if err != nil {
		return s.fail(err)
	}
	if _, err := s.stdout.Write(text); err != nil {
		return s.fail(err)
	}
	return exitOK
}
