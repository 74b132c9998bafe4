//go:build unix

package goredis

import (
	"slices"
	"strings"
	"testing"
)

func TestBlockingCommandsAreThoseOfTheServer(t *testing.T) {
	for _, l := range leaves(t, startRedis(t)) {
		line := plain(l)
		switch l.name {
		case "XREAD":
			line = "XREAD BLOCK 0 STREAMS a 0"
		case "XREADGROUP":
			line = "XREADGROUP GROUP g c BLOCK 0 STREAMS a >"
		}
		want := slices.Contains(l.flags, "blocking") || l.name == "WAIT" // which waits for replicas, up to its own time
		if got := blocking(words(line)); got != want {
			t.Errorf("%s blocks: %v, want %v", line, got, want)
		}
		if got := blocking(words(strings.ToLower(line))); got != want {
			t.Errorf("%s in lower case blocks: %v, want %v", line, got, want)
		}
	}
}

func TestSomeCommandsBlockOnlyIfTheyAreTold(t *testing.T) {
	for line, want := range map[string]bool{
		"XREAD COUNT 5 STREAMS a 0":                    false,
		"XREAD COUNT 5 BLOCK 100 STREAMS a 0":          true,
		"XREAD STREAMS BLOCK 0":                        false,
		"XREADGROUP GROUP BLOCK BLOCK STREAMS a >":     false,
		"XREADGROUP GROUP g c NOACK block 0 STREAMS a": true,
		"XREADGROUP GROUP g c COUNT BLOCK":             false,
		"TS.READ a - BLOCK 100 1":                      true,
		"TS.READ BLOCK BLOCK MAX_COUNT 1":              false,
		"WAITAOF 1 0 100":                              true,
		"BLMOVEM a b LEFT LEFT 0":                      true,
		"GET BLPOP":                                    false,
		"":                                             false,
	} {
		if got := blocking(words(line)); got != want {
			t.Errorf("%s blocks: %v, want %v", line, got, want)
		}
	}
}
