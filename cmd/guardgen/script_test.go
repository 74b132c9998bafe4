package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the expectations of the scripts anew")

func TestMain(m *testing.M) {
	if os.Getenv("UNSHUFFLED_GO") != "" && filepath.Base(os.Args[0]) == "go" {
		shufflingGo()
		return
	}
	testscript.Main(m, map[string]func(){"guardgen": main})
}

// TestScripts tells the stories of the command line, one for each file of testdata/script.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	goEnv := goEnvironment(t)
	if self, err := exec.LookPath("guardgen"); err == nil {
		goEnv = append(goEnv, "GUARDGEN="+self)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Condition:           isRoot,
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, goEnv...)
			return writeModule(root, env.WorkDir)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"age":       age,
			"readonly":  readonly,
			"untouched": untouched,
			"mode":      mode,
		},
	})
}

// goEnvironment lets the go command of a script find the caches of this one, and keeps it from the network.
func goEnvironment(t *testing.T) []string {
	t.Helper()
	names := []string{"GOCACHE", "GOMODCACHE", "GOROOT"}
	values, err := exec.Command("go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off", "GOTOOLCHAIN=local"}
	for i, value := range strings.Split(strings.TrimSpace(string(values)), "\n") {
		env = append(env, names[i]+"="+value)
	}
	return env
}

// writeModule makes dir the module example.com/service, which requires this one as it stands, and knows the checksums of
// all that this one requires.
func writeModule(root, dir string) error {
	own, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	const module = "module github.com/guardgen/guardgen\n"
	text := strings.Replace(string(own), module, "module example.com/service\n", 1) +
		"\nrequire github.com/guardgen/guardgen v0.0.0\n\nreplace github.com/guardgen/guardgen => " + strconv.Quote(root) + "\n"
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(text), 0o644); err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o644)
}
