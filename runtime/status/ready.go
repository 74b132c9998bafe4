package status

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"

	guard "github.com/guardgen/guardgen/runtime"
)

const plainText = "text/plain; charset=utf-8"

// live answers as long as there is somebody to answer. It asks nothing: an orchestrator that restarts a process because
// its dependency is down ends sessions.
func (h *handler) live(w http.ResponseWriter, _ *http.Request) {
	sendBytes(w, http.StatusOK, plainText, []byte("ok\n"))
}

// readiness is a check for orchestrators.
type readiness struct {
	name  string
	ready bool
	note  string // what is wrong; of a ready one, what is not right either
}

// readinesses lists the checks by name. What is critical must be known and not unhealthy; what is optional is only
// mentioned. A registry without dependencies, or without one that is required, is not ready.
func (h *handler) readinesses() []readiness {
	select {
	case <-h.registry.Done():
		return []readiness{{name: "registry", note: guard.ErrClosed.Error()}}
	default:
	}
	system := h.registry.System()
	var all []readiness
	for _, d := range system.Dependencies {
		c := readiness{name: d.Name, ready: true}
		switch {
		case d.State == guard.Healthy:
		case d.State == guard.Degraded:
			c.note = "degraded"
		case !d.Critical:
			c.note = d.State.String() + ", but optional"
		default:
			c.ready, c.note = false, notReady(d)
		}
		all = append(all, c)
	}
	for _, name := range system.Missing {
		all = append(all, readiness{name: name, note: "required, and not registered"})
	}
	if len(all) == 0 {
		return []readiness{{name: "registry", note: "no dependency is registered"}}
	}
	return all
}

func notReady(d guard.DependencyHealth) string {
	note := d.State.String() + " since " + d.Since.UTC().Format("2006-01-02T15:04:05Z")
	switch {
	case d.Isolated != "":
		return note + ", isolated: " + oneLine(d.Isolated)
	case d.LastError != nil:
		return note + ": " + oneLine(d.LastError.Error())
	}
	return note
}

// escapes are sequences by which a text would move the cursor of a terminal, or paint (ECMA-48, 5.4).
var escapes = regexp.MustCompile(`\x1b\[[0-?]*[ -/]*[@-~]`)

// oneLine prints what somebody else says within a line: nothing of it ends the line, or moves the cursor of a terminal.
func oneLine(text string) string {
	text = escapes.ReplaceAllString(text, " ")
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) || unicode.IsSpace(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)), " ")
}

// ready answers in the form of the Kubernetes API server: the status code is for machines, the lines are for people.
func (h *handler) ready(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	exclude := query["exclude"]
	ready, text := true, ""
	var names []string
	for _, c := range h.readinesses() {
		names = append(names, c.name)
		excluded := slices.Contains(exclude, c.name)
		text += c.line(excluded)
		ready = ready && (c.ready || excluded)
	}
	for _, name := range exclude {
		if !slices.Contains(names, name) {
			text += fmt.Sprintf("warning: no check is called %q\n", name)
		}
	}
	switch {
	case !ready:
		sendBytes(w, http.StatusServiceUnavailable, plainText, []byte(text+"readyz check failed\n"))
	case query.Has("verbose"):
		sendBytes(w, http.StatusOK, plainText, []byte(text+"readyz check passed\n"))
	default:
		sendBytes(w, http.StatusOK, plainText, []byte("ok\n"))
	}
}

// readyCheck answers for one dependency.
func (h *handler) readyCheck(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("check")
	all := h.readinesses()
	i := slices.IndexFunc(all, func(c readiness) bool { return c.name == name })
	switch {
	case i < 0:
		sendBytes(w, http.StatusNotFound, plainText, fmt.Appendf(nil, "no check is called %q\n", name))
	case !all[i].ready:
		sendBytes(w, http.StatusServiceUnavailable, plainText, []byte(all[i].line(false)))
	default:
		sendBytes(w, http.StatusOK, plainText, []byte(all[i].line(false)))
	}
}

func (c readiness) line(excluded bool) string {
	switch {
	case excluded:
		return "[+]" + c.name + " excluded: ok\n"
	case !c.ready:
		return "[-]" + c.name + " failed: " + c.note + "\n"
	case c.note != "":
		return "[+]" + c.name + " ok: " + c.note + "\n"
	default:
		return "[+]" + c.name + " ok\n"
	}
}
