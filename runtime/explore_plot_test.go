//go:build !race

package guard

// contact says how an actor asks the gate.
type contact uint8

const (
	asksNever contact = iota
	asksScoped
	asksScopedAboutKey
	asksAboutKey
	asksBare
)

func (c contact) scoped() bool { return c == asksScoped || c == asksScopedAboutKey }
func (c contact) keyed() bool  { return c == asksScopedAboutKey || c == asksAboutKey }

// role is what an actor does: it calls one method about the one key, and then asks the gate for a destructive call, because
// of an error or in any case. Without a call it only asks.
type role struct {
	calls   uint8 // one after the other
	method  uint8
	heavy   bool // of the method's class
	scope   uint8
	contact contact
	despite bool // asks whatever its last call returned
}

var (
	// handles is an error handler that cleans up.
	handles = role{calls: 1, contact: asksScopedAboutKey}
	// reads is a reaper: it reads the record, and then destroys what it is about.
	reads = role{calls: 1, method: 1, heavy: true, scope: 2, contact: asksScopedAboutKey, despite: true}
	// beats is a heartbeat about the key.
	beats = role{calls: 1}
	// purges is a job that destroys something without a key, scoped or not.
	purges      = role{scope: 1, contact: asksScoped}
	purgesLoose = role{scope: 1, contact: asksBare}
)

// plot is what one exploration is about: who does what, and how much the world may do.
type plot struct {
	name       string
	roles      [actors]role
	threshold  int // at most 2: the explorer knows no degraded state
	budget     int
	recognised bool  // the dependency has a generation
	unproven   bool  // at the beginning
	outages    uint8 // each as long as it likes
	changes    uint8 // recoveries as somebody else
	losses     uint8 // single failures while it works
	stalls     uint8
	mutant     mutant
	least      int  // states that there are at least
	large      bool // only with -explore
}

// plots are walked through from end to end.
var plots = []*plot{
	{name: "a handler and a reaper in an outage", roles: [actors]role{handles, {}, reads}, threshold: 1, budget: 1, outages: 1, least: 200_000},
	{name: "two heartbeats and a reaper", roles: [actors]role{beats, beats, reads}, threshold: 2, budget: 1, losses: 1, least: 800_000},
	{
		name: "a handler, a job without scope, and a reaper", large: true, roles: [actors]role{handles, purgesLoose, reads}, threshold: 2,
		budget: 1, losses: 1, least: 3_500_000,
	},
	{name: "a handler without scope, and a reaper", roles: [actors]role{{calls: 1, contact: asksBare}, {}, reads}, threshold: 2, budget: 1, losses: 2, least: 100_000},
	{
		name: "a handler, and another in its scope", roles: [actors]role{handles, {contact: asksScopedAboutKey}, {}}, threshold: 2, budget: 1,
		losses: 2, least: 100_000,
	},
	{name: "a heartbeat and a reaper when the process stands still", roles: [actors]role{beats, {}, reads}, threshold: 2, budget: 1, stalls: 1, least: 200_000},
	{name: "a reaper when somebody else comes back", roles: [actors]role{{}, {}, reads}, threshold: 2, budget: 1, recognised: true, outages: 1, changes: 1, least: 40_000},
	{name: "two jobs at the start", roles: [actors]role{purges, purgesLoose, {}}, threshold: 2, budget: 2, unproven: true, losses: 1, least: 150_000},
	{
		name: "a heartbeat, a job and one without scope; the breaker opens", large: true, roles: [actors]role{beats, purges, purgesLoose}, threshold: 1,
		budget: 2, losses: 1, least: 20_000_000,
	},
	{
		name: "a handler, one without scope, and a reaper; the breaker opens", large: true,
		roles: [actors]role{handles, {calls: 1, scope: 1, contact: asksBare}, reads}, threshold: 2, budget: 1, losses: 2, least: 15_000_000,
	},
	{
		name: "two heartbeats and a reaper in an outage", large: true, roles: [actors]role{beats, beats, reads}, threshold: 2, budget: 1, outages: 1,
		least: 14_000_000,
	},
}

// mutant is one mistake in the steps, which the explorer must find.
type mutant uint8

const (
	faithful mutant = iota
	bumpsAfterReturn
	comparesCurrentEpoch
	joinsAnyProbe
	looksOnce
	closesEpisodeByReading
	drawsBudgetInTwoSteps
	lateSuccessProves
	anotherMethodClears
	earlierCallClears
	unscopedNeedNoQuiet
	failureLeavesScope
	holdIsForgotten
	callsRunInHalfOpen
	launchesBesideAnother
	landingForgetsTimer
	joinsProbeOlderThanAsk
	acceptsOldAnswer
	endsEpisodeAfterOne
	stallIsForgotten
	stallIsOver
	beatsAfterReading
	refusesBeforeReason
	clearanceOutlivesFailure
	clearanceOutlivesEpisode
	clearanceDoesNotAge
	// These are no mistakes of the steps but a judge who asks for more than a gate can give.
	judgedAtTheAct
	judgedByAnswers
)

// start is the first state: a dependency that works and, unless the plot says otherwise, has just proven itself.
func (p *plot) start() *situation {
	s := &situation{works: true, as: 1, outages: p.outages, changes: p.changes, losses: p.losses, stalls: p.stalls}
	s.guard = guardState{
		published: published{flags: uint8(always), proof: evidence{1, 0}}, epoch: 1, proven: true, watch: 1, timer: 1,
	}
	s.truth.good = true
	if p.unproven {
		s.guard.flags |= uint8(recording)
		s.guard.proven, s.guard.proof, s.truth.good = false, evidence{0, goneBy}, false
	}
	if p.recognised {
		s.guard.generation = s.as
	}
	for i, r := range p.roles {
		s.actor[i] = actor{at: idle, calls: r.calls}
		s.method[i] = r.method
		if r.calls == 0 && r.contact == asksNever {
			s.actor[i].at = done
		}
	}
	s.normalise()
	return s
}
