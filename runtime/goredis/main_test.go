package goredis

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain sees to it that nothing in this package leaves a goroutine behind: no client, no pool, no server of a test.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
