package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"
)

// helpTemplate prints a help text as it is.
const helpTemplate = `{{.Description}}`

// help prints the text about guardctl, or about a verb.
func help(_ context.Context, cmd *cli.Command) error {
	root := cmd.Root()
	about := root
	if name := cmd.Args().First(); name != "" {
		if about = root.Command(name); about == nil {
			return noSuchVerb(root, name)
		}
	}
	_, err := fmt.Fprint(root.Writer, about.Description)
	return err
}

const helpRoot = `guardctl shows and changes what the guard of a running service knows.

  guardctl status                       how things are
  guardctl watch                        the same, live, until q
  guardctl events [-f]                  what happened; with -f also what happens
  guardctl denials                      what was not done, and why
  guardctl explain OPERATION [KEY...]   what the gate would say now, and why
  guardctl wait [-for STATE]            wait for a state, or for an open gate

  guardctl probe DEPENDENCY             probe it now
  guardctl isolate DEPENDENCY           take it out: no calls, gate shut
  guardctl restore DEPENDENCY           end that
  guardctl mode [enforce|observe]       whether the gate's denials take effect

  guardctl help [VERB]                  this text, or that of a verb
  guardctl completion SHELL             completion for bash, zsh, fish, pwsh

Options may stand anywhere. These are for every verb:

  -address ADDRESS      where the service serves its status; no default
  -token-file FILE      where your token stands: probe, isolate, restore and
                        mode need one
  -request-timeout 5s   how long one answer may take; of probe, 30s
  -version              the version of guardctl

An address is http://127.0.0.1:9090, https://host/guard, 127.0.0.1:9090,
unix:///run/guard.sock, or /run/guard.sock.

Environment:

  GUARDCTL_ADDRESS      the address, without -address
  GUARDCTL_TOKEN        the token, without -token-file
  NO_COLOR              no colour, if it is set

Exit status: 0 healthy or done, 1 degraded, 2 unhealthy or denied, 3 unknown,
not reached, refused or not understood, 130 interrupted. An interrupt is how
watch and events -f end: there it is 0.
`

const helpStatus = `guardctl status [-json] [-all]

Shows how things are: in words what is wrong and what the gate does about it;
then each dependency, the worst first; each destructive operation, and what the
gate says to it; and what was not done.

  -json   the document of the service as it is (application/health+json)
  -all    everything; without it twenty dependencies of a state, and twenty
          operations of which the gate says the same

The strip is the last hour, the newest on the right: a low mark is healthy, a
half one degraded, a full one unhealthy.

  guardctl status
  guardctl status -json | jq '.checks["redis:state"][0].lastError'
  ssh db1 guardctl status -address /run/guard.sock

Exit status: the state of the system: 0 healthy, 1 degraded, 2 unhealthy,
3 unknown or not reached. A shut gate does not change it: that is what
guardctl wait -for open -timeout 0 tells.
`

const helpWatch = `guardctl watch [-all]

Shows how things are, and the last events, on the whole screen, until you press
q. Arrows and page keys move what is longer than the screen; ctrl-l draws it
anew. Without a terminal it prints a line about how things are, and then a line
for each event, until it is interrupted.

  -all    everything, and not only some of what is alike

  guardctl watch
  guardctl watch | tee outage.log

Exit status: 0, or 3 if the service is not reached at first. Later it connects
again by itself.
`

const helpEvents = `guardctl events [-f] [-json]

Lists what happened: states that changed, denials, overrides, what people did.
The service remembers about a thousand of them.

  -f      the last ten, and then each as it happens, until it is interrupted;
          a connection that breaks is made again
  -json   the document of the service as it is; with -f one event a line

  guardctl events
  guardctl events -f
  guardctl events -json | jq -r '.[] | select(.kind == "control") | .text'

Exit status: 0, or 3 if the service is not reached at first.
`

const helpDenials = `guardctl denials [-json]

Lists the destructive calls that were not made since the service started, by
operation and reason, the most frequent first; and those that ran all the same,
because the gate only observes.

  -json   the document of the service as it is

  guardctl denials

Exit status: 0, or 3 if the service is not reached.
`

const helpExplain = `guardctl explain [-confirmed] [-json] OPERATION [KEY...]

Says what the gate would say now to a destructive operation, about the things
that the keys name, and why. Nothing is destroyed, and nothing is probed. The
answer is for a caller in whose own work nothing has failed.

  -confirmed   as if a person had asked for just this
  -json        the document of the service as it is

  guardctl explain DeleteTopic
  guardctl explain DeleteTopic topic:news
  guardctl explain -confirmed TerminateSession session:42

Exit status: 0 allowed, or allowed if a probe succeeds; 2 denied, even if the
gate only observes; 3 no such operation, or not reached.
`

const helpWait = `guardctl wait [-for STATE] [-timeout 1m]

Waits for a state of the system, asking twice a second. A service that cannot
be reached may be about to start.

  -for healthy     the default
  -for degraded    degraded or healthy
  -for unhealthy   unhealthy
  -for open        the gate lets every destructive operation run, with proof
  -timeout 1m      how long; 0 asks once

  guardctl wait && ./deploy
  guardctl wait -for open -timeout 5m && guardctl status

Exit status: 0 if the state was reached. Otherwise that of the state that there
is, 1 degraded or 2 unhealthy; 3 if that is healthy, unknown or not reached.
130 if interrupted.
`

const helpProbe = `guardctl probe DEPENDENCY [-reason TEXT]

Has the service probe a dependency now, instead of when its back-off is over.
If it answers, its breaker closes at once. It needs a token.

  -reason TEXT   why; it is recorded

  guardctl probe redis

Exit status: 0 it answered, 2 it did not, 3 it could not be probed.
`

const helpIsolate = `guardctl isolate DEPENDENCY -reason TEXT

Takes a dependency out by hand, until guardctl restore: its calls are refused,
nothing probes it, and every destructive operation that requires it is denied,
overrides included. It needs a token.

  -reason TEXT   why; it is recorded, and shown to everybody

  guardctl isolate redis -reason "moving it to another host"

Exit status: 0 done, 3 not.
`

const helpRestore = `guardctl restore DEPENDENCY -reason TEXT

Ends what guardctl isolate began: the dependency is used again as soon as it
answers a probe, and the gate opens when it has been well for its hold time. It
needs a token.

  -reason TEXT   why; it is recorded

  guardctl restore redis -reason "moved"

Exit status: 0 done, 3 not.
`

const helpMode = `guardctl mode
guardctl mode enforce|observe [OPERATION...] -reason TEXT

Shows whether the gate's denials take effect, or changes that: of the named
operations, or of all. A gate that observes decides and counts, and lets
everything run: NOT ENFORCING stands wherever the state is shown. Changing it
needs a token.

  -reason TEXT   why; it is recorded

  guardctl mode
  guardctl mode observe DeleteTopic -reason "rolling out"
  guardctl mode enforce -reason "rolled out"

Exit status: 0 done, 3 not.
`

const helpHelp = `guardctl help [VERB]

Prints what guardctl is for, or what a verb is for, with examples.
`

const helpCompletion = `guardctl completion bash|zsh|fish|pwsh

Prints the script that completes verbs, options, and the names of dependencies
and operations of the service at GUARDCTL_ADDRESS.

  source <(guardctl completion bash)        in .bashrc
  source <(guardctl completion zsh)         in .zshrc
  guardctl completion fish > ~/.config/fish/completions/guardctl.fish
`
