package goredis

import (
	"context"
	"testing"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"
)

// TestMain sees to it that nothing in this package leaves a goroutine behind: no client, no pool, no server of a test.
func TestMain(m *testing.M) {
	redis.SetLogger(mute{}) // it would speak of every fault
	goleak.VerifyTestMain(m)
}

// mute is a logger of go-redis that says nothing.
type mute struct{}

func (mute) Printf(context.Context, string, ...any) {}
