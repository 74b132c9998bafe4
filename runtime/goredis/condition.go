package goredis

import "time"

// option finds the first of words among the options of a command that begin at position from. Operands says of an option
// how many arguments it takes, which are passed over: the value of SET k v IFEQ NX is no NX. -1 ends the options.
// It returns the position, or 0.
func option(args []any, from int, operands func(args []any, at int) int, words ...string) int {
	for i := from; i < len(args); i++ {
		if w := wordOf(args[i]); w.in(words...) {
			return i
		}
		n := operands(args, i)
		if n < 0 {
			return 0
		}
		i += n
	}
	return 0
}

// taking is for commands whose options take one argument if they are named here, and none otherwise.
func taking(words ...string) func(args []any, at int) int {
	return func(args []any, at int) int {
		if w := wordOf(args[at]); w.in(words...) {
			return 1
		}
		return 0
	}
}

// has is the condition that one of words is among the options that begin at from.
func has(from int, operands func([]any, int) int, words ...string) func([]any) bool {
	return func(args []any) bool { return option(args, from, operands, words...) > 0 }
}

// lacks is the condition that none of words is.
func lacks(from int, operands func([]any, int) int, words ...string) func([]any) bool {
	return func(args []any) bool { return option(args, from, operands, words...) == 0 }
}

var (
	ofSet  = taking("EX", "PX", "EXAT", "PXAT", "IFEQ", "IFNE", "IFDEQ", "IFDNE")
	ofTTL  = taking("EX", "PX", "EXAT", "PXAT")
	ofNone = taking()
)

// ofSort: SORT key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC|DESC] [ALPHA] [STORE destination].
func ofSort(args []any, at int) int {
	w := wordOf(args[at])
	switch {
	case w.in("LIMIT"):
		return 2
	case w.in("BY", "GET", "STORE"):
		return 1
	}
	return 0
}

// ofXAdd: XADD key [NOMKSTREAM] [KEEPREF|DELREF|ACKED] [IDMPAUTO producer|IDMP producer id] [MAXLEN|MINID …] id field value …
// What is no option is the id, and whatever stands behind it is data.
func ofXAdd(args []any, at int) int {
	w := wordOf(args[at])
	switch {
	case w.in("NOMKSTREAM", "KEEPREF", "DELREF", "ACKED"):
		return 0
	case w.in("IDMPAUTO"):
		return 1
	case w.in("IDMP"):
		return 2
	}
	return -1
}

// ofHashTTL: HGETEX key [EX seconds|…] FIELDS number field …, and HSETEX with pairs of field and value.
func ofHashTTL(perField int) func([]any, int) int {
	return func(args []any, at int) int {
		w := wordOf(args[at])
		switch {
		case w.in("EX", "PX", "EXAT", "PXAT"):
			return 1
		case w.in("FIELDS"):
			return 1 + perField*count(args, at+1)
		}
		return 0
	}
}

// count is the argument at a position as a number of things that follow it; at most as many as there are.
func count(args []any, at int) int {
	if at >= len(args) {
		return 0
	}
	n, _ := integer(args[at])
	return int(min(max(n, 0), int64(len(args)-at-1)))
}

// behind is a condition about options that stand behind a number at position at and so many arguments for each.
func behind(at, each int, condition func(args []any, from int) bool) func([]any) bool {
	return func(args []any) bool { return condition(args, at+1+each*count(args, at)) }
}

// unit is what a time of expiry is given in.
type unit struct {
	tick     time.Duration
	absolute bool
}

var (
	seconds   = unit{tick: time.Second}
	millis    = unit{tick: time.Millisecond}
	secondsAt = unit{tick: time.Second, absolute: true}
	millisAt  = unit{tick: time.Millisecond, absolute: true}
)

// passed reports whether a time of expiry deletes at once, by our clock where it is absolute. What is no number does too:
// the server may know better what to make of it.
func (u unit) passed(arg any) bool {
	n, ok := integer(arg)
	switch {
	case !ok:
		return true
	case u.absolute:
		return n <= time.Now().UnixNano()/int64(u.tick)
	}
	return n <= 0
}

// expired is the condition that the time at a position has passed.
func (u unit) expired(at int) func([]any) bool {
	return func(args []any) bool { return at < len(args) && u.passed(args[at]) }
}

// expiredOption is the condition that one of the options EX, PX, EXAT, PXAT gives a time that has passed.
func expiredOption(from int, operands func([]any, int) int) func([]any) bool {
	return func(args []any) bool {
		at := option(args, from, operands, "EX", "PX", "EXAT", "PXAT")
		if at == 0 || at+1 >= len(args) {
			return false
		}
		w := wordOf(args[at])
		u := seconds
		switch {
		case w.in("PX"):
			u = millis
		case w.in("EXAT"):
			u = secondsAt
		case w.in("PXAT"):
			u = millisAt
		}
		return u.passed(args[at+1])
	}
}

// expiredMoment is the condition that EXAT or PXAT gives a time that has passed, for commands that write: with EX or PX the
// server takes none that is not positive.
func expiredMoment(from int, operands func([]any, int) int) func([]any) bool {
	return func(args []any) bool {
		at := option(args, from, operands, "EXAT", "PXAT")
		if at == 0 || at+1 >= len(args) {
			return false
		}
		u := secondsAt
		if w := wordOf(args[at]); w.in("PXAT") {
			u = millisAt
		}
		return u.passed(args[at+1])
	}
}

// says is the condition that the argument at a position is a word.
func says(at int, what string) func([]any) bool {
	return func(args []any) bool {
		if at >= len(args) {
			return false
		}
		w := wordOf(args[at])
		return w.in(what)
	}
}
