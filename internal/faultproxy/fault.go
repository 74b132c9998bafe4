package faultproxy

import (
	"errors"
	"fmt"
	"time"
)

// Fault is what goes wrong. The zero value is a proxy that passes everything on. Fields combine, as far as the stronger
// leaves the weaker anything to do: Refuse, Reset, BlackHole, then the rest.
type Fault struct {
	// Refuse closes the listener and every connection: a server that is not there. New connections are refused by the
	// kernel, until the next Set opens the listener at the same address again.
	Refuse bool

	// Stale leaves the file of a unix socket in place while refusing, as a crashed server does: clients then see
	// "connection refused" instead of "no such file". Means nothing for TCP.
	Stale bool

	// Reset ends connections, the open ones and each new one, with a TCP reset where the network knows one.
	Reset bool

	// BlackHole accepts and swallows: nothing reaches the server and no answer comes back, on open connections too.
	BlackHole bool

	// Latency delays each chunk in either direction.
	Latency time.Duration

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
	switch {
	case f.Latency < 0:
		return fmt.Errorf("faultproxy: latency %v: give a duration of at least 0", f.Latency)
	case f.CutAfter < 0:
		return fmt.Errorf("faultproxy: cut after %d bytes: give a count of at least 0", f.CutAfter)
	case !(f.Fail >= 0 && f.Swallow >= 0 && f.Fail+f.Swallow <= 1):
		return fmt.Errorf("faultproxy: fail %v and swallow %v: give shares of at least 0, together at most 1", f.Fail, f.Swallow)
	}
	return nil
}

// errClosed is what a proxy says after Close.
var errClosed = errors.New("faultproxy: the proxy is closed: start a new one")
