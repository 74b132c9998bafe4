package goredis

import (
	"fmt"
	"slices"
)

// Tier is a kind of destruction. A guard chooses which kinds go through the gate, see [DefaultTiers].
type Tier uint8

const (
	// Server: commands that empty or exchange whole databases, or that administrate the server: FLUSHALL, SWAPDB,
	// SHUTDOWN, CONFIG SET, SCRIPT FLUSH. No service sends them in its daily work.
	Server Tier = iota + 1
	// Removal: commands that remove keys, or parts of a value, and give nothing back: DEL, HDEL, XTRIM, XGROUP DESTROY, and
	// EXPIRE with a time that has passed.
	Removal
	// Consuming: commands that hand out what they remove: LPOP, SPOP, GETDEL, LMOVE. The daily work of a queue.
	Consuming
	// Overwrite: commands that replace a whole value, whatever it was: SET, MSET, RENAME, SUNIONSTORE.
	Overwrite
	// Expiry: commands that let something expire later: EXPIRE, GETEX with EX, HEXPIRE.
	Expiry
	// Trimming: commands that add, and drop what is too old for that: XADD with MAXLEN or MINID.
	Trimming
	// Scripting: EVAL, EVALSHA and FCALL, which may do anything: a script cannot be judged by its name.
	Scripting
)

var tiers = []string{"server", "removal", "consuming", "overwrite", "expiry", "trimming", "scripting"}

// DefaultTiers are those that go through the gate unless a guard chooses others: [Server] and [Removal]. What is left out
// is the daily work of queues, caches and streams, where a gate that closes would stop the service itself.
func DefaultTiers() []Tier { return []Tier{Server, Removal} }

// Tiers are all of them.
func Tiers() []Tier {
	all := make([]Tier, len(tiers))
	for i := range all {
		all[i] = Tier(i + 1)
	}
	return all
}

// String is the name of the tier, in lower case.
func (t Tier) String() string {
	if t == 0 || int(t) > len(tiers) {
		return fmt.Sprintf("tier(%d)", uint8(t))
	}
	return tiers[t-1]
}

// MarshalText writes the name of the tier. The error is about a value that is none.
func (t Tier) MarshalText() ([]byte, error) {
	if t == 0 || int(t) > len(tiers) {
		return nil, fmt.Errorf("tier %d: give one of %v", uint8(t), tiers)
	}
	return []byte(t.String()), nil
}

// UnmarshalText reads the name of a tier. The error is about a name that is none.
func (t *Tier) UnmarshalText(text []byte) error {
	i := slices.Index(tiers, string(text))
	if i < 0 {
		return fmt.Errorf("tier %q: give one of %v", text, tiers)
	}
	*t = Tier(i + 1)
	return nil
}
