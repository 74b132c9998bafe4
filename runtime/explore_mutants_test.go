//go:build !race

package guard

import (
	"testing"
	"testing/synctest"
)

// TestExplorerHasTeeth makes one mistake at a time in the steps. Each must break a promise, or the explorer proves nothing.
func TestExplorerHasTeeth(t *testing.T) {
	pair := func(p plot) plot { p.roles = [actors]role{handles, {}, reads}; return p }
	for _, row := range []struct {
		name   string
		mutant mutant
		plot   plot
		breaks promise
	}{
		{"the epoch is bumped after the error is returned", bumpsAfterReturn,
			plot{roles: [actors]role{beats, {contact: asksScoped}, {}}, threshold: 2, losses: 1}, brokenProof},
		{"a success is taken for one of the current epoch", comparesCurrentEpoch,
			plot{roles: [actors]role{beats, beats, {contact: asksScoped}}, threshold: 2, losses: 1}, brokenProof},
		{"any probe in the air is joined", joinsAnyProbe,
			plot{roles: [actors]role{beats, {contact: asksScoped}, {}}, threshold: 2, losses: 1}, brokenTestimony},
		{"the gate looks once", looksOnce, pair(plot{threshold: 2, losses: 1, unproven: true}), brokenKey},
		{"an episode is ended by reading", closesEpisodeByReading,
			plot{roles: [actors]role{{contact: asksScoped}, {}, {}}, threshold: 1, outages: 1}, brokenEpisode},
		{"a token is drawn in two steps", drawsBudgetInTwoSteps,
			plot{roles: [actors]role{{contact: asksScoped}, {scope: 1, contact: asksScoped}, {}}, threshold: 2}, brokenBudget},
		{"a late success proves", lateSuccessProves,
			plot{roles: [actors]role{beats, {contact: asksScoped}, {}}, threshold: 2, losses: 3}, brokenAge},
		{"another method's success cleans the key", anotherMethodClears, pair(plot{threshold: 2, losses: 1}), brokenKey},
		{"a call begun before the failure cleans the key", earlierCallClears,
			plot{roles: [actors]role{beats, beats, {scope: 2, contact: asksScopedAboutKey}}, threshold: 2, losses: 1}, brokenKey},
		{"without a scope no quiet is needed", unscopedNeedNoQuiet,
			plot{roles: [actors]role{{calls: 1, contact: asksBare}, purgesLoose, {}}, threshold: 2, losses: 1}, brokenQuiet},
		{"a failure does not taint its scope", failureLeavesScope,
			plot{roles: [actors]role{{calls: 1, contact: asksScoped}, {}, {}}, threshold: 2, losses: 1}, brokenScope},
		{"hold is forgotten", holdIsForgotten, plot{roles: [actors]role{purges, {}, {}}, threshold: 1, outages: 1}, brokenHold},
		{"calls run while half-open", callsRunInHalfOpen,
			plot{roles: [actors]role{beats, {}, {}}, threshold: 1, outages: 1}, brokenTrial},
		{"the gate launches a probe beside another", launchesBesideAnother,
			plot{roles: [actors]role{purgesLoose, {}, {}}, threshold: 1, unproven: true}, brokenFlight},
		{"the probe in the air began before the ask", joinsProbeOlderThanAsk,
			plot{roles: [actors]role{purgesLoose, {}, {}}, threshold: 2, outages: 1, changes: 1, recognised: true}, brokenChange},
		{"a stall is not looked for", stallIsForgotten, pair(plot{threshold: 2, stalls: 1}), brokenStall},
		{"a stall is over when the ticker has beaten", stallIsOver, pair(plot{threshold: 2, stalls: 1}), brokenStall},
		{"the ticker beats after it saw no gap", beatsAfterReading, pair(plot{threshold: 2, stalls: 1}), brokenStall},
		{"an old answer of a probe is accepted", acceptsOldAnswer,
			plot{roles: [actors]role{purgesLoose, {}, {}}, threshold: 1, unproven: true}, brokenAge},
		{"one success ends an episode", endsEpisodeAfterOne,
			plot{threshold: 1, outages: 1}, brokenStreak},
		{"the word refuses before there is an error", refusesBeforeReason,
			plot{roles: [actors]role{reads, {}, {}}, threshold: 1, outages: 1}, brokenRefusal},
		{"a clearance outlives a failure", clearanceOutlivesFailure,
			plot{roles: [actors]role{beats, {contact: asksScoped}, {scope: 1, contact: asksScoped}}, threshold: 2, losses: 1}, brokenProof},
		{"a clearance outlives the beginning of an episode", clearanceOutlivesEpisode,
			plot{roles: [actors]role{beats, {contact: asksScoped}, {scope: 1, contact: asksScoped}}, threshold: 1, losses: 1, budget: 2}, brokenEpisode},
		{"a clearance does not age", clearanceDoesNotAge,
			plot{roles: [actors]role{{contact: asksScoped}, {scope: 1, contact: asksScoped}, {}}, threshold: 2, outages: 1, budget: 2}, brokenAge},
		{"a landed trial leaves no timer", landingForgetsTimer, plot{threshold: 1, outages: 1}, kept},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := row.plot
				p.mutant, p.budget = row.mutant, max(1, p.budget)
				x := newExplorer(&p)
				f := x.search()
				if row.breaks == kept {
					f.trace = x.wedge(x.well, x.calm)
					if f.trace == nil {
						t.Fatalf("%d states, and no wedge", f.states)
					}
				} else if f.broken != row.breaks {
					t.Fatalf("%d states: %s, want %s", f.states, f.broken, row.breaks)
				}
				t.Logf("%s: %d steps, %d states", f.broken, len(f.trace), f.states)
			})
		})
	}
}

// TestWhatNoGateCanClose shows the windows that are left, honestly: there is always a moment between the last look and the
// act, and by design an answer of a probe counts for whoever asked before it began, whatever has failed meanwhile (see
// accept). A judge who held these against the gate would find that they are real.
func TestWhatNoGateCanClose(t *testing.T) {
	for _, row := range []struct {
		name   string
		judge  mutant
		plot   plot
		breaks promise
	}{
		{"a failure about the key becomes known between the look and the act", judgedAtTheAct,
			plot{roles: [actors]role{handles, {}, reads}, threshold: 2, losses: 1}, brokenKey},
		{"an episode opens between the look and the act", judgedAtTheAct,
			plot{roles: [actors]role{purges, {}, {}}, threshold: 2, losses: 2}, brokenEpisode},
		{"a failure becomes known while the gate waits for the probe that proves", judgedByAnswers,
			plot{roles: [actors]role{beats, purges, {}}, threshold: 2, losses: 1}, brokenProof},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := row.plot
				p.mutant, p.budget = row.judge, 1
				f := newExplorer(&p).search()
				if f.broken != row.breaks {
					t.Fatalf("%d states: %s, want %s", f.states, f.broken, row.breaks)
				}
				t.Logf("after %d steps", len(f.trace))
			})
		})
	}
}
