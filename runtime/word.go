package guard

// The word of a dependency is all that the request path reads of it:
//
//	epoch (36 bits) | generation (20 bits) | flags (8 bits)
//
// The generation changes when the breaker changes its state; results of another generation do not reach the engine.
// The epoch is bumped by every failure and refusal, before its error is returned; a success proves the dependency only
// if the epoch is still the one that its call began under. Both wrap around: a call would have to last for a million
// transitions, or 68 billion failures, to be mistaken.
const (
	// refusing: the breaker is open or half-open, the dependency is isolated, or the registry is closed.
	refusing uint64 = 1 << 0
	// shedding: degraded, so that heavy reads are refused.
	shedding uint64 = 1 << 1
	// recording: successes are to be recorded one by one, because there was a failure, an episode is open, nothing is
	// proven yet, or the threshold is a rate.
	recording uint64 = 1 << 2
	// noted: the epoch has been bumped for a refusal, so that further refusals need not. Whatever begins while calls are
	// refused clears it: see freshWord.
	noted uint64 = 1 << 4
	// trying: open, and a call, not a probe, is to find out whether the dependency works again.
	trying uint64 = 1 << 5

	// always is set in every word, so that a method can send all its calls the long way.
	always uint64 = 1 << 3

	generationUnit uint64 = 1 << 8
	generationMask uint64 = 1<<28 - generationUnit
	epochUnit      uint64 = 1 << 28
	epochShift            = 28
)

// epoch is the failure epoch of a word. Epochs are compared by [epoch.since].
type epoch uint64

func epochOf(word uint64) epoch { return epoch(word >> epochShift) }

// since reports whether e is not older than f, across a wrap-around.
func (e epoch) since(f epoch) bool { return int64(e<<epochShift-f<<epochShift) >= 0 }

func sameGeneration(a, b uint64) bool { return (a^b)&generationMask == 0 }

// proof is the evidence that a success leaves: the epoch that it proves, and the tick of the coarse clock when it was
// seen. Zero means that there was none.
type proof uint64

func proofOf(word uint64, tick uint32) proof { return proof(word>>epochShift<<32 | uint64(tick)) }

func (p proof) proves(e epoch) bool { return p != 0 && uint32(p>>32) == uint32(e) }

func (p proof) tick() uint32 { return uint32(p) }
