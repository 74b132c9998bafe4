package main

import (
	"regexp"
	"testing"
)

func TestUsageNamesEachVerbAndOption(t *testing.T) {
	for _, v := range verbs() {
		if !regexp.MustCompile(`(?m)^\tguardgen \[?` + v.name + `\b`).MatchString(usage) {
			t.Errorf("the usage has no line for %s", v.name)
		}
	}
	for _, o := range options {
		if !regexp.MustCompile(`(?m)^\t-` + o.name + `[= ]`).MatchString(usage) {
			t.Errorf("the usage has no line for -%s", o.name)
		}
	}
}
