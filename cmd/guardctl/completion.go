package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
)

// completionPatience is how long somebody who pressed a key waits.
const completionPatience = time.Second

// completion shows what the library hides.
func completion(cmd *cli.Command) {
	cmd.Hidden, cmd.Usage = false, "the script that completes guardctl in a shell"
	cmd.Description, cmd.CustomHelpTemplate, cmd.OnUsageError = helpCompletion, helpTemplate, usage
	for _, shell := range cmd.Commands {
		shell.CustomHelpTemplate, shell.Description, shell.OnUsageError = helpTemplate, helpCompletion, usage
	}
}

// complete lists what may stand next: options, and names that the service knows.
func (s *session) complete(ctx context.Context, cmd *cli.Command) {
	args := cmd.Args().Slice()
	if n := len(args); n > 0 && strings.HasPrefix(args[n-1], "-") {
		cli.DefaultCompleteWithFlags(ctx, cmd)
		return
	}
	for _, word := range s.words(ctx, cmd, args) {
		if harmless.MatchString(word) {
			fmt.Fprintln(s.stdout, word)
		}
	}
}

// harmless matches the names that a shell is given: bash would run what stands in a name of a server's choice.
var harmless = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

// words are what the argument behind args may be.
func (s *session) words(ctx context.Context, cmd *cli.Command, args []string) (words []string) {
	switch name := cmd.Name; {
	case name == "mode" && len(args) == 0:
		return []string{"enforce", "observe"}
	case name == "mode", name == "explain" && len(args) == 0:
		p := s.known(ctx, cmd)
		for _, op := range p.Operations {
			words = append(words, op.Decision.Operation)
		}
	case (name == "probe" || name == "isolate" || name == "restore") && len(args) == 0:
		p := s.known(ctx, cmd)
		for _, check := range (show{picture: p}).checks() {
			words = append(words, check.ComponentID)
		}
	}
	return words
}

// known is what the service says, or nothing if it does not.
func (s *session) known(ctx context.Context, cmd *cli.Command) *picture {
	c, err := s.client(cmd)
	if err != nil {
		return &picture{}
	}
	defer c.close()
	c.patience = completionPatience
	p, err := c.report(ctx)
	if err != nil {
		return &picture{}
	}
	return p
}
