//go:build integration

package acceptance

import (
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"testing"
)

// serviceTests is the package of the service's own tests, from here.
const serviceTests = "../sessiond/service"

// mustHavePassed are tests without which the run of the service's suite would show nothing. The last of each suite checks
// that no method of the clients was left out.
var mustHavePassed = []string{
	"TestServiceWithRawClients",
	"TestServiceWithRawClients/SessionsEndInEveryManner",
	"TestServiceWithRawClients/EveryMethodWasCalled",
	"TestServiceWithGuardedClients",
	"TestServiceWithGuardedClients/SessionsEndInEveryManner",
	"TestServiceWithGuardedClients/EveryMethodWasCalled",
}

func TestCriterion8ServiceTestsPassUnchangedWithWrappers(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	arguments := []string{"test", "-v", "-count=1", "-timeout=120s"}
	if raceDetector() {
		arguments = append(arguments, "-race")
	}
	run := exec.CommandContext(t.Context(), "go", append(arguments, serviceTests)...)
	run.Env = append(os.Environ(), "REDIS_ADDR="+server.Addr)
	output, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("go test %s: %v\n%s", serviceTests, err, output)
	}
	results := make(map[string]bool)
	for line := range strings.Lines(string(output)) {
		if words := strings.Fields(line); len(words) > 2 && words[0] == "---" {
			results[words[1]+" "+words[2]] = true
		}
	}
	for _, name := range mustHavePassed {
		if !results["PASS: "+name] {
			t.Errorf("%s did not run, or did not pass:\n%s", name, output)
		}
	}
	for _, command := range []string{"sadd", "xadd", "xrevrange", "hset", "hget", "del"} {
		if server.seen(t, command) == 0 {
			t.Errorf("redis-server saw no %s: the tests used another one", command)
		}
	}
}

// raceDetector reports whether it is compiled into this program.
func raceDetector() bool {
	info, _ := debug.ReadBuildInfo()
	for _, setting := range info.Settings {
		if setting.Key == "-race" {
			return setting.Value == "true"
		}
	}
	return false
}
