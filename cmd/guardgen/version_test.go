package main

import (
	"runtime/debug"
	"testing"
)

func TestVersionSaysWhatTheProgramWasBuiltFrom(t *testing.T) {
	const commit = "0123456789abcdef0123456789abcdef01234567"
	for _, row := range []struct {
		name string
		info debug.BuildInfo
		want string
	}{
		{"a released module, by go tool, go run or go install", debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, "v1.2.3 go1.26.0"},
		{"a checkout", debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "(devel) go1.26.0"},
		{"files", debug.BuildInfo{}, "(devel) go1.26.0"},
		{"a checkout without a version", debug.BuildInfo{
			Main:     debug.Module{Version: "(devel)"},
			Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: commit}, {Key: "vcs.modified", Value: "true"}},
		}, "(devel) commit " + commit + " modified go1.26.0"},
		{"a checkout whose version is made of the commit", debug.BuildInfo{
			Main:     debug.Module{Version: "v0.0.0-20260102030405-0123456789ab+dirty"},
			Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: commit}, {Key: "vcs.modified", Value: "true"}},
		}, "v0.0.0-20260102030405-0123456789ab+dirty go1.26.0"},
		{"a directory instead of the module", debug.BuildInfo{
			Main: debug.Module{Version: "v1.2.3", Replace: &debug.Module{Path: "../guardgen", Version: "(devel)"}},
		}, "v1.2.3 replaced by ../guardgen go1.26.0"},
		{"a fork instead of the module", debug.BuildInfo{
			Main: debug.Module{Version: "v1.2.3", Replace: &debug.Module{Path: "example.com/fork", Version: "v1.2.4"}},
		}, "v1.2.3 replaced by example.com/fork v1.2.4 go1.26.0"},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.info.GoVersion = "go1.26.0"
			if got := build(&row.info); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
