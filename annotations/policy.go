package annotations

import (
	"fmt"
	"strings"
	"time"
)

// checkPolicies reports clients of one package that share a dependency and want different things of it: they share one
// breaker. Whether clients of two packages meet in one process only the runtime can tell, and does.
func checkPolicies(report *reporter, packages []*Package) {
	type owner struct {
		client *Client
		name   string
		policy []string
	}
	for _, pkg := range packages {
		first := make(map[string]owner)
		for _, file := range pkg.Files {
			for _, c := range file.Clients {
				this := owner{c, pkg.Name + "." + c.Name, policyOf(pkg, c.Dependency)}
				other, known := first[c.Dependency.Name]
				if !known {
					first[c.Dependency.Name] = this
					continue
				}
				var mine, theirs []string
				for i := range this.policy {
					if this.policy[i] != other.policy[i] {
						mine, theirs = append(mine, this.policy[i]), append(theirs, other.policy[i])
					}
				}
				if len(mine) > 0 {
					at := other.client.Pos
					at.Filename = relative(report.dir, at.Filename)
					report.add(c.Pos, Error, fmt.Sprintf(
						"%s and %s share the dependency %s and so its breaker, but not its policy: %s here, %s at %s; say the same, or give one another name=",
						this.name, other.name, c.Dependency.Name, strings.Join(mine, " "), strings.Join(theirs, " "), at))
				}
			}
		}
	}
}

// policyOf writes out what holds for a dependency, an option an element.
func policyOf(pkg *Package, d Dependency) []string {
	d = d.withDefaults()
	classify := "classify=guard.Classify"
	if d.Classify != "" {
		classify = "classify=" + pkg.Path + "." + d.Classify
	}
	optional := "critical"
	if d.Optional {
		optional = "optional"
	}
	return []string{
		optional,
		"threshold=" + d.Threshold.String(),
		"backoff=" + d.Backoff.String(),
		"timeout=" + orNone(d.Timeout),
		"probe-timeout=" + FormatDuration(d.ProbeTimeout),
		"probe-interval=" + FormatDuration(d.ProbeInterval),
		"max-age=" + FormatDuration(d.MaxAge),
		"hold=" + FormatDuration(d.Hold),
		"reconnect=" + orNone(d.Reconnect),
		"quiet=" + FormatDuration(d.Quiet),
		classify,
	}
}

func orNone(d time.Duration) string {
	if d == 0 {
		return "none"
	}
	return FormatDuration(d)
}
