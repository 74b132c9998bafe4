package goredis

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

// inquiry is a command that asks the hooks of a client for its guard. It is never sent: a guard answers it, and where
// there is none its context is done.
type inquiry struct {
	*redis.Cmd

	found *Guarded
}

// errFound ends an inquiry.
var errFound = errors.New("goredis: the guard of the client answers")

// Of returns the guard that stands in the hooks of a client; nil if there is none, as in those that client.WithTimeout
// makes. It sends nothing.
func Of(client redis.UniversalClient) *Guarded {
	if _, err := settingsOf(client); err != nil {
		return nil
	}
	found, _ := inquire(client)
	return found
}

// inquire returns the guard of a client, and what else it said.
func inquire(client redis.UniversalClient) (*Guarded, error) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	asked := &inquiry{Cmd: redis.NewCmd(ctx, "ping")}
	err := client.Process(ctx, asked)
	return asked.found, err
}
