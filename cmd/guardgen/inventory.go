package main

import (
	"cmp"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/guardgen/guardgen/annotations"
)

// client is an annotated type, as list prints it. docs/inventory.md says what each field promises.
type client struct {
	Dependency string   `json:"dependency"`
	Type       string   `json:"type"` // import path and name
	Kind       string   `json:"kind"` // interface or struct
	Wrapper    string   `json:"wrapper"`
	Position   string   `json:"position"`
	Options    []string `json:"options"` // as in the annotation, without defaults
	Methods    []method `json:"methods"` // in the order of the source

	file string // the base name of the source
}

// method is one method of a client. Its class is regular, heavy, destructive or unguarded.
type method struct {
	Name     string   `json:"name"`
	Class    string   `json:"class"`
	Keys     []string `json:"keys"`             // kind:path, those of the interface that the method's parameters carry or its own
	Budget   string   `json:"budget,omitempty"` // destructive: what holds, the default too
	Why      string   `json:"why,omitempty"`    // unguarded: skip or no-error
	Options  []string `json:"options"`          // as in the annotation, without defaults
	Position string   `json:"position"`
}

// inventory lists the annotated types, sorted by dependency and then by name; methods in the order of the source.
func (s *session) inventory(packages []*annotations.Package) []client {
	inventory := []client{}
	for _, pkg := range packages {
		for _, file := range pkg.Files {
			for _, of := range file.Clients {
				inventory = append(inventory, s.client(pkg, file, of))
			}
		}
	}
	slices.SortStableFunc(inventory, func(a, b client) int {
		return cmp.Or(strings.Compare(a.Dependency, b.Dependency), strings.Compare(a.Type, b.Type))
	})
	return inventory
}

func (s *session) client(pkg *annotations.Package, file *annotations.File, of *annotations.Client) client {
	c := client{
		Dependency: of.Dependency.Name,
		Type:       pkg.Path + "." + of.Name,
		Kind:       "interface",
		Wrapper:    of.Dependency.Wrapper,
		Position:   s.position(of.Pos),
		Options:    dependencyOptions(of.Dependency),
		Methods:    []method{},
		file:       filepath.Base(file.Path),
	}
	if of.Struct {
		c.Kind = "struct"
	}
	for _, m := range of.Methods {
		c.Methods = append(c.Methods, s.method(m))
	}
	return c
}

func (s *session) method(of *annotations.Method) method {
	m := method{Name: of.Name, Class: class(of), Keys: keys(of.Keys), Options: methodOptions(of), Position: s.position(of.Pos)}
	switch {
	case m.Class == "destructive":
		m.Budget = cmp.Or(of.Budget, annotations.DefaultBudget).String()
	case of.Class == annotations.Skip:
		m.Why = "skip"
	case m.Class == "unguarded":
		m.Why = "no-error"
	}
	return m
}

func (s *session) position(pos token.Position) string { return s.config().Relative(pos).String() }

func class(m *annotations.Method) string {
	switch {
	case m.Passes():
		return "unguarded"
	case m.Class == annotations.Heavy:
		return "heavy"
	case m.Class == annotations.Destructive:
		return "destructive"
	default:
		return "regular"
	}
}

func keys(of []annotations.Key) []string {
	list := []string{}
	for _, key := range of {
		list = append(list, key.String())
	}
	return list
}

// settings collects name=value of what is set.
type settings []string

func (o *settings) flag(name string, set bool) {
	if set {
		*o = append(*o, name)
	}
}

func (o *settings) text(name, value string) { o.flag(name+"="+value, value != "") }

func (o *settings) duration(name string, d time.Duration) {
	o.flag(name+"="+annotations.FormatDuration(d), d != 0)
}

func dependencyOptions(d annotations.Dependency) []string {
	o := settings{}
	o.flag("optional", d.Optional)
	o.text("threshold", d.Threshold.String())
	o.text("backoff", d.Backoff.String())
	o.duration("timeout", d.Timeout)
	o.duration("probe-timeout", d.ProbeTimeout)
	o.duration("probe-interval", d.ProbeInterval)
	o.duration("max-age", d.MaxAge)
	o.duration("hold", d.Hold)
	o.duration("reconnect", d.Reconnect)
	o.duration("quiet", d.Quiet)
	o.text("key", strings.Join(keys(d.Keys), ","))
	o.text("classify", d.Classify)
	o.text("refuse", d.Refuse)
	return o
}

func methodOptions(m *annotations.Method) []string {
	o := settings{}
	o.flag("probe", m.Probe)
	o.flag("safe", m.Safe)
	o.text("budget", m.Budget.String())
	o.flag("mode=observe", m.Observe)
	o.text("when", m.When)
	o.flag("timeout=none", m.NoTimeout)
	o.duration("timeout", m.Timeout)
	o.text("refuse", m.Refuse)
	return o
}
