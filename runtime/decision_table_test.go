package guard

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// A fact is a word of testdata/decision.txt.
type fact uint32

// The facts in the order of the table's legend.
const (
	isClosed fact = 1 << iota
	isNothing
	isMissing
	isIsolated
	isRefusing
	isTainted
	isSuspect
	isUnscoped
	isNoisy
	isStalled
	isRecovering
	isStarting
	isHolding
	isSpent
	isUnproven
	isConfirmed
)

var factWords = []string{
	"closed", "nothing", "missing", "isolated", "refusing", "tainted", "suspect", "unscoped", "noisy", "stalled", "recovering",
	"starting", "holding", "spent", "unproven", "confirmed",
}

// String lists the words of the facts.
func (f fact) String() string {
	var words []string
	for i, word := range factWords {
		if f&(1<<i) != 0 {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

// rule is a row of the table.
type rule struct {
	holds, holdsNot fact
	verdict         Reason // "" allows
}

// decisionTable is testdata/decision.txt.
func decisionTable() ([]rule, error) {
	text, err := os.ReadFile("testdata/decision.txt")
	if err != nil {
		return nil, err
	}
	var rules []rule
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		last := len(words) - 1
		r := rule{verdict: Reason(words[last])}
		if r.verdict == "allowed" {
			r.verdict = ""
		}
		for _, word := range words[:last] {
			if word == "-" {
				continue
			}
			name, not := strings.CutPrefix(word, "!")
			i := slices.Index(factWords, name)
			switch {
			case i < 0:
				return nil, fmt.Errorf("testdata/decision.txt: no fact is called %q", name)
			case not:
				r.holdsNot |= 1 << i
			default:
				r.holds |= 1 << i
			}
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// verdictOf is what the table says of facts.
func verdictOf(rules []rule, facts fact) (Reason, error) {
	for _, r := range rules {
		if facts&r.holds == r.holds && facts&r.holdsNot == 0 {
			return r.verdict, nil
		}
	}
	return "", fmt.Errorf("no row of the table is about: %s", facts)
}

// A choice is one way to set a part of a snapshot, with the facts that it makes.
type choice[T any] struct {
	facts fact
	set   func(*T)
}

// Times of all states: now, and a span that is hold, start hold and quiet in different multiples.
const (
	theNow       = 1000 * second
	theQuiet     = time.Second
	theStartHold = 30 * time.Second
	theHold      = time.Minute
)

// generally are the parts of a snapshot that are not of a dependency, each with all its choices; the second choice at a
// boundary is the last moment on one side of it, the third the first on the other.
var generally = [][]choice[snapshot]{
	{{0, nil}, {isClosed, func(s *snapshot) { s.closed = true }}},
	{{0, nil}, {isStalled, func(s *snapshot) { s.stalled = stallLimit + 1 }}},
	{{0, nil}, {isConfirmed, func(s *snapshot) { s.confirmed = true }}},
	{{0, func(s *snapshot) { s.scoped = true }}, {isUnscoped, nil}},
	{{0, nil}, {0, func(s *snapshot) { s.scope.until = theNow }}, {isTainted, func(s *snapshot) { s.scope.until = theNow + 1 }}},
	{{0, nil}, {0, func(s *snapshot) { s.key.until = theNow }}, {isSuspect, func(s *snapshot) { s.key.until = theNow + 1 }}},
	{{0, func(s *snapshot) { s.budgetLeft = true }}, {isSpent, nil}},
}

// ofEach are the parts of a required dependency that is registered.
var ofEach = [][]choice[standing]{
	{{0, nil}, {isRefusing, func(d *standing) { d.refusing = true }}, {isIsolated | isRefusing, func(d *standing) { d.refusing, d.isolated = true, true }}},
	{
		{0, nil},
		{0, func(d *standing) { d.failedAt = theNow - moment(theQuiet) }},
		{isNoisy, func(d *standing) { d.failedAt = theNow - moment(theQuiet) + 1 }},
	},
	{
		{0, func(d *standing) { d.registeredAt = theNow - moment(theStartHold) }},
		{isStarting, func(d *standing) { d.registeredAt = theNow - moment(theStartHold) + 1 }},
	},
	{
		{0, nil},
		{0, func(d *standing) { d.episodeEnded = theNow - moment(theHold) }},
		{isHolding, func(d *standing) { d.episodeEnded = theNow - moment(theHold) + 1 }},
		{isRecovering, func(d *standing) { d.episodeEnded = forever }},
	},
	{
		{0, func(d *standing) { d.provenUntil = theNow }},
		{isUnproven, func(d *standing) { d.provenUntil = theNow - 1 }},
		{isUnproven, nil},
		{isUnproven, func(d *standing) { d.provenUntil, d.doubted = theNow, true }},
	},
}

// product yields every combination of choices, applied to the zero T.
func product[T any](parts [][]choice[T], yield func(T, fact) bool) bool {
	var extend func(T, fact, int) bool
	extend = func(made T, facts fact, next int) bool {
		if next == len(parts) {
			return yield(made, facts)
		}
		for _, c := range parts[next] {
			changed := made
			if c.set != nil {
				c.set(&changed)
			}
			if !extend(changed, facts|c.facts, next+1) {
				return false
			}
		}
		return true
	}
	var zero T
	return extend(zero, 0, 0)
}

// requiredSets are the sets of required dependencies: none, each possible one, and, of pairs, each possible one before and
// behind one that has at most one thing wrong.
func requiredSets(pairs bool) (sets [][]standing, facts []fact) {
	var all []standing
	var allFacts []fact
	product(ofEach, func(d standing, f fact) bool {
		d.registered, d.quiet = true, theQuiet
		all, allFacts = append(all, d), append(allFacts, f)
		return true
	})
	all, allFacts = append(all, standing{}), append(allFacts, isMissing)

	sets, facts = [][]standing{nil}, []fact{isNothing}
	for i, d := range all {
		sets, facts = append(sets, []standing{d}), append(facts, allFacts[i])
	}
	for i, other := range all {
		if !pairs || allFacts[i]&(allFacts[i]-1) != 0 && allFacts[i] != isIsolated|isRefusing {
			continue
		}
		for k, d := range all {
			both := allFacts[i] | allFacts[k]
			sets, facts = append(sets, []standing{d, other}, []standing{other, d}), append(facts, both, both)
		}
	}
	return sets, facts
}

// enumerateDecision decides in every state, also of pairs of dependencies, and returns how often each verdict came, or the
// first state in which the decision differs from the table.
func enumerateDecision(pairs bool) (map[Reason]int, error) {
	rules, err := decisionTable()
	if err != nil {
		return nil, err
	}
	counts := make(map[Reason]int)
	sets, setFacts := requiredSets(pairs)
	product(generally, func(s snapshot, facts fact) bool {
		s.now, s.hold, s.startHold = theNow, theHold, theStartHold
		for i, required := range sets {
			s.required = required
			var want Reason
			if want, err = verdictOf(rules, facts|setFacts[i]); err != nil {
				return false
			}
			got := s.decide().reason
			if got != want {
				err = fmt.Errorf("the decision is %q, the table says %q, where: %s", got, want, facts|setFacts[i])
				return false
			}
			counts[got]++
		}
		return true
	})
	return counts, err
}

// toldInFull checks the verdicts in full, with one thing wrong: what is said besides the reason.
func toldInFull() error {
	cause := errors.New("connection refused")
	at := theNow + 7*second
	soon := moment(episodeStreak*episodeTurn + theHold)
	for reason, row := range map[Reason]struct {
		ails func(*snapshot)
		want verdict
	}{
		ReasonRegistryClosed:    {func(s *snapshot) { s.closed = true }, verdict{cause: ErrClosed, until: theNow.add(hopeless)}},
		ReasonNoDependency:      {func(s *snapshot) { s.required = nil }, verdict{until: theNow.add(hopeless)}},
		ReasonUnknownDependency: {func(s *snapshot) { s.required[1].registered = false }, verdict{dependency: "redis", until: theNow.add(hopeless)}},
		ReasonIsolated: {
			func(s *snapshot) {
				s.required[1].isolated, s.required[1].refusing, s.required[1].cause, s.required[1].retryAt = true, true, cause, at
			},
			verdict{dependency: "redis", cause: cause, until: at},
		},
		ReasonUnhealthy: {
			func(s *snapshot) {
				s.required[1].refusing, s.required[1].cause, s.required[1].retryAt = true, cause, at
			},
			verdict{dependency: "redis", cause: cause, until: at},
		},
		ReasonScope: {
			func(s *snapshot) { s.scope = blame{until: at, dependency: "redis", cause: cause} },
			verdict{dependency: "redis", cause: cause, until: at},
		},
		ReasonKey: {
			func(s *snapshot) {
				s.key, s.suspectKey = blame{until: at, dependency: "redis", cause: cause}, "topic:1"
			},
			verdict{dependency: "redis", key: "topic:1", cause: cause, until: at},
		},
		ReasonQuiet: {
			func(s *snapshot) { s.scoped, s.required[1].failedAt = false, theNow-1 },
			verdict{dependency: "redis", until: theNow.add(theQuiet) - 1},
		},
		ReasonStalled: {func(s *snapshot) { s.stalled = time.Minute }, verdict{until: theNow + soon}},
		ReasonRecovering: {
			func(s *snapshot) { s.required[1].episodeEnded, s.required[1].illness = forever, cause },
			verdict{dependency: "redis", cause: cause, until: theNow + soon},
		},
		ReasonStart: {
			func(s *snapshot) { s.required[1].registeredAt = theNow - second },
			verdict{dependency: "redis", until: theNow.add(theStartHold) - second},
		},
		ReasonHold: {
			func(s *snapshot) {
				s.required[0].episodeEnded, s.required[1].episodeEnded = theNow-2*second, theNow-second
			},
			verdict{dependency: "redis", until: theNow.add(theHold) - second}, // the longest
		},
		ReasonBudget: {
			func(s *snapshot) { s.budgetLeft, s.budget, s.budgetRefill = false, Budget{3, time.Minute}, at },
			verdict{cause: errors.New("3/1m"), until: at},
		},
		ReasonUnproven: {
			func(s *snapshot) { s.required[1].provenUntil, s.required[1].cause = theNow-1, cause },
			verdict{dependency: "redis", cause: cause},
		},
	} {
		s := well()
		row.ails(s)
		row.want.reason = reason
		got := s.decide()
		if got.dependency != row.want.dependency || got.key != row.want.key || got.until != row.want.until ||
			got.reason != row.want.reason || fmt.Sprint(got.cause) != fmt.Sprint(row.want.cause) {
			return fmt.Errorf("%s: %+v, want %+v", reason, got, row.want)
		}
	}
	return nil
}

// saysTheFirstOfEqualWaits checks that dependencies with the same wait are told in their order.
func saysTheFirstOfEqualWaits() error {
	s := well()
	s.required[0].episodeEnded, s.required[1].episodeEnded = theNow-second, theNow-second
	if v := s.decide(); v.reason != ReasonHold || v.dependency != "api" {
		return fmt.Errorf("two equal waits: %+v", v)
	}
	return nil
}

// well is a snapshot in which everything allows: a scoped call, with two required dependencies.
func well() *snapshot {
	healthy := func(name string) standing {
		return standing{
			name: name, registered: true, registeredAt: 1, failedAt: 500 * second, quiet: theQuiet,
			episodeEnded: 500 * second, provenUntil: theNow + second,
		}
	}
	return &snapshot{
		now: theNow, scoped: true, budgetLeft: true, startHold: theStartHold, hold: theHold,
		required: []standing{healthy("api"), healthy("redis")},
	}
}

// decisionChecks are all that is asked of the decision, and of its mutants, the quick ones first.
var decisionChecks = []func() error{
	toldInFull,
	saysTheFirstOfEqualWaits,
	neverWaitsSinceWhatNeverWas,
	func() error {
		_, err := enumerateDecision(false)
		return err
	},
	func() error {
		_, err := enumerateDecision(true)
		return err
	},
}

// neverWaitsSinceWhatNeverWas checks an episode that never was, shortly after the clock began.
func neverWaitsSinceWhatNeverWas() error {
	s := well()
	s.now = 2 * second
	for i := range s.required {
		s.required[i] = standing{registered: true, quiet: theQuiet, provenUntil: s.now}
	}
	s.scoped = false
	if v := s.decide(); v.reason != "" {
		return fmt.Errorf("denied since what never was: %+v", v)
	}
	return nil
}
