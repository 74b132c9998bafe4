package goredis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	guard "github.com/guardgen/guardgen/runtime"
)

// Option changes how [Guard] guards a client.
type Option func(*config)

// config is what the options of one guard say.
type config struct {
	name     string
	policy   guard.Policy
	guard    []guard.Option
	classify func(context.Context, error) guard.Outcome
	keyNames func(key string) []string
	strict   bool

	tiers    []Tier
	more     []Command
	harmless []string

	probe    func(context.Context) error
	writeKey string
	runID    bool
	err      error
}

func newConfig() *config {
	return &config{
		name: "redis", tiers: DefaultTiers(), classify: Classify,
		keyNames: func(key string) []string { return guard.Keys("key", key) },
	}
}

// check reports everything that is wrong with the options.
func (c *config) check() error {
	if c.probe != nil && c.writeKey != "" {
		c.fail("ProbeWriting with Probe: there is one probe, let yours write")
	}
	return c.err
}

// fail keeps an error of an option for the end.
func (c *config) fail(format string, args ...any) {
	c.err = errors.Join(c.err, fmt.Errorf(format, args...))
}

// rows are the commands that go through the gate.
func (c *config) rows() ([]Command, error) {
	rows := InTiers(c.tiers...)
	for _, name := range c.harmless {
		if !slices.ContainsFunc(Commands(), func(row Command) bool { return row.Name == name }) {
			return nil, fmt.Errorf("Harmless: no destructive command is called %q: goredis.Commands lists them", name)
		}
		rows = slices.DeleteFunc(rows, func(row Command) bool { return row.Name == name })
	}
	return append(rows, c.more...), nil
}

// Name registers the client under another name than "redis". Clients of one server share a name, and with it the breaker
// and the probe of the newest. Another server needs a name of its own: under the same one the probe of one server would
// speak for both.
func Name(name string) Option { return func(c *config) { c.name = name } }

// Policy gives the dependency a policy. Without it, it shares the one that is known, or has the defaults. Its Classify
// is [Classify] unless it brings another.
func Policy(policy guard.Policy) Option {
	return func(c *config) {
		c.policy = policy
		if policy.Classify != nil {
			c.classify = policy.Classify
		}
		c.policy.Classify = c.classify
	}
}

// With passes on options of package guard: guard.WithMethod("DEL", …) gives a command a budget, a timeout, or observe mode;
// guard.WithGeneration another canary than [RunID].
func With(options ...guard.Option) Option {
	return func(c *config) { c.guard = append(c.guard, options...) }
}

// Gate chooses the tiers whose commands go through the gate, in place of [DefaultTiers]. Without tiers none does, but for
// those of [Destructive].
func Gate(tiers ...Tier) Option {
	return func(c *config) {
		for _, tier := range tiers {
			if !slices.Contains(Tiers(), tier) {
				c.fail("Gate: there is no %s", tier)
			}
		}
		c.tiers = tiers
	}
}

// Destructive sends more commands through the gate, such as those of a module.
func Destructive(commands ...Command) Option {
	return func(c *config) {
		for _, row := range commands {
			row.Name = strings.ToUpper(strings.Join(strings.Fields(row.Name), " "))
			if row.Tier == 0 {
				row.Tier = Removal
			}
			if row.Name == "" {
				c.fail("Destructive: a command has no name")
			}
			c.more = append(c.more, row)
		}
	}
}

// Harmless takes commands of the table from the gate, by name: in every case, whatever conditions their rows have.
func Harmless(names ...string) Option {
	return func(c *config) {
		for _, name := range names {
			c.harmless = append(c.harmless, strings.ToUpper(strings.Join(strings.Fields(name), " ")))
		}
	}
}

// KeyNames says what a key of Redis is called in the registry, so that the API and Redis speak of the same thing: for
// "sess:42:data" perhaps "session:42", as key=session:id makes it. Several names are all asked about and marked, none is for
// a key that nobody destroys. Without it "k" is "key:k", as in the wrappers of package generated. It is called on failures and
// for destructive commands only, concurrently.
func KeyNames(names func(key string) []string) Option {
	return func(c *config) {
		if names == nil {
			c.fail("KeyNames: the function is nil")
			return
		}
		c.keyNames = names
	}
}

// Strict makes errors of what [Guard] would else only warn about: settings that make the breaker slow to learn.
func Strict() Option { return func(c *config) { c.strict = true } }

// Probe replaces the health check, which is a PING over connections of its own, to every master of a cluster and every
// shard of a ring that is up. A probe of one's own should not wait behind blocking commands: give it a client of its own.
func Probe(probe func(context.Context) error) Option {
	return func(c *config) {
		if probe == nil {
			c.fail("Probe: the function is nil")
		}
		c.probe = probe
	}
}

// ProbeWriting makes the probe write, too: SET key 1 EX 5. A server that answers a PING and refuses writes (read-only, out
// of memory, no replicas) is degraded then before somebody's write finds out. It does not go with [Probe], which may write
// itself.
func ProbeWriting(key string) Option {
	return func(c *config) {
		if key == "" {
			c.fail("ProbeWriting: the key is empty")
		}
		c.writeKey = key
	}
}

// RunID lets the gate know a server that was restarted or replaced by its run id, read with each probe (INFO server): it may
// have come back empty, or from an old dump, and say of everything that it is not there. See guard.WithGeneration for
// what that costs. A server that does not say its run id keeps the gate shut.
func RunID() Option { return func(c *config) { c.runID = true } }
