package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// shufflingGo is the go command, but for the order in which go list -json names the files of a package.
func shufflingGo() {
	goCommand := exec.Command(os.Getenv("UNSHUFFLED_GO"), os.Args[1:]...)
	goCommand.Stdin, goCommand.Stderr = os.Stdin, os.Stderr
	output, err := goCommand.Output()
	if slices.ContainsFunc(os.Args, func(arg string) bool { return strings.HasPrefix(arg, "-json") }) {
		output = shuffled(output)
	}
	os.Stdout.Write(output)
	if err != nil {
		os.Exit(1)
	}
}

// shuffled changes the order of each list of files in what go list -json says.
func shuffled(text []byte) []byte {
	var result bytes.Buffer
	said := json.NewDecoder(bytes.NewReader(text))
	for {
		var p map[string]any
		if err := said.Decode(&p); err != nil {
			if err != io.EOF {
				return text
			}
			return result.Bytes()
		}
		for name, value := range p {
			if list, ok := value.([]any); ok && strings.HasSuffix(name, "Files") {
				rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			}
		}
		_ = json.NewEncoder(&result).Encode(p) // what was decoded can be encoded
	}
}

var runs = flag.Int("runs", 10, "TestManyRunsGiveOneOutput: how many")

// TestManyRunsGiveOneOutput asks for what there is to say and to write many times in one process: what iterates over a map
// in no order, depends on which goroutine comes first, or on the order in which the go command names files, would give
// itself away.
func TestManyRunsGiveOneOutput(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOPROXY", "off")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "determinism"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "go.mod.txt"), filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	unshuffled, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("UNSHUFFLED_GO", unshuffled)
	path := os.Getenv("PATH")
	bin := t.TempDir()
	if self, err := os.Executable(); err != nil || os.Symlink(self, filepath.Join(bin, "go")) != nil {
		t.Fatal("no link to the test itself: ", err)
	}
	first := make(map[string]string)
	for i := range *runs {
		procs := 1 + i%2
		before := runtime.GOMAXPROCS(procs)
		if t.Setenv("PATH", path); i%4 >= 2 { // half of the runs, with one processor and with two
			t.Setenv("PATH", bin+string(os.PathListSeparator)+path)
		}
		for j, row := range []struct {
			args []string
			want int
		}{
			{[]string{"check", "./good/..."}, exitStale},
			{[]string{"list", "-json", "./good/..."}, exitOK},
			{[]string{"check", "./..."}, exitFailed},
		} {
			if j > 0 && i/2%5 > 0 { // what the first row runs through is most of what these do
				continue
			}
			var stdout, stderr bytes.Buffer
			code := run(row.args, &stdout, &stderr, dir)
			got, name := stdout.String()+"\n"+stderr.String(), row.args[0]+" "+row.args[len(row.args)-1]
			if code != row.want {
				t.Fatalf("%s: exit %d, want %d:\n%s", name, code, row.want, got)
			}
			if first[name] == "" {
				first[name] = got
			}
			if got != first[name] {
				t.Fatalf("%s: run %d, GOMAXPROCS %d, differs from the first:\n%s\n--- first\n%s", name, i, procs, got, first[name])
			}
		}
		runtime.GOMAXPROCS(before)
	}
}
