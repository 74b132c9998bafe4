package exercise

import (
	"fmt"
	"slices"
	"strings"
)

// asserted says of which methods each kind of claim was held. What a method has no occasion for, such as results that it
// does not have, is not held of it.
type asserted map[claim]map[string]bool

// claim is one thing that a wrapper is held to.
type claim uint8

const (
	sameArguments claim = iota // reach the client as they are
	sameResults                // come back as they are
	iteratorEnds               // an iterator yields what the client's does, and the error of its end is recorded
	refused                    // while isolated: nothing but the error, and the client is not called
	shed                       // the same while degraded, of heavy methods
	denied                     // the same while the gate is shut, of destructive methods
	failedOnce                 // a failure is recorded once
	carried                    // a result that carries its error holds the refusal
	aboutKeys                  // a failure is about the keys of the call, and no others
	underDeadline              // the client's context has the deadline of the policy
	asPredicated               // the gate is asked where when= says so, and only there
	answered                   // what the classifier takes for an answer is no failure
	callerGone                 // nor is a call whose caller went away
	neverStopped               // a call that is not guarded runs while isolated, too
)

var claims = [...]string{
	sameArguments: "arguments",
	sameResults:   "results",
	iteratorEnds:  "iterator ends",
	refused:       "refusal",
	shed:          "shed",
	denied:        "denial",
	failedOnce:    "failure once",
	carried:       "carrier",
	aboutKeys:     "keys",
	underDeadline: "deadline",
	asPredicated:  "predicate",
	answered:      "answers",
	callerGone:    "caller gone",
	neverStopped:  "never stopped",
}

// hold notes that a claim was held of a method.
func (a asserted) hold(c claim, method string) {
	if a[c] == nil {
		a[c] = make(map[string]bool)
	}
	a[c][method] = true
}

// String names the claims with the numbers of the methods that they were held of: "arguments 3, results 2".
func (a asserted) String() string {
	var parts []string
	for c, name := range claims {
		if n := len(a[claim(c)]); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", name, n))
		}
	}
	return strings.Join(parts, ", ")
}

// Claims are the names of what is asserted, in the order in which a log has them.
func Claims() []string { return slices.Clone(claims[:]) }
