package status

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

const (
	// controlLimit bounds the body of a control, in bytes.
	controlLimit = 4096
	// reasonLimit bounds a reason, in bytes.
	reasonLimit = 200
	// controlPatience is how long a client may take to send it.
	controlPatience = 5 * time.Second
)

// command is the body of a control.
type command struct {
	Dependency string   `json:"dependency"` // to isolate, restore or probe
	Operations []string `json:"operations"` // to enforce or observe; none means all
	Reason     string   `json:"reason"`     // required
}

// control does what a person decided. It answers with the [guard.Control] that was recorded, or changes nothing and says
// why: 401 and 403 for those who may not, 415, 413 and 400 for bodies, 404 for names, 409 where it makes no sense now, 502
// for a probe that was not answered.
func (h *handler) control(w http.ResponseWriter, r *http.Request) {
	if err := h.origins.Check(r); err != nil { // a page of somebody else, in the browser of an operator
		fail(w, http.StatusForbidden, err.Error())
		return
	}
	if h.authorise == nil {
		fail(w, http.StatusForbidden, "control is off: the program has not said who may (status.WithControl)")
		return
	}
	actor, err := h.authorise(r)
	switch {
	case errors.Is(err, ErrForbidden), err == nil && actor == "":
		fail(w, http.StatusForbidden, "you may not do this")
		return
	case err != nil:
		w.Header().Set("WWW-Authenticate", `Bearer realm="guard"`)
		fail(w, http.StatusUnauthorized, "not authorised: the token is missing or wrong")
		return
	}
	action := guard.Action(r.PathValue("action"))
	if !slices.Contains([]guard.Action{guard.ActionIsolate, guard.ActionRestore, guard.ActionProbe, guard.ActionEnforce, guard.ActionObserve}, action) {
		fail(w, http.StatusNotFound, "no such action: want isolate, restore, probe, enforce or observe")
		return
	}
	c, ok := h.read(w, r)
	if !ok {
		return
	}
	if problem := c.check(action); problem != "" {
		fail(w, http.StatusBadRequest, problem)
		return
	}
	control := guard.Control{Action: action, Dependency: c.Dependency, Operations: c.Operations, Actor: actor, Reason: c.Reason}
	probed := h.canProbe(c.Dependency)
	err = h.registry.Control(r.Context(), control)
	h.reports.forget() // whoever acted sees what came of it
	if err != nil {
		fail(w, codeOf(err, action == guard.ActionProbe && probed), err.Error())
		return
	}
	send(w, http.StatusOK, "application/json", control)
}

// check says what is missing, or too much, for an action.
func (c command) check(action guard.Action) string {
	aboutMode := action == guard.ActionEnforce || action == guard.ActionObserve
	switch {
	case c.Reason == "":
		return "say why: the reason is required"
	case len(c.Reason) > reasonLimit:
		return fmt.Sprintf("the reason has %d bytes: %d are the most, because all screens show it", len(c.Reason), reasonLimit)
	case !aboutMode && c.Dependency == "":
		return "name the dependency to " + string(action)
	case !aboutMode && len(c.Operations) > 0, aboutMode && c.Dependency != "":
		return "isolate, restore and probe take a dependency; enforce and observe take operations"
	}
	return ""
}

// canProbe reports whether a probe of a dependency could run now.
func (h *handler) canProbe(dependency string) bool {
	health, _ := h.registry.Health(dependency)
	return health.Probed && health.Isolated == ""
}

// codeOf is the status code of an error of the registry.
func codeOf(err error, probed bool) int {
	switch {
	case errors.Is(err, guard.ErrUnknownDependency), errors.Is(err, guard.ErrUnknownOperation):
		return http.StatusNotFound
	case errors.Is(err, guard.ErrClosed):
		return http.StatusServiceUnavailable
	case probed:
		return http.StatusBadGateway
	default:
		return http.StatusConflict
	}
}

// read reads the body. If it reports false, the request has been answered.
func (h *handler) read(w http.ResponseWriter, r *http.Request) (c command, ok bool) {
	if mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); mediaType != "application/json" {
		fail(w, http.StatusUnsupportedMediaType, "want Content-Type: application/json")
		return c, false
	}
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(controlPatience)) // where there is none, the server's own holds
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, controlLimit))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		fail(w, http.StatusRequestEntityTooLarge, "the body is larger than 4 KiB")
		return c, false
	}
	if err != nil {
		fail(w, http.StatusBadRequest, "the body ended early")
		return c, false
	}
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		fail(w, http.StatusBadRequest, `want {"dependency": …, "reason": …} or {"operations": […], "reason": …}: `+err.Error())
		return c, false
	}
	if _, err := decoder.Token(); err != io.EOF {
		fail(w, http.StatusBadRequest, "want one JSON object, and nothing behind it")
		return c, false
	}
	c.Reason = strings.Join(strings.Fields(c.Reason), " ")
	return c, true
}
