//go:build integration

package acceptance

import (
	"flag"
	"testing"

	"go.uber.org/goleak"

	"github.com/guardgen/guardgen/examples/sessiond/redistest"
)

// parallel is how many tests run at a time, also on two cores: they wait for timeouts and hardly compute.
const parallel = "12"

func TestMain(m *testing.M) {
	redistest.Mute()
	flag.Parse()
	if err := flag.Set("test.parallel", parallel); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// must ends the test at an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
