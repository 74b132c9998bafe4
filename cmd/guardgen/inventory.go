package main

import (
	"fmt"
	"go/token"
	"slices"
	"strings"
	"time"

	"github.com/guardgen/guardgen/annotations"
)

// client is an annotated interface, as list prints it.
type client struct {
	Dependency string   `json:"dependency"`
	Interface  string   `json:"interface"` // import path and name
	Wrapper    string   `json:"wrapper"`
	Position   string   `json:"position"`
	Options    []string `json:"options"` // as in the annotation, without defaults
	Methods    []method `json:"methods"`
}

// method is one method of a client. Its class is regular, heavy, destructive or unguarded.
type method struct {
	Name     string   `json:"name"`
	Class    string   `json:"class"`
	Keys     []string `json:"keys"`    // kind:path, those of the interface that the method's parameters carry or its own
	Options  []string `json:"options"` // as in the annotation, without defaults
	Position string   `json:"position"`
}

// inventory lists the annotated interfaces, sorted by dependency; methods in the order of the source.
func (s *session) inventory(packages []*annotations.Package) []client {
	inventory := []client{}
	for _, pkg := range packages {
		for _, file := range pkg.Files {
			for _, iface := range file.Clients {
				inventory = append(inventory, s.client(pkg, iface))
			}
		}
	}
	slices.SortStableFunc(inventory, func(a, b client) int { return strings.Compare(a.Dependency, b.Dependency) })
	return inventory
}

func (s *session) client(pkg *annotations.Package, iface *annotations.Client) client {
	c := client{
		Dependency: iface.Dependency.Name,
		Interface:  pkg.Path + "." + iface.Name,
		Wrapper:    iface.Dependency.Wrapper,
		Position:   s.position(iface.Pos),
		Options:    dependencyOptions(iface.Dependency),
	}
	for _, m := range iface.Methods {
		c.Methods = append(c.Methods, method{
			Name: m.Name, Class: class(m), Keys: keys(m.Keys), Options: methodOptions(m), Position: s.position(m.Pos),
		})
	}
	return c
}

func (s *session) position(pos token.Position) string { return s.config().Relative(pos).String() }

func class(m *annotations.Method) string {
	switch {
	case m.Class == annotations.Skip || m.Errors == annotations.NoError:
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

// options collects name=value of what is set.
type options []string

func (o *options) flag(name string, set bool) {
	if set {
		*o = append(*o, name)
	}
}

func (o *options) text(name, value string) { o.flag(name+"="+value, value != "") }

func (o *options) duration(name string, d time.Duration) {
	o.flag(name+"="+annotations.FormatDuration(d), d != 0)
}

func dependencyOptions(d annotations.Dependency) []string {
	o := options{}
	o.flag("optional", d.Optional)
	o.text("threshold", threshold(d.Threshold))
	if d.Backoff != (annotations.Backoff{}) {
		o.text("backoff", annotations.FormatDuration(d.Backoff.Min)+".."+annotations.FormatDuration(d.Backoff.Max))
	}
	o.duration("timeout", d.Timeout)
	o.duration("probe-timeout", d.ProbeTimeout)
	o.duration("probe-interval", d.ProbeInterval)
	o.duration("max-age", d.MaxAge)
	o.duration("hold", d.Hold)
	o.duration("reconnect", d.Reconnect)
	o.duration("quiet", d.Quiet)
	o.text("key", strings.Join(keys(d.Keys), ","))
	o.text("classify", d.Classify)
	return o
}

func methodOptions(m *annotations.Method) []string {
	o := options{}
	o.flag("probe", m.Probe)
	o.flag("safe", m.Safe)
	switch {
	case m.Budget.None:
		o.text("budget", "none")
	case m.Budget != (annotations.Budget{}):
		o.text("budget", fmt.Sprintf("%d/%s", m.Budget.Limit, annotations.FormatDuration(m.Budget.Window)))
	}
	o.flag("mode=observe", m.Observe)
	o.text("when", m.When)
	o.flag("timeout=none", m.NoTimeout)
	o.duration("timeout", m.Timeout)
	return o
}

// threshold returns one of the three forms of the option, "" for none.
func threshold(t annotations.Threshold) string {
	switch {
	case t.Percent != 0:
		return fmt.Sprintf("%d%%/%s/%d", t.Percent, annotations.FormatDuration(t.Period), t.MinCalls)
	case t.Period != 0:
		return fmt.Sprintf("%d/%s", t.Failures, annotations.FormatDuration(t.Period))
	case t.Failures != 0:
		return fmt.Sprint(t.Failures)
	default:
		return ""
	}
}
