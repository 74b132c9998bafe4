package status

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// Status is the verdict of a [Report] or a [Check]: "pass", "warn" or "fail".
type Status string

// The words of draft-inadarei-api-health-check-06. What is unknown does not pass.
const (
	Pass Status = "pass"
	Warn Status = "warn"
	Fail Status = "fail"
)

var severity = map[Status]int{Pass: 0, Warn: 1, Fail: 2}

func worse(a, b Status) Status {
	if severity[b] > severity[a] {
		return b
	}
	return a
}

// Report is the health of a service in the form of draft-inadarei-api-health-check-06, application/health+json, with what
// the guard adds to it. Its status follows the state of the system: healthy passes, degraded warns, the rest fails; while the
// gate is shut or does not enforce it warns at least, and once the registry is closed it fails. What the draft names is in camel case, and so is what stands beside
// it; the types of package guard are as they marshal everywhere.
type Report struct {
	Status      Status   `json:"status"`
	ReleaseID   string   `json:"releaseId,omitempty"`
	ServiceID   string   `json:"serviceId,omitempty"`
	Description string   `json:"description"`
	Notes       []string `json:"notes,omitempty"`  // the headlines, in the time of the service
	Output      string   `json:"output,omitempty"` // the first of them, unless the report passes

	Checks map[string][]Check `json:"checks"` // "redis:state" of each dependency, and "gate:destructive"

	Time       time.Time             `json:"time"`
	State      guard.DependencyState `json:"state"` // of the system
	Mode       guard.Mode            `json:"mode"`
	Observed   []string              `json:"observed,omitempty"` // operations that are NOT ENFORCED
	Headlines  []Headline            `json:"headlines"`
	Gate       guard.Decision        `json:"gate"`       // about an operation that requires the critical dependencies, and no other
	Operations []guard.Operation     `json:"operations"` // what is protected
	Suspects   int                   `json:"suspects"`   // failures about keys that are remembered
	Overflowed uint64                `json:"overflowed"` // failures about keys for which there was no room
	NotDone    uint64                `json:"notDone"`    // destructive calls that were denied
	WouldDeny  uint64                `json:"wouldDeny"`  // destructive calls that ran, and would have been denied
	Control    bool                  `json:"control"`    // people may act here
	LastEvent  string                `json:"lastEvent"`  // ID of the newest entry of the event log
}

// Check is the state of a dependency, or of the gate. What does not apply is left out.
type Check struct {
	ComponentID       string    `json:"componentId"`
	ComponentType     string    `json:"componentType"` // "component"
	ObservedValue     string    `json:"observedValue"` // the state; of the gate "open", "shut" or "not enforcing"
	Status            Status    `json:"status"`
	Time              time.Time `json:"time"`
	Output            string    `json:"output,omitempty"`            // what is wrong
	AffectedEndpoints []string  `json:"affectedEndpoints,omitempty"` // of the gate: the operations that are blocked

	Critical            bool       `json:"critical,omitempty"`
	Since               *time.Time `json:"since,omitempty"` // of the state
	LastSuccess         *time.Time `json:"lastSuccess,omitempty"`
	LastFailure         *time.Time `json:"lastFailure,omitempty"`
	LastError           string     `json:"lastError,omitempty"` // also of a failure that is over
	AgeMs               *int64     `json:"ageMs,omitempty"`     // of the last success
	ConsecutiveFailures int        `json:"consecutiveFailures,omitempty"`
	Breaker             string     `json:"breaker,omitempty"`
	NextProbeInMs       *int64     `json:"nextProbeInMs,omitempty"` // of an open breaker; 0: any moment
	BackoffMs           int64      `json:"backoffMs,omitempty"`     // the whole delay of an open breaker
	HoldForMs           int64      `json:"holdForMs,omitempty"`     // how long it still keeps the gate shut, an open episode apart
	Episode             int        `json:"episode,omitempty"`       // number of the current or last episode of ill health
	Recovering          bool       `json:"recovering,omitempty"`    // the episode is not over
	Isolated            string     `json:"isolated,omitempty"`      // by whom and why
	Probed              bool       `json:"probed,omitempty"`        // a probe, and not the next call, finds out that it works again
	LastHour            string     `json:"lastHour,omitempty"`      // a letter for each half minute, the newest last: h, d, u, ? and . for no record
}

// reports keeps the last report for a moment, so that many readers cost no more than one. Safe for concurrent use.
type reports struct {
	mu      sync.Mutex
	made    time.Time
	code    int
	encoded []byte
}

// reportLife is how long a report is handed out.
const reportLife = 100 * time.Millisecond

// forget has the next reader get a new report.
func (r *reports) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made = time.Time{}
}

// status answers with a report. Whoever asks for application/json gets it as what it is, a good answer: a browser takes
// the status code of an ill service for an error of its own.
func (h *handler) status(w http.ResponseWriter, r *http.Request) {
	code, body := h.currentReport()
	if accepts(r, "application/json") {
		sendBytes(w, http.StatusOK, "application/json", body)
		return
	}
	sendBytes(w, code, "application/health+json", body)
}

// currentReport returns the report of the moment, encoded, and the status code that goes with it.
func (h *handler) currentReport() (code int, body []byte) {
	h.reports.mu.Lock()
	defer h.reports.mu.Unlock()
	now := time.Now()
	if age := now.Sub(h.reports.made); !h.reports.made.IsZero() && age >= 0 && age < reportLife {
		return h.reports.code, h.reports.encoded
	}
	report := h.report(now)
	body, err := json.Marshal(report)
	if err != nil { // a report is made of text, numbers and times
		return http.StatusInternalServerError, []byte(err.Error())
	}
	code = http.StatusOK
	if report.Status == Fail {
		code = http.StatusServiceUnavailable
	}
	h.reports.made, h.reports.code, h.reports.encoded = now, code, append(body, '\n')
	return code, h.reports.encoded
}

// report describes the present.
func (h *handler) report(now time.Time) Report {
	event := h.feed.newest() // before the rest, so that whoever reads on from it misses nothing
	system := h.registry.System()
	r := Report{
		Status: stateStatus(system.State), ServiceID: h.service, ReleaseID: h.release,
		Description: "dependencies, and the gate for destructive operations",
		Time:        now, State: system.State, Mode: system.Mode, Observed: system.Observed,
		Gate:       h.registry.Explain(guard.NewScope(context.Background()), ""),
		Operations: h.registry.Operations(), Suspects: system.Suspects, Overflowed: system.Overflowed,
		Control: h.authorise != nil, LastEvent: h.feed.id(event), Checks: make(map[string][]Check, len(system.Dependencies)+1),
	}
	for _, d := range h.registry.Denials() {
		r.NotDone += d.Count - d.WouldDeny
		r.WouldDeny += d.WouldDeny
	}
	for _, d := range system.Dependencies {
		r.Checks[d.Name+":state"] = []Check{h.checkOf(d, now)}
	}
	p := picture{Report: &r, dependencies: system.Dependencies}
	r.Headlines = p.headlines()
	gate := p.gateCheck()
	r.Checks["gate:destructive"] = []Check{gate}
	r.Status = worse(r.Status, gate.Status)
	if r.Gate.Reason == guard.ReasonRegistryClosed { // whatever the last states were, every call is refused
		r.Status = Fail
	}
	for _, line := range r.Headlines {
		r.Notes = append(r.Notes, line.At(now, time.Local))
	}
	if r.Status != Pass {
		r.Output = r.Notes[0]
	}
	return r
}

// stateStatus is the verdict on a state.
func stateStatus(s guard.DependencyState) Status {
	switch s {
	case guard.Healthy:
		return Pass
	case guard.Degraded:
		return Warn
	default:
		return Fail
	}
}

// checkOf describes a dependency. One that is optional warns at most.
func (h *handler) checkOf(d guard.DependencyHealth, now time.Time) Check {
	c := Check{
		ComponentID: d.Name, ComponentType: "component", ObservedValue: d.State.String(), Status: stateStatus(d.State), Time: now,
		Critical: d.Critical, Since: known(d.Since), LastSuccess: known(d.LastSuccess), LastFailure: known(d.LastFailure),
		ConsecutiveFailures: d.Failures, Breaker: d.Breaker, BackoffMs: d.Backoff.Milliseconds(),
		HoldForMs: max(0, milliseconds(d.HoldUntil, now)), Episode: d.Episode, Recovering: d.Recovering, Isolated: d.Isolated,
		Probed: d.Probed, LastHour: h.history.show(d, now),
	}
	if !d.Critical && c.Status == Fail {
		c.Status = Warn
	}
	if !d.LastSuccess.IsZero() {
		c.AgeMs = new(now.Sub(d.LastSuccess).Milliseconds())
	}
	if d.Breaker != "closed" && d.Isolated == "" {
		c.NextProbeInMs = new(max(0, milliseconds(d.OpenUntil, now)))
	}
	if d.LastError != nil {
		c.LastError = d.LastError.Error()
	}
	if c.Status != Pass {
		c.Output = cmp.Or(d.Isolated, c.LastError)
	}
	return c
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// milliseconds is how long it is from now to then; 0 if then never was.
func milliseconds(then, now time.Time) int64 {
	if then.IsZero() {
		return 0
	}
	return then.Sub(now).Milliseconds()
}
