//go:build !race

package guard

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// edit replaces one passage of a file of the runtime.
type edit struct{ file, old, new string }

// ablation takes one mechanism out of the runtime.
type ablation struct {
	mechanism string
	scenario  string // that fails without it; empty: none does, and the mechanism is insurance
	seeds     int    // of the scenario, enough for one in which it alone stands between the fault and the kill
	wants     string // what the test says then; empty: destroyed
	argument  string // for insurance
	fast      bool   // played without -chaos.ablation, too
	edits     []edit
}

const (
	destroyed = "were destroyed"
	notAtOnce = "were answered with yes at once"
)

// ablations are the mechanisms, in the order in which the gate asks for them.
var ablations = []ablation{
	{mechanism: "scope taint", scenario: "S6", seeds: 12, edits: []edit{
		{"decision.go", "if s.scope.until <= s.now {", "if true {"},
	}},
	{mechanism: "key taint", fast: true, scenario: "keys", seeds: 8, edits: []edit{
		{"decision.go", "if s.confirmed || s.key.until <= s.now {", "if true {"},
	}},
	{mechanism: "key taint: only the method that failed clears it", scenario: "keys", seeds: 8, edits: []edit{
		{"suspects.go", "if m.suspects.Load() == 0 || len(keys) == 0 {", "if len(keys) == 0 {"},
		{"suspects.go", "return x.method == m && e.since(x.epoch)", "return e.since(x.epoch)"},
	}},
	{mechanism: "quiet", scenario: "S6", seeds: 12, edits: []edit{
		{"decision.go", "\tif s.scoped {\n", "\tif true {\n"},
	}},
	{mechanism: "own stall: at the gate", scenario: "S11", seeds: 8, edits: []edit{
		{"gate.go", "_, stood := r.checkStall()", "stood := time.Duration(0)"},
		{"gate.go", "_, stood = r.checkStall()", "stood = 0"},
		{"gate.go", "stood, _ := r.clock.gap(read)", "stood := time.Duration(0)"},
		{"silence.go", "read, _ := r.checkStall()", "read := r.clock.read()"},
	}},
	{mechanism: "own stall: by the ticker, which the gate sees else by what is owed", scenario: "S11", seeds: 8, edits: []edit{
		{"registry.go", "read, _ := r.checkStall()", "read := r.clock.read()"},
		{"stall.go", " && owed <= stallLimit", ""},
	}},
	{mechanism: "own stall: by the wall clock", scenario: "suspend", seeds: 2, edits: []edit{
		{"stall.go", "suspended = r.ahead - time.Duration(c.ahead.Load())", "suspended = 0"},
		{"clock.go", " + max(0, r.ahead-time.Duration(c.ahead.Load()))", ""},
	}},
	{mechanism: "episode: the breaker opens one", scenario: "shed", seeds: 2, edits: []edit{
		{"breaker.go", "\td.openEpisode(now, d.provenAt(), d.lastError, \"\")\n", ""},
	}},
	{mechanism: "episode: two lost probes open one", scenario: "blink", seeds: 16, edits: []edit{
		{"probe.go", "case d.failedProbe >= 2:", "case false:"},
	}},
	{mechanism: "episode: one lost probe does not", scenario: "noise-probe", seeds: 16, wants: notAtOnce, edits: []edit{
		{"probe.go", "case d.failedProbe >= 2:", "case d.failedProbe >= 1:"},
	}},
	{mechanism: "episode: by probes where nothing calls", scenario: "blink", seeds: 16, edits: []edit{
		{"recovery.go", "\tdefault:\n\t\td.launch(now)", "\tdefault:\n\t\td.watchAt = forever"},
	}},
	{mechanism: "episode: another generation opens one", scenario: "snapshot", seeds: 8, edits: []edit{
		{"probe.go", "if known != nil && *known != *generation {", "if false {"},
	}},
	{mechanism: "generation: each ask reads it", scenario: "snapshot", seeds: 8, edits: []edit{
		{"gate.go", "doubted = s.required[i].recognised && !told[i]", "doubted = false"},
	}},
	{mechanism: "start hold", scenario: "restart", seeds: 8, edits: []edit{
		{"decision.go", "return after(d.registeredAt, s.startHold)", "return 0"},
	}},
	{mechanism: "hold", fast: true, scenario: "S10", seeds: 4, edits: []edit{
		{"decision.go", "return after(d.episodeEnded, s.hold)", "return 0"},
	}},
	{mechanism: "budget", scenario: "budget", seeds: 1, edits: []edit{
		{"budget.go", "if len(b.grants) < b.budget.Limit {", "if true {"},
	}},
	{mechanism: "evidence", fast: true, scenario: "late", seeds: 12, edits: []edit{
		{"decision.go", "if d.doubted || d.provenUntil < s.now {", "if d.doubted {"},
	}},
	{mechanism: "WithTTL: what takes longer to notice than a quarter of it is refused", scenario: "unseen", seeds: 12, edits: []edit{
		{"sim_shapes_test.go", "g.probeTimeout, g.probeInterval = g.ttl/16, g.ttl/10", "g.probeTimeout, g.probeInterval = g.ttl/5, g.ttl*28/100"},
		{"ttl.go", "d.lasts > r.ttl/100*time.Duration(d.within)", "false"},
	}},
	{mechanism: "own stall: short gaps add up", scenario: "starved", seeds: 4, edits: []edit{
		{"stall.go", " && owed <= stallLimit", ""},
	}},
	{mechanism: "silence: a missing record is not an old one", scenario: "S12", seeds: 16, edits: []edit{
		{"silence.go", "since = r.unseen.first(key, now)", "since = 1"},
	}},
	{mechanism: "silence: less what we were deaf for, and since the last attempt", edits: []edit{
		{"silence.go", "return r.hearing.heard(since, now)", "return now.sub(since)"},
	}, argument: "hold keeps the gate shut until all live clients are back, so that a reaper that only subtracts kills nobody either. " +
		"It protects where hold was chosen too short, and spares a reaper the questions"},
	{mechanism: "an open episode denies", edits: []edit{
		{"decision.go", "if d.episodeEnded != forever {", "if true {"},
	}, argument: "hold counts from the end of the episode, which an open one has not reached: it denies alone. It gives people the better reason, and " +
		"stays shut for what a person confirmed, which skips hold"},
	{mechanism: "an episode ends after three successes, not one", edits: []edit{
		{"episode.go", "episodeStreak = 3", "episodeStreak = 1"},
	}, argument: "hold starts over when the next failure opens the next episode. It keeps one lucky answer in an outage from starting hold"},
	{mechanism: "a probe whose write is refused opens an episode at once", edits: []edit{
		{"probe.go", "case outcome == OutcomeDegraded:", "case false:"},
	}, argument: "the probe is repeated at once, and the second opens it: it saves the time of one probe"},
	{mechanism: "evidence: ordered by the failure epoch", edits: []edit{
		{"word.go", "return p != 0 && uint32(p>>32) == uint32(e)", "return p != 0"},
	}, argument: "between a failure and the episode it causes, no other session comes of age. It is the invariant \"latest success after latest " +
		"failure\", which the interleavings need"},
	{mechanism: "refused calls taint too", edits: []edit{
		{"method.go", "if len(keys) > 0 || scopeOf(ctx) != nil {", "if false {"},
	}, argument: "a refusal means an open breaker, whose episode denies longer than the taint would"},
}

var chaosAblation = flag.Bool("chaos.ablation", false, "TestAblation: take out every mechanism, and not only some")

// TestAblationEachMechanismAloneStopsItsScenario takes each mechanism out of the runtime by an overlay, and plays the
// scenario that needs it, which passes with the mechanism and must fail without.
func TestAblationEachMechanismAloneStopsItsScenario(t *testing.T) {
	whole := buildWith(t, nil)
	for _, a := range ablations {
		overlay(t, a.edits) // what is taken out is still there
		if a.scenario == "" || !a.fast && !*chaosAblation {
			continue
		}
		t.Run(a.mechanism, func(t *testing.T) {
			t.Parallel()
			if out, err := a.play(t, whole); err != nil {
				t.Fatalf("with the mechanism %s fails: %v\n%s", a.scenario, err, out)
			}
			wants := a.wants
			if wants == "" {
				wants = destroyed
			}
			out, err := a.play(t, buildWith(t, a.edits))
			if err == nil || !strings.Contains(out, wants) {
				t.Fatalf("without the mechanism %s should fail (%q): %v\n%s", a.scenario, wants, err, out)
			}
		})
	}
}

// play plays the scenario of the ablation in a test binary.
func (a *ablation) play(t *testing.T, binary string) (string, error) {
	out, err := exec.CommandContext(t.Context(), binary, "-test.run=^TestChaos$", "-test.timeout=2m", "-chaos.guarded",
		"-chaos.scenario="+a.scenario, "-chaos.seeds="+strconv.Itoa(a.seeds)).CombinedOutput()
	return string(out), err
}

// buildWith builds the tests of this package with edits applied.
func buildWith(t *testing.T, edits []edit) (binary string) {
	t.Helper()
	binary = filepath.Join(t.TempDir(), "guard.test")
	out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-overlay="+overlay(t, edits), "-ldflags=-s -w", "-o", binary, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// overlay writes the file that tells the go command about the edits. Each must find its passage, once.
func overlay(t *testing.T, edits []edit) string {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]string)
	for _, e := range edits {
		if texts[e.file] == "" {
			source, err := os.ReadFile(e.file)
			if err != nil {
				t.Fatal(err)
			}
			texts[e.file] = string(source)
		}
		if n := strings.Count(texts[e.file], e.old); n != 1 {
			t.Fatalf("%s has %q %d times, want once: bring the ablation up to date", e.file, e.old, n)
		}
		texts[e.file] = strings.Replace(texts[e.file], e.old, e.new, 1)
	}
	dir, replace := t.TempDir(), make(map[string]string)
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for file, text := range texts {
		replace[filepath.Join(here, file)] = write(file, []byte(text))
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	return write("overlay.json", content)
}
