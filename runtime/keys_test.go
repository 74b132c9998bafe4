package guard

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

type numbered struct{ id int }

func (n *numbered) String() string { return fmt.Sprintf("n%d", n.id) }

func TestKeysAreKindAndValue(t *testing.T) {
	var missing *struct{ ID string }
	text := "a"
	rows := map[string]struct {
		pairs []any
		want  []string
	}{
		"nothing":        {nil, []string{}},
		"string":         {[]any{"session", "a"}, []string{"session:a"}},
		"empty string":   {[]any{"session", ""}, []string{"session:"}},
		"integer":        {[]any{"session", 42}, []string{"session:42"}},
		"unsigned":       {[]any{"session", uint64(1<<64 - 1)}, []string{"session:18446744073709551615"}},
		"bytes":          {[]any{"topic", []byte("news")}, []string{"topic:news"}},
		"no bytes":       {[]any{"topic", []byte(nil)}, []string{"topic:"}},
		"array of bytes": {[]any{"topic", [2]byte{'a', 'b'}}, []string{"topic:ab"}},
		"stringer":       {[]any{"n", &numbered{7}}, []string{"n:n7"}},
		"nil stringer":   {[]any{"n", (*numbered)(nil)}, []string{"n:?"}},
		"pointer":        {[]any{"n", &text}, []string{"n:a"}},
		"nil error":      {[]any{"n", error(nil)}, []string{"n:?"}},
		"error":          {[]any{"e", errDown}, []string{"e:connection refused"}},
		"duration":       {[]any{"d", time.Second}, []string{"d:1s"}},
		"slice":          {[]any{"session", []string{"a", "b"}}, []string{"session:a", "session:b"}},
		"empty slice":    {[]any{"session", []string{}}, []string{}},
		"array":          {[]any{"session", [2]int{1, 2}}, []string{"session:1", "session:2"}},
		"slice of bytes": {[]any{"topic", [][]byte{[]byte("a"), []byte("b")}}, []string{"topic:a", "topic:b"}},
		"nested slice":   {[]any{"s", [][]int{{1}, {2, 3}}}, []string{"s:1", "s:2", "s:3"}},
		"any slice":      {[]any{"s", []any{"a", nil, 3}}, []string{"s:a", "s:?", "s:3"}},
		"a question":     {[]any{"s", "?", "s", []byte("a:?"), "s", "why?"}, []string{`s:\?`, `s:a:\?`, "s:why?"}},
		"nil":            {[]any{"session", nil}, []string{"session:?"}},
		"function":       {[]any{"session", func() any { return "a" }}, []string{"session:a"}},
		"function list":  {[]any{"session", func() any { return []int{1, 2} }}, []string{"session:1", "session:2"}},
		"nil pointer":    {[]any{"session", func() any { return missing.ID }}, []string{"session:?"}},
		"two kinds":      {[]any{"session", 1, "topic", "t"}, []string{"session:1", "topic:t"}},
		"odd one out":    {[]any{"session", 1, "topic"}, []string{"session:1", "topic:?"}},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			if got := Keys(row.pairs...); !slices.Equal(got, row.want) {
				t.Errorf("Keys(%v) = %q, want %q", row.pairs, got, row.want)
			}
		})
	}
}
