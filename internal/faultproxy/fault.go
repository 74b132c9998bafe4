package faultproxy

import (
	"errors"
	"fmt"
	"time"
)

// Fault is what goes wrong. The zero value is a proxy that passes everything on. Fields combine, as far as the stronger
// leaves the weaker anything to do: Refuse, Deaf, Reset, BlackHole, then the rest.
type Fault struct {
	// Refuse closes the listener and every connection: a server that is not there. New connections are refused by the
	// kernel, until the next Set opens the listener at the same address again.
	Refuse bool

	// Stale leaves the file of a unix socket in place while refusing, as a crashed server does: clients then see
	// "connection refused" instead of "no such file". Means nothing for TCP.
	Stale bool

	// Deaf closes every connection and accepts no new one, with a queue that is full: over TCP a dial hangs, at a unix
	// socket it ends with EAGAIN at once. See [Deaf].
	Deaf bool

	// Reset ends connections, the open ones and each new one, with a TCP reset where the network knows one.
	Reset bool

	// BlackHole accepts and swallows: nothing reaches the server and no answer comes back, on open connections too.
	BlackHole bool

	// LoseRequests swallows what the client says, LoseAnswers what the server says: the server has done then what it was
	// asked to do, and nobody knows.
	LoseRequests, LoseAnswers bool

	// HangUp closes a connection so long after something on it was swallowed for the first time: a slow death. 0 leaves
	// it open.
	HangUp time.Duration

	// HalfClose closes the client's reading side when the server begins to answer. Its writing side stays open, and what
	// it says reaches the server.
	HalfClose bool

	// Answer is said to the client in place of what the server would answer, to each of its chunks. The server hears
	// nothing of them.
	Answer string

	// Latency delays each chunk in either direction.
	Latency time.Duration

	// Trickle passes answers on byte by byte, each so long after the one before.
	Trickle time.Duration

	// CutAfter ends a connection after so many bytes of answer, counted from its beginning; 0 never does.
	CutAfter int64

	// Fail is the share, in [0, 1], of the client's chunks at which the connection is closed instead.
	Fail float64

	// Swallow is the share, in [0, 1], of the client's chunks at which the connection falls silent: the client runs
	// into its deadline. Together with Fail at most 1.
	Swallow float64
}

// check reports values that mean nothing.
func (f Fault) check() error {
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"latency", f.Latency}, {"trickle", f.Trickle}, {"hang up", f.HangUp}} {
		if d.value < 0 {
			return fmt.Errorf("faultproxy: %s %v: give a duration of at least 0", d.name, d.value)
		}
	}
	switch {
	case f.CutAfter < 0:
		return fmt.Errorf("faultproxy: cut after %d bytes: give a count of at least 0", f.CutAfter)
	case !(f.Fail >= 0 && f.Swallow >= 0 && f.Fail+f.Swallow <= 1):
		return fmt.Errorf("faultproxy: fail %v and swallow %v: give shares of at least 0, together at most 1", f.Fail, f.Swallow)
	}
	return nil
}

// errClosed is what a proxy says after Close.
var errClosed = errors.New("faultproxy: the proxy is closed: start a new one")
