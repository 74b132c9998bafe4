package annotations

import (
	"go/token"
	"slices"
	"strings"
	"time"
)

// option is one name=value of a directive that fills in a T.
type option[T any] struct {
	name    string
	example string // how to write it; without "=" it is a bare word
	parse   func(t *T, value string) *problem
}

// bare reports whether the option has no value.
func (o option[T]) bare() bool { return !strings.Contains(o.example, "=") }

// duration is an option that is a positive duration.
func duration(name, example string, field func(*Dependency) *time.Duration) option[Dependency] {
	return option[Dependency]{name, example, func(d *Dependency, value string) (p *problem) {
		*field(d), p = parseDuration(value)
		return p
	}}
}

// dependencyOptions are the options of //guard:dependency, in the order of the documentation.
var dependencyOptions = []option[Dependency]{
	{"name", "name=redis", func(d *Dependency, value string) (p *problem) {
		d.Name, p = parseDependencyName(value)
		return p
	}},
	{"optional", "optional", func(d *Dependency, _ string) *problem {
		d.Optional = true
		return nil
	}},
	{"threshold", "threshold=5", func(d *Dependency, value string) (p *problem) {
		d.Threshold, p = parseThreshold(value)
		return p
	}},
	{"backoff", "backoff=1s..60s", func(d *Dependency, value string) (p *problem) {
		d.Backoff, p = parseBackoff(value)
		return p
	}},
	{"timeout", "timeout=2s", func(d *Dependency, value string) (p *problem) {
		d.Timeout, _, p = parseTimeout(value) // none is what holds anyway
		return p
	}},
	duration("probe-timeout", "probe-timeout=1s", func(d *Dependency) *time.Duration { return &d.ProbeTimeout }),
	duration("probe-interval", "probe-interval=2s", func(d *Dependency) *time.Duration { return &d.ProbeInterval }),
	duration("max-age", "max-age=2s", func(d *Dependency) *time.Duration { return &d.MaxAge }),
	duration("hold", "hold=60s", func(d *Dependency) *time.Duration { return &d.Hold }),
	duration("reconnect", "reconnect=45s", func(d *Dependency) *time.Duration { return &d.Reconnect }),
	{"key", "key=session:id", func(d *Dependency, value string) (p *problem) {
		d.Keys, p = parseKeys(value)
		return p
	}},
	duration("quiet", "quiet=1s", func(d *Dependency) *time.Duration { return &d.Quiet }),
	{"classify", "classify=Func", func(d *Dependency, value string) (p *problem) {
		d.Classify, p = parseIdentifier(value)
		return p
	}},
	{"refuse", "refuse=Func", func(d *Dependency, value string) (p *problem) {
		d.Refuse, p = parseIdentifier(value)
		return p
	}},
	{"wrapper", "wrapper=Name", func(d *Dependency, value string) (p *problem) {
		d.Wrapper, p = parseWrapper(value)
		return p
	}},
}

// methodSettings is what the options of a directive about methods say.
type methodSettings struct {
	keys      []Key
	budget    Budget
	observe   bool
	when      string
	refuse    string
	timeout   time.Duration
	noTimeout bool
}

var keyOption = option[methodSettings]{"key", "key=session:id", func(s *methodSettings, value string) (p *problem) {
	if value == "none" {
		return nil // and the author has said so
	}
	s.keys, p = parseKeys(value)
	return p
}}

// methodOptions are the options of the directives about methods; a directive that is not here has none.
var methodOptions = map[string][]option[methodSettings]{
	"destructive": {
		keyOption,
		{"budget", "budget=20/1m", func(s *methodSettings, value string) (p *problem) {
			s.budget, p = parseBudget(value)
			return p
		}},
		{"mode", "mode=observe", func(s *methodSettings, value string) *problem {
			if value != "enforce" && value != "observe" {
				return problemf(0, "%q is no mode: write mode=enforce (which holds anyway) or mode=observe", value)
			}
			s.observe = value == "observe"
			return nil
		}},
		{"when", "when=Func", func(s *methodSettings, value string) (p *problem) {
			s.when, p = parseIdentifier(value)
			return p
		}},
	},
	"call": {
		{"timeout", "timeout=2s", func(s *methodSettings, value string) (p *problem) {
			s.timeout, s.noTimeout, p = parseTimeout(value)
			return p
		}},
		keyOption,
		{"refuse", "refuse=Func", func(s *methodSettings, value string) (p *problem) {
			s.refuse, p = parseIdentifier(value)
			return p
		}},
	},
}

// written remembers where an option stands, so that others can refer to it.
type written map[string]word

// pos returns where option stands, or fallback where it does not.
func (w written) pos(option string, fallback token.Pos) token.Pos {
	if said, ok := w[option]; ok {
		return said.pos
	}
	return fallback
}

// parseOptions reads the options among words into target and returns the words that are none. An option that seen
// holds already is an error. Positions of keys are still offsets in the value: placed fills them in. Behind a directive
// about methods the name of an option alone is none of its own: a method may be called so.
func parseOptions[T any](report *reporter, d *directive, options []option[T], target *T, seen written) (others []word) {
	for _, w := range d.words {
		i := slices.IndexFunc(options, func(o option[T]) bool { return o.name == w.name })
		switch {
		case i < 0 && w.hasValue:
			report.errorf(w.pos, "%s", unknownOption(d, w.name, options))
			continue
		case i < 0:
			others = append(others, w)
			continue
		}
		o := options[i]
		if !w.hasValue && !o.bare() && d.name != "dependency" {
			others = append(others, w)
			continue
		}
		if first, twice := seen[w.name]; twice {
			report.errorf(w.pos, "%s is given twice, first at %s", w.name, report.at(first.pos))
			continue
		}
		seen[w.name] = w
		switch {
		case o.bare() && w.hasValue:
			report.errorf(w.pos, "%s takes no value: write %s or leave it out", w.name, o.example)
		case o.bare():
			o.parse(target, "")
		case w.value == "":
			report.errorf(w.pos, "%s needs a value, such as %s", w.name, o.example)
		default:
			if p := o.parse(target, w.value); p != nil {
				report.errorf(w.valuePos+token.Pos(p.at), "%s: %s", w.name, p.text)
			}
		}
	}
	return others
}

// withoutValue says what is wrong with a word behind a directive that is the name of an option and no method's; "" if it is
// none.
func withoutValue(d *directive, word string) string {
	for _, o := range methodOptions[d.name] {
		if o.name == word {
			return word + " needs a value, such as " + o.example
		}
	}
	for _, options := range methodOptions {
		if slices.ContainsFunc(options, func(o option[methodSettings]) bool { return o.name == word }) {
			return word + " needs a value: write " + word + "="
		}
	}
	return ""
}

// unknownOption says what to write instead of an option that the directive does not have.
func unknownOption[T any](d *directive, name string, options []option[T]) string {
	names := optionNames(options)
	for _, owner := range []string{"destructive", "call", "dependency"} {
		if owner != d.name && slices.Contains(optionsOf(owner), name) {
			return name + "= does not belong to " + d.text() + ": write it behind //guard:" + owner
		}
	}
	if len(names) == 0 {
		return d.text() + " has no options: remove " + name + "="
	}
	return "unknown option " + name + "= of " + d.text() + ": " + suggestion(name, names)
}

// optionsOf returns the names of a directive's options.
func optionsOf(directive string) []string {
	if directive == "dependency" {
		return optionNames(dependencyOptions)
	}
	return optionNames(methodOptions[directive])
}

func optionNames[T any](options []option[T]) []string {
	names := make([]string, len(options))
	for i, o := range options {
		names[i] = o.name
	}
	return names
}
