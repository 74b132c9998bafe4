package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
)

const (
	// askPatience is how long one answer may take.
	askPatience = 5 * time.Second
	// probePatience is how long a probe may take, and its answer: its own bound is the service's to say.
	probePatience = 30 * time.Second
)

// verb does what the operator asked for, with a client of the service, and returns the exit code.
type verb func(ctx context.Context, cmd *cli.Command, c *client) (code int, err error)

// commands is the command line.
func (s *session) commands() *cli.Command {
	asJSON := func() cli.Flag { return &cli.BoolFlag{Name: "json"} }
	all := func() cli.Flag { return &cli.BoolFlag{Name: "all"} }
	reason := func() cli.Flag { return &cli.StringFlag{Name: "reason"} }
	root := &cli.Command{
		Name: "guardctl", Usage: "shows and changes what the guard of a service knows", Description: helpRoot, Version: version(),
		Reader: s.stdin, Writer: s.stdout, ErrWriter: s.stderr,
		EnableShellCompletion: true, ConfigureShellCompletionCommand: completion,
		HideHelpCommand: true, // it would be a verb of each verb, and no dependency could be called help
		ExitErrHandler:  func(context.Context, *cli.Command, error) {},
		Action:          s.noVerb,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "address"},
			&cli.StringFlag{Name: "token-file"},
			&cli.DurationFlag{Name: "request-timeout", Value: askPatience},
		},
		Commands: []*cli.Command{
			s.command("status", helpStatus, "how things are", noArguments, s.status, asJSON(), all()),
			s.command("watch", helpWatch, "how things are, live", noArguments, s.watch, all()),
			s.command("events", helpEvents, "what happened", noArguments, s.events, &cli.BoolFlag{Name: "f"}, asJSON()),
			s.command("denials", helpDenials, "what was not done, and why", noArguments, s.denials, asJSON()),
			s.command("explain", helpExplain, "what the gate would say now", anOperation, s.explain, &cli.BoolFlag{Name: "confirmed"}, asJSON()),
			s.command("wait", helpWait, "wait for a state", noArguments, s.wait,
				&cli.StringFlag{Name: "for", Value: "healthy"}, &cli.DurationFlag{Name: "timeout", Value: time.Minute}),
			s.command("probe", helpProbe, "probe a dependency now", aDependency, s.probe, reason()),
			s.command("isolate", helpIsolate, "take a dependency out by hand", aDependencyAndReason, s.isolate, reason()),
			s.command("restore", helpRestore, "end an isolation", aDependencyAndReason, s.restore, reason()),
			s.command("mode", helpMode, "whether the gate enforces", aMode, s.mode, reason()),
			{Name: "help", Usage: "this text, or that of a verb", Description: helpHelp, Action: help, OnUsageError: usage},
		},
		OnUsageError: usage,
	}
	root.CustomRootCommandHelpTemplate = helpTemplate
	for _, cmd := range root.Commands {
		cmd.CustomHelpTemplate = helpTemplate
	}
	return root
}

// command is a verb of the command line. What is wrong with its arguments is said before anybody is asked.
func (s *session) command(name, help, use string, check check, run verb, flags ...cli.Flag) *cli.Command {
	return &cli.Command{
		Name: name, Usage: use, Description: help, Flags: flags, OnUsageError: usage, ShellComplete: s.complete,
		ArgValidator: func(_ context.Context, cmd *cli.Command) error { return check(cmd) },
		Action: func(ctx context.Context, cmd *cli.Command) error {
			c, err := s.client(cmd)
			if err != nil {
				return err
			}
			defer c.close()
			s.code, err = run(ctx, cmd, c)
			return err
		},
	}
}

// client makes the client that the flags and the environment ask for.
func (s *session) client(cmd *cli.Command) (*client, error) {
	text := cmd.String("address")
	if !cmd.IsSet("address") {
		text = s.env("GUARDCTL_ADDRESS")
	}
	at, err := parseAddress(text)
	if err != nil {
		return nil, err
	}
	patience := cmd.Duration("request-timeout")
	if cmd.Name == "probe" && !cmd.IsSet("request-timeout") {
		patience = probePatience
	}
	if patience <= 0 {
		return nil, errors.New("-request-timeout must be positive, such as 5s")
	}
	token, err := s.token(cmd.String("token-file"))
	if err != nil {
		return nil, err
	}
	return newClient(at, token, patience), nil
}

// noVerb is what runs if the first word is no verb.
func (s *session) noVerb(_ context.Context, cmd *cli.Command) error {
	if !cmd.Args().Present() {
		s.code = exitUnknown
		fmt.Fprint(s.stderr, helpRoot)
		return nil
	}
	return noSuchVerb(cmd, cmd.Args().First())
}

func noSuchVerb(root *cli.Command, name string) error {
	var names []string
	for _, cmd := range root.Commands {
		names = append(names, cmd.Name)
	}
	return fmt.Errorf("there is no verb %s: %s", name, didYouMean(name, names))
}

// usage is the error for flags that are not understood.
func usage(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	text := err.Error()
	if name, unknown := strings.CutPrefix(text, "flag provided but not defined: -"); unknown {
		var names []string
		for _, flags := range [][]cli.Flag{cmd.Flags, cmd.Root().Flags} {
			for _, flag := range flags {
				names = append(names, "-"+flag.Names()[0])
			}
		}
		text = fmt.Sprintf("there is no option -%s: %s", name, didYouMean("-"+name, names))
	}
	help := "guardctl help"
	if cmd != cmd.Root() {
		help += " " + cmd.Name
	}
	return fmt.Errorf("%s (%s tells more)", text, help)
}

// version says from what guardctl was built.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version + " " + info.GoVersion
}
