package annotations

import (
	"strings"
	"testing"
)

// FuzzDirective reads any comment: no panic, and every position lies inside the comment.
func FuzzDirective(f *testing.F) {
	for _, seed := range []string{
		"//guard:dependency name=redis threshold=5 backoff=1s..60s reconnect=45s key=topic", "//guard:destructive Del Unlink FlushDB budget=20/1m",
		"// guard:heavy", "//guard:Destructive", "//guard:", "//guard: skip", "/*guard:heavy*/", "//GUARD : probe", `//guard:call key="two words"`,
		`//guard:call key="`, `//guard:call "`, `//guard:call key=""x`, "//guard:heavy // why", "//guard:destuctive", "//guard:\xff", "//guard:heavy\u00a0A",
		"//guard:call key=a,b:c.d,,", "//guard:dependency key=ä:ö.ü", "//guard:dependency =", "//guard:dependency \"\"",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !strings.HasPrefix(text, "//") && !strings.HasPrefix(text, "/*") || strings.HasPrefix(text, "//") && strings.Contains(text, "\n") {
			return // no comment
		}
		readInside(t, text)
	})
}

// FuzzOptions gives any value to each option of each directive: no panic, and every position lies inside the comment.
func FuzzOptions(f *testing.F) {
	for _, seed := range []string{
		"5", "5/10s", "50%/10s/20", "%//", "1s..60s", "..", "20/1m", "none", "/", "session:id,topic:req.Topic", ":", ",", "a.b.c", "redis",
		"-1s", "9223372036854775808", "1e9h", "observe", "Func", `"quoted"`, `"`, "", " ", "\xff\xfe", "ÄÖ",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.Contains(value, "\n") {
			return // no comment
		}
		for _, directive := range directiveNames {
			for _, option := range optionsOf(directive) {
				readInside(t, "//guard:"+directive+" "+option+"="+value)
			}
		}
	})
}

// readInside reads a comment and checks that whatever is reported, and whatever position is kept, lies inside it.
func readInside(t *testing.T, text string) {
	report, comment := commentOf(text)
	d, ours := parseDirective(report, comment)
	if d != nil && !ours || d == nil && ours != (len(report.found) > 0) {
		t.Fatalf("%q: directive %v, ours %v, %v", text, d, ours, report.found)
	}
	if d != nil {
		r := newReader(&loader{report: report, fset: report.fset}, nil)
		var dependency Dependency
		said := make(written)
		if d.name == "dependency" {
			parseOptions(report, d, dependencyOptions, &dependency, said)
			dependency.Keys = placed(report, dependency.Keys, said["key"])
		} else {
			s := r.settings(d)
			dependency.Keys, said = s.keys, s.written
		}
		for _, key := range dependency.Keys {
			if got := report.position(key.posIn(report, said["key"])); got != key.Pos {
				t.Errorf("%q: key %s stands at %v and at %v", text, key, key.Pos, got)
			}
			if !strings.HasPrefix(text[key.Pos.Offset:], key.String()) && !strings.HasPrefix(text[key.Pos.Offset:], key.Kind) {
				t.Errorf("%q: key %s is not at its position %v", text, key, key.Pos)
			}
		}
	}
	for _, found := range report.found {
		if found.Pos.Offset < 0 || found.Pos.Offset > len(text) || !found.Pos.IsValid() {
			t.Errorf("%q: %v lies outside", text, found)
		}
		if found.Message == "" {
			t.Errorf("%q: no message", text)
		}
	}
}
