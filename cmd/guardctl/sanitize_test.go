package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"connection refused":                     "connection refused",
		"Verbindung verweigert: süß, 接続拒否":       "Verbindung verweigert: süß, 接続拒否",
		"\x1b[31mred\x1b[0m":                     "red",
		"\x1b[2J\x1b[1;1Hall is well":            "all is well",
		"\u009b2Jall is well":                    "all is well",
		"\x1b]0;a title\x07refused":              "]0;a titlerefused", // its text is not hidden
		"\x1b]52;c;cm0gLXJmIC8=\x07":             "]52;c;cm0gLXJmIC8=",
		"\x1b]8;;http://evil\x1b\\click":         `]8;;http://evil\click`,
		"\x1b\x1b[31m[2J":                        "[2J", // what is left is text: there is no escape before it
		"two\nlines\r\nand\tmore":                "two lines  and more",
		"\rguardctl: OK":                         "guardctl: OK",
		"a\x08\x08\x7fb\x00c":                    "abc",
		"abc\u202edef\u2066ghi\u200b\ufeff":      "abcdefghi",
		"line\u2028and\u2029paragraph\u0085next": "line and paragraph next",
		"no\u00a0break":                          "no break",
		"bad \xff\xfe utf-8":                     "bad \ufffd\ufffd utf-8",
		"\U000e0041tag \ue000private \U0010ffff": "tag private",
		"  \x1b[0m ":                             "",
	} {
		if got := clean(text); got != want {
			t.Errorf("clean(%q) = %q; want %q", text, got, want)
		}
	}
}

func TestDecodeCleansEveryText(t *testing.T) {
	var got struct {
		Text  string
		List  []string
		Map   map[string]map[string]string
		Raw   json.RawMessage
		Whole int64
	}
	const bad = `\u001b[31mx\u001b[0m\n`
	document := `{"text":"` + bad + `","list":["` + bad + `"],"map":{"` + bad + `":{"` + bad + `":"` + bad + `"}},"raw":{"` + bad + `":["` + bad + `"]},"whole":9007199254740993}`
	if err := decode([]byte(document), &got); err != nil {
		t.Fatal(err)
	}
	if got.Text != "x" || got.List[0] != "x" || got.Map["x"]["x"] != "x" || string(got.Raw) != `{"x":["x"]}` {
		t.Errorf("decoded %+v", got)
	}
	if got.Whole != 9007199254740993 {
		t.Errorf("a number became %d", got.Whole)
	}
}

func TestDecodeRefusesWhatIsNotOneDocument(t *testing.T) {
	for _, document := range []string{"", "<html>", `{"a":1`, `{} {}`, `{}]`, "{\"a\":\"raw \x1b escape\"}", strings.Repeat("[", 100_000)} {
		var into any
		if err := decode([]byte(document), &into); err == nil {
			t.Errorf("decode(%.20q) took it for %v", document, into)
		}
	}
}

func TestEscapeIsTheSameDocument(t *testing.T) {
	for _, document := range []string{
		`{"a": "plain"}`,
		"{\r\n\t\"a\": \"\u009b2J\u202e \x7f \U000e0041 süß 接続\"}",
		"[\"bad \xff utf-8\", \"\\u001b[31m\"]",
	} {
		escaped := escape([]byte(document))
		if !same(t, []byte(document), escaped) {
			t.Errorf("escape(%q) = %q, which is another", document, escaped)
		}
		if r, found := firstUnprintable(string(escaped)); found {
			t.Errorf("escape(%q) leaves %q", document, r)
		}
	}
}

// same reports whether two JSON documents say the same.
func same(t *testing.T, a, b []byte) bool {
	t.Helper()
	var values [2]any
	for i, document := range [][]byte{a, b} {
		decoder := json.NewDecoder(bytes.NewReader(document))
		decoder.UseNumber() // of any size
		if err := decoder.Decode(&values[i]); err != nil {
			t.Fatalf("%q: %v", document, err)
		}
	}
	return reflect.DeepEqual(values[0], values[1])
}

// firstUnprintable finds what a terminal would obey, or not show.
func firstUnprintable(text string) (rune, bool) {
	for _, r := range text {
		if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
			return r, true
		}
	}
	return 0, false
}

func FuzzSanitize(f *testing.F) {
	for _, seed := range []string{
		"refused", "\x1b[31mred\x1b[0m", "\u009b2J", "\x1b]0;t\x07", "a\u202eb", `{"a":"\u001b[2J"}`, "[\"\u009b\",\"\xff\"]", "{\"\\u0007\":\r1}", `"\ud800"`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cleaned := clean(text)
		if r, found := firstUnprintable(cleaned); found || strings.ContainsAny(cleaned, "\n\t") {
			t.Fatalf("clean(%q) = %q, with %q in it", text, cleaned, r)
		}
		if again := clean(cleaned); again != cleaned {
			t.Fatalf("clean(%q) = %q, and that becomes %q", text, cleaned, again)
		}
		if len(cleaned) > 3*len(text) || !utf8.ValidString(cleaned) {
			t.Fatalf("clean(%q) = %q", text, cleaned)
		}
		if !json.Valid([]byte(text)) {
			return
		}
		escaped := escape([]byte(text))
		if r, found := firstUnprintable(string(escaped)); found {
			t.Fatalf("escape(%q) = %q, with %q in it", text, escaped, r)
		}
		if !same(t, []byte(text), escaped) {
			t.Fatalf("escape(%q) = %q, which is another document", text, escaped)
		}
		var decoded any
		if err := decode([]byte(text), &decoded); err != nil {
			return // a lone surrogate, or too deep
		}
		everyText(decoded, func(said string) {
			if r, found := firstUnprintable(said); found || strings.ContainsAny(said, "\n\t") {
				t.Fatalf("decode(%q) has %q, with %q in it", text, said, r)
			}
		})
	})
}

// everyText calls f for each text of a document, names among them.
func everyText(tree any, f func(string)) {
	switch tree := tree.(type) {
	case string:
		f(tree)
	case []any:
		for _, value := range tree {
			everyText(value, f)
		}
	case map[string]any:
		for name, value := range tree {
			f(name)
			everyText(value, f)
		}
	}
}
