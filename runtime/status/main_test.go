package status

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestMain sees to it that nothing in this package leaves a goroutine behind. The time of the service is UTC, so that what a
// report says of it is the same everywhere.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	goleak.VerifyTestMain(m)
}
