package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/guardgen/guardgen/annotations"
)

// typeDoc documents the wrapper: what it adds, then what the author says of the annotated type.
func (w *wrapper) typeDoc() []jen.Code {
	name, dependency := w.client.Name, w.client.Dependency.Name
	is := "implements"
	if w.client.Struct {
		is = "has the exported methods of"
	}
	sentences := []string{w.typ, is, name, "with calls that run through the guard of", dependency + ":",
		"while", dependency, "is unhealthy they are refused instead of sent."}
	if w.has(annotations.Destructive) {
		sentences = append(sentences, "Destructive ones run only with proof that it is not an outage speaking.")
	}
	return comment(
		prose(sentences...),
		w.client.Doc,
		prose("Safe for concurrent use if the", name, "behind it is."),
	)
}

func (w *wrapper) has(class annotations.Class) bool {
	for _, m := range w.guarded() {
		if m.Class == class {
			return true
		}
	}
	return false
}

func (w *wrapper) constructorDoc() []jen.Code {
	dependency := w.client.Dependency.Name
	sentences := []string{w.constructor, "puts next behind the guard of", dependency,
		"in registry. Options change in code what the annotations say."}
	if w.probe() == nil && w.client.NeedsProbe() {
		sentences = append(sentences, "No method is its probe: unless registry knows one for", dependency+",", "options must hold guard.WithProbe.")
	}
	sentences = append(sentences, "It returns an error if registry or next is nil, or if registry knows", dependency,
		"with a different policy.")
	return comment(prose(sentences...))
}

// doc documents a method: what the author says, then what the guard adds.
func (m *method) doc() []jen.Code {
	remarks := m.remarks()
	if len(m.model.Doc) > 0 {
		if len(remarks) == 0 {
			return comment(m.model.Doc)
		}
		return comment(m.model.Doc, prose(remarks...))
	}
	original := m.client.Name + "." + m.model.Name
	if m.model.Passes() {
		return comment(prose(append([]string{m.model.Name, "passes the call on to", original + "."}, remarks...)...))
	}
	return comment(prose(append([]string{m.model.Name, "runs", original, "through the guard of",
		m.client.Dependency.Name + "."}, remarks...)...))
}

// remarks says what is special about the method, nothing for a regular one.
func (m *method) remarks() []string {
	remarks := m.classRemarks()
	if m.model.Errors == annotations.ErrorYielded && !m.model.Passes() {
		remarks = append(remarks, "Each iteration is a call: it asks the guard when it begins, and is recorded when it ends.")
	}
	return remarks
}

func (m *method) classRemarks() []string {
	dependency := m.client.Dependency.Name
	switch {
	case m.model.Class == annotations.Skip:
		return []string{"Not guarded: it runs whatever the state of", dependency, "is."}
	case m.model.Errors == annotations.NoError:
		return []string{"Not guarded: it returns no error that could be a refusal."}
	case m.model.Class == annotations.Heavy:
		return []string{"Heavy: it is refused while", dependency, "is not healthy."}
	case m.model.Class == annotations.Destructive:
		return m.destructiveRemarks()
	case m.model.Probe:
		return []string{"The guard calls it, too: it is the health check of", dependency + "."}
	default:
		return nil
	}
}

func (m *method) destructiveRemarks() []string {
	var remarks []string
	if m.model.When == "" {
		remarks = []string{"Destructive: it runs only through the safety gate."}
	} else {
		remarks = []string{"Destructive where", m.model.When, "says so: it runs only through the safety gate then."}
	}
	if m.model.Observe {
		remarks = append(remarks, "The gate observes only: it counts what it would deny, and lets it pass.")
	}
	return remarks
}
