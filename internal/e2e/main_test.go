package e2e

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/guardgen/guardgen/examples/sessiond/redistest"
)

var (
	whole = flag.Bool("all", false, "run every row of the catalogue, and not only the fast ones")
	write = flag.String("write", "", "put the table into this file, between its two marker lines")
)

// parallel is how many rows run at a time, also on two cores: they wait for timeouts and hardly compute.
const parallel = "12"

func TestMain(m *testing.M) {
	redistest.Mute()
	if files := os.Getenv(childVariable); files != "" {
		fmt.Fprintln(os.Stderr, childMain(files))
		os.Exit(1)
	}
	flag.Parse()
	if err := flag.Set("test.parallel", parallel); err != nil {
		panic(err)
	}
	const toxiproxy = "github.com/Shopify/toxiproxy/v2"
	goleak.VerifyTestMain(m, // it leaves goroutines behind where a link ends while bytes wait in it, or its toxics change
		goleak.IgnoreAnyFunction(toxiproxy+"/toxics.(*ToxicStub).Run"),
		goleak.IgnoreAnyFunction(toxiproxy+".(*ToxicLink).read"),
		goleak.IgnoreAnyFunction(toxiproxy+".(*ToxicLink).write"),
	)
}
