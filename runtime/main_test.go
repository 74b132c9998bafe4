package guard

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain sees to it that nothing in this package leaves a goroutine behind. Tests in a bubble of synctest cannot, and
// what runs outside of one must have ended when the last test has.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
