package guard_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestFastPathIsInlinedIntoGeneratedWrappers asks the compiler. Wall time would flake; what it inlines does not. Only Begin
// is a call, because it has ctx.Err in it, and Settle, which is not on that path.
func TestFastPathIsInlinedIntoGeneratedWrappers(t *testing.T) {
	const wrapper = "github.com/guardgen/guardgen/internal/golden/transport"
	command := exec.CommandContext(t.Context(), "go", "build", "-gcflags="+wrapper+"=-m", wrapper)
	report, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, report)
	}
	source, err := os.ReadFile("../internal/golden/transport/transport_guard.go")
	if err != nil {
		t.Fatal(err)
	}
	methods := strings.Count(string(source), "call.Settle(")
	if methods == 0 {
		t.Fatal("the wrapper has no method")
	}
	for _, step := range []string{"Admitted", "Context", "Succeeded"} {
		if n := strings.Count(string(report), "inlining call to guard.Attempt."+step); n != methods {
			t.Errorf("Attempt.%s is inlined into %d of %d methods", step, n, methods)
		}
	}
	if escapes := regexp.MustCompile(`(?m)^.*(moved to heap|escapes to heap).*call\b.*$`).FindAllString(string(report), -1); escapes != nil {
		t.Errorf("the attempt of a call escapes:\n%s", strings.Join(escapes, "\n"))
	}
}
