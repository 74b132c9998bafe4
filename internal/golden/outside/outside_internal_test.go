package outside

import "testing"

// time keeps the generated file from importing a package under this name.
const time = "of a test"

func TestNamesOfTestsKeepTheirMeaning(t *testing.T) {
	if got := time; got != "of a test" {
		t.Errorf("time is %q", got)
	}
}
