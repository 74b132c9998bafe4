package guard

import (
	"slices"
	"testing"
	"time"
)

const second = moment(time.Second)

// well is a snapshot in which everything allows: a scoped call at the thousandth second, with two required dependencies.
func well() *snapshot {
	healthy := func(name string) standing {
		return standing{
			name: name, registered: true, registeredAt: 1, failedAt: 500 * second, quiet: time.Second,
			episodeEnded: 500 * second, provenUntil: 1001 * second,
		}
	}
	return &snapshot{
		now: 1000 * second, scoped: true, budgetLeft: true, startHold: time.Minute, hold: time.Minute,
		required: []standing{healthy("api"), healthy("redis")},
	}
}

// causes are the single things that can be wrong, each with the one mechanism that minds it.
var causes = map[Reason]struct {
	step int // in snapshot.steps
	ails func(*snapshot)
}{
	ReasonRegistryClosed:    {0, func(s *snapshot) { s.closed = true }},
	ReasonNoDependency:      {0, func(s *snapshot) { s.required = nil }},
	ReasonUnknownDependency: {0, func(s *snapshot) { s.required[1].registered = false }},
	ReasonIsolated:          {0, func(s *snapshot) { s.required[1].refusing, s.required[1].isolated = true, true }},
	ReasonUnhealthy:         {0, func(s *snapshot) { s.required[1].refusing = true }},
	ReasonScope:             {1, func(s *snapshot) { s.scope = blame{until: 1001 * second, dependency: "redis"} }},
	ReasonKey:               {2, func(s *snapshot) { s.key, s.suspectKey = blame{until: 1001 * second, dependency: "redis"}, "topic:1" }},
	ReasonQuiet:             {3, func(s *snapshot) { s.scoped, s.required[1].failedAt = false, 1000*second-1 }},
	ReasonStalled:           {4, func(s *snapshot) { s.stalled = 3 * time.Second }},
	ReasonRecovering:        {5, func(s *snapshot) { s.required[1].episodeEnded = forever }},
	ReasonStart:             {6, func(s *snapshot) { s.required[1].registeredAt = 950 * second }},
	ReasonHold:              {7, func(s *snapshot) { s.required[1].episodeEnded = 950 * second }},
	ReasonBudget:            {8, func(s *snapshot) { s.budgetLeft, s.budgetRefill = false, 1001*second }},
	ReasonUnproven:          {9, func(s *snapshot) { s.required[1].provenUntil = 1000*second - 1 }},
}

func TestDecisionAllowsWhenAllIsWell(t *testing.T) {
	if v := well().decide(); v.reason != "" {
		t.Fatalf("denied: %+v", v)
	}
}

// TestEachMechanismIsNeeded is the ablation of the gate: with one thing wrong it denies for that reason, and with the one
// mechanism that minds it switched off, and all others on, it would allow.
func TestEachMechanismIsNeeded(t *testing.T) {
	for reason, cause := range causes {
		t.Run(string(reason), func(t *testing.T) {
			s := well()
			cause.ails(s)
			s.confirmed = reason == ReasonRecovering // hold minds an open episode too, but not for a person's wish
			if v := s.decide(); v.reason != reason {
				t.Errorf("denied because of %q", v.reason)
			}
			if v := firstDenial(slices.Delete(s.steps(), cause.step, cause.step+1)); v.reason != "" {
				t.Errorf("with the mechanism switched off it is still denied: %q", v.reason)
			}
		})
	}
}

// TestFirstReasonWins checks the order of every pair of causes.
func TestFirstReasonWins(t *testing.T) {
	order := []Reason{
		ReasonRegistryClosed, ReasonUnknownDependency, ReasonIsolated, ReasonUnhealthy, ReasonScope, ReasonKey, ReasonQuiet,
		ReasonStalled, ReasonRecovering, ReasonStart, ReasonHold, ReasonBudget, ReasonUnproven,
	}
	for i, first := range order {
		for _, second := range order[i+1:] {
			s := well()
			causes[second].ails(s)
			causes[first].ails(s)
			if first == ReasonRecovering && second == ReasonHold {
				continue // one field says both
			}
			if v := s.decide(); v.reason != first {
				t.Errorf("%s and %s: denied because of %s", first, second, v.reason)
			}
		}
	}
}

func TestConfirmationSkipsWhatGuardsAgainstInference(t *testing.T) {
	for reason, cause := range causes {
		s := well()
		s.confirmed = true
		cause.ails(s)
		skipped := slices.Contains([]Reason{ReasonKey, ReasonStart, ReasonHold, ReasonBudget}, reason)
		if v := s.decide(); (v.reason == "") != skipped {
			t.Errorf("%s: confirmed, the verdict is %q", reason, v.reason)
		}
	}
}

func TestTheLongestWaitIsSaid(t *testing.T) {
	s := well()
	s.required[0].episodeEnded, s.required[1].episodeEnded = 990*second, 950*second
	if v := s.decide(); v.dependency != "api" || v.until != 1050*second {
		t.Errorf("%+v, want the wait for api until 1050s", v)
	}
}
