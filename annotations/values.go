package annotations

import (
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// problem says what is wrong with the value of an option, and at which byte of it.
type problem struct {
	at   int
	text string
}

func problemf(at int, format string, args ...any) *problem {
	return &problem{at: at, text: fmt.Sprintf(format, args...)}
}

// shift moves a problem found in a part of a value to where the part begins.
func (p *problem) shift(by int) *problem {
	if p != nil {
		p.at += by
	}
	return p
}

// parseDuration reads a positive duration.
func parseDuration(text string) (time.Duration, *problem) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		if _, isNumber := strconv.Atoi(text); isNumber == nil {
			return 0, problemf(0, "%s has no unit: write %ss or %sms", text, text, text)
		}
		if isUnit(text) {
			return 0, problemf(0, "%s has no number: write 1%s", text, text)
		}
		return 0, problemf(0, "%q is not a duration such as 500ms, 2s or 1m30s", text)
	case d <= 0:
		return 0, problemf(0, "%s must be above zero", text)
	}
	return d, nil
}

// isUnit reports whether text is the unit of a duration without its number.
func isUnit(text string) bool {
	return slices.Contains([]string{"ns", "us", "µs", "ms", "s", "m", "h"}, text)
}

// parseTimeout reads a positive duration or none.
func parseTimeout(text string) (d time.Duration, none bool, p *problem) {
	if text == "none" {
		return 0, true, nil
	}
	d, p = parseDuration(text)
	return d, false, p
}

// parseCount reads a positive decimal number.
func parseCount(text string) (int, *problem) {
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return 0, problemf(0, "%q is not a whole number", text)
	case n < 1:
		return 0, problemf(0, "%s must be at least 1", text)
	}
	return n, nil
}

// String returns the form of the option, "" where it is not said.
func (t Threshold) String() string {
	switch {
	case t.Percent != 0:
		return fmt.Sprintf("%d%%/%s/%d", t.Percent, FormatDuration(t.Period), t.MinCalls)
	case t.Period != 0:
		return fmt.Sprintf("%d/%s", t.Failures, FormatDuration(t.Period))
	case t.Failures != 0:
		return strconv.Itoa(t.Failures)
	default:
		return ""
	}
}

// parseThreshold reads 5, 5/10s or 50%/10s/20.
func parseThreshold(text string) (Threshold, *problem) {
	const forms = "write threshold=5 (consecutive failures), 5/10s (failures in a period) or 50%/10s/20 (rate in a period, minimum of calls)"
	parts := strings.Split(text, "/")
	percent, isRate := strings.CutSuffix(parts[0], "%")
	if isRate && len(parts) != 3 || !isRate && len(parts) > 2 {
		return Threshold{}, problemf(0, "%q is no threshold: %s", text, forms)
	}
	var t Threshold
	var p *problem
	if isRate {
		if t.Percent, p = parseCount(percent); p != nil {
			return Threshold{}, p
		}
		if t.Percent > 100 {
			return Threshold{}, problemf(0, "%s is above 100%%", parts[0])
		}
	} else if t.Failures, p = parseCount(parts[0]); p != nil {
		return Threshold{}, p
	}
	if len(parts) > 1 {
		at := len(parts[0]) + 1
		if t.Period, p = parseDuration(parts[1]); p != nil {
			return Threshold{}, p.shift(at)
		}
		if len(parts) > 2 {
			at += len(parts[1]) + 1
			if t.MinCalls, p = parseCount(parts[2]); p != nil {
				return Threshold{}, p.shift(at)
			}
		}
	}
	return t, nil
}

// String returns the form of the option, "" where it is not said.
func (b Backoff) String() string {
	if b == (Backoff{}) {
		return ""
	}
	return FormatDuration(b.Min) + ".." + FormatDuration(b.Max)
}

// parseBackoff reads 1s..60s.
func parseBackoff(text string) (Backoff, *problem) {
	low, high, ok := strings.Cut(text, "..")
	if !ok {
		return Backoff{}, problemf(0, "%q is no range: write backoff=1s..60s, the first delay and the cap", text)
	}
	var b Backoff
	var p *problem
	if b.Min, p = parseDuration(low); p != nil {
		return Backoff{}, p
	}
	if b.Max, p = parseDuration(high); p != nil {
		return Backoff{}, p.shift(len(low) + len(".."))
	}
	if b.Min > b.Max {
		return Backoff{}, problemf(0, "the first delay %s is above the cap %s: write %s..%s", low, high, high, low)
	}
	return b, nil
}

// String returns the form of the option, "" where it is not said.
func (b Budget) String() string {
	switch {
	case b.None:
		return "none"
	case b == (Budget{}):
		return ""
	default:
		return fmt.Sprintf("%d/%s", b.Limit, FormatDuration(b.Window))
	}
}

// parseBudget reads 20/1m or none.
func parseBudget(text string) (Budget, *problem) {
	if text == "none" {
		return Budget{None: true}, nil
	}
	limit, window, ok := strings.Cut(text, "/")
	if !ok {
		return Budget{}, problemf(0, "%q is no budget: write budget=20/1m (at most 20 calls in any minute) or budget=none", text)
	}
	var b Budget
	var p *problem
	if b.Limit, p = parseCount(limit); p != nil {
		return Budget{}, p
	}
	if isUnit(window) {
		return Budget{}, problemf(len(limit)+1, "%s has no number: write %s/1%s", window, limit, window)
	}
	if b.Window, p = parseDuration(window); p != nil {
		return Budget{}, p.shift(len(limit) + 1)
	}
	return b, nil
}

// parseDependencyName reads a name in lower-kebab: it stands in logs, metrics and URLs.
func parseDependencyName(text string) (string, *problem) {
	if isKebab(text) {
		return text, nil
	}
	if kebab := kebab(text); isKebab(kebab) {
		return "", problemf(0, "%q is not lower-kebab: write name=%s", text, kebab)
	}
	return "", problemf(0, "%q is not lower-kebab: letters a to z, digits and single dashes, such as redis or session-api", text)
}

// parseIdentifier reads the name of a Go declaration.
func parseIdentifier(text string) (string, *problem) {
	if !token.IsIdentifier(text) || text == "_" {
		return "", problemf(0, "%q is not a Go identifier", text)
	}
	return text, nil
}

// isKebab reports whether s is made of a-z and 0-9 in parts joined by single dashes.
func isKebab(s string) bool {
	for part := range strings.SplitSeq(s, "-") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

// kebab writes a Go name, or words, in lower-kebab: SessionAPI is session-api, HTTPClient http-client.
func kebab(name string) string {
	runes := []rune(strings.TrimSpace(name))
	var b strings.Builder
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if text := b.String(); text != "" && !strings.HasSuffix(text, "-") {
				b.WriteByte('-')
			}
			continue
		}
		if i > 0 && unicode.IsUpper(r) && beginsWord(runes, i) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.TrimSuffix(b.String(), "-")
}

// beginsWord reports whether the upper-case letter at i, not the first, begins a word: it follows a lower-case letter
// or a digit, or ends a run of capitals.
func beginsWord(runes []rune, i int) bool {
	before := runes[i-1]
	if unicode.IsLower(before) || unicode.IsDigit(before) {
		return true
	}
	return unicode.IsUpper(before) && i+1 < len(runes) && unicode.IsLower(runes[i+1])
}

// FormatDuration writes a duration as an author would: 1m instead of 1m0s.
func FormatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
