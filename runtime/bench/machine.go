package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/guardgen/guardgen/runtime/bench/peers"
)

// machine says what the numbers were measured on, by which command, and beside which versions.
func machine(s settings) string {
	processor := ""
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if match := regexp.MustCompile(`(?m)^model name\s*:\s*(.+)$`).FindSubmatch(text); match != nil {
			processor = " (" + string(match[1]) + ")"
		}
	}
	return fmt.Sprintf("%s, %s/%s, %d processors%s, `go run . -rounds %d -batch %s -outage %s` in `runtime/bench`.\n\nBeside %s.",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), processor, s.rounds, s.batch, s.outage, versions())
}

// versions lists the peers with what was built in.
func versions() string {
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return "peers of unknown versions"
	}
	var found []string
	for _, m := range info.Deps {
		if slices.Contains(peers.Modules, m.Path) {
			found = append(found, strings.TrimPrefix(m.Path, "github.com/")+" "+m.Version)
		}
	}
	return strings.Join(found, ", ")
}
