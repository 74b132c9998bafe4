// Package session holds what the daemon is about: sessions and what may be said of them.
package session

import "time"

// Session is one client's stay with the service.
type Session struct {
	ID        string    `json:"id"`
	Owner     string    `json:"owner"`
	Topic     string    `json:"topic,omitempty"` // the topic it owns, which ends with it; "" for none
	CreatedAt time.Time `json:"created_at"`
	LastSeen  time.Time `json:"last_seen"` // last time the API saw its client; the heartbeat record is fresher
}

// Ending is the manner in which a session ends.
type Ending string

// The ways a session may end.
const (
	Closed     Ending = "closed"     // its owner said goodbye
	Terminated Ending = "terminated" // ended at once, for a reason that is given
	Ended      Ending = "ended"      // its client fell silent
)
