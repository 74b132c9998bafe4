package service_test

import (
	"flag"
	"os"
	"testing"

	"github.com/guardgen/guardgen/examples/sessiond/redistest"
	"github.com/guardgen/guardgen/examples/sessiond/rig"
	"go.uber.org/goleak"
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

// newRig starts a service with raw or with guarded clients. Its Redis is embedded, or the one at REDIS_ADDR.
func newRig(t *testing.T, guarded bool) *rig.Rig {
	t.Helper()
	return rig.New(t, rig.Config{Redis: os.Getenv("REDIS_ADDR"), Guarded: guarded, Beneath: guarded})
}

// must ends the test at an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
