package annotations

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// modelText loads everything below testdata/src that can be read, and writes down all that templates can see of it.
func modelText(t *testing.T, prepare func(*loader)) string {
	t.Helper()
	dir, err := filepath.Abs("testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	report := &reporter{fset: token.NewFileSet(), dir: dir}
	l := newLoader(Config{Dir: dir}, report)
	prepare(l)
	var b strings.Builder
	for _, pkg := range l.model(context.Background(), []string{"./..."}) {
		fmt.Fprintln(&b, "package", pkg.Path, pkg.Name, pkg.Unread, pkg.Types.Scope().Names())
		for _, file := range pkg.Files {
			fmt.Fprintln(&b, "file", file.Path, file.BuildTag, file.Aliases)
			for _, c := range file.Clients {
				fmt.Fprintf(&b, "client %s %t %q %v %v\n", c.Name, c.Struct, c.Doc, c.Pos, c.Dependency)
				for _, m := range c.Methods {
					said := *m
					said.Func = nil
					fmt.Fprintf(&b, "method %+v %s\n", said, types.TypeString(m.Func.Signature(), nil))
				}
			}
		}
	}
	for _, d := range report.sorted() {
		fmt.Fprintln(&b, d)
	}
	return b.String()
}

// wantSame fails with the first line that differs.
func wantSame(t *testing.T, got, want string) {
	t.Helper()
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(gotLines), len(wantLines)) {
		if gotLines[i] != wantLines[i] {
			t.Fatalf("line %d is\n%s\nwant\n%s", i+1, gotLines[i], wantLines[i])
		}
	}
	if len(gotLines) != len(wantLines) {
		t.Fatalf("%d lines, want %d", len(gotLines), len(wantLines))
	}
}

func TestSourceAloneSaysTheSameAsExportData(t *testing.T) {
	t.Parallel()
	var exported, source int
	want := modelText(t, func(*loader) {})
	got := modelText(t, func(l *loader) {
		l.patience = 0
		t.Cleanup(func() {
			for _, fromSource := range l.source {
				if fromSource {
					source++
				} else {
					exported++
				}
			}
			if exported > 0 || source == 0 {
				t.Errorf("%d packages from source, %d from export data", source, exported)
			}
		})
	})
	wantSame(t, got, want)
}

func TestOrderOfFilesDoesNotMatter(t *testing.T) {
	want := modelText(t, func(*loader) {})
	for seed := range uint64(2) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1 + int(seed)%2))
		random := rand.New(rand.NewPCG(seed, 0))
		got := modelText(t, func(l *loader) {
			l.disorder = func(files []string) {
				random.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
			}
		})
		wantSame(t, got, want)
	}
}
