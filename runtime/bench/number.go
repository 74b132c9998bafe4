package main

import (
	"math"
	"strconv"
	"strings"
)

// number prints with one decimal below 100, and with separators above.
func number(x float64) string {
	if x > -99.95 && x < 99.95 {
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return thousands(strconv.FormatFloat(x, 'f', 0, 64))
}

// ratio prints with two decimals below 1, and with one below 20.
func ratio(x float64) string {
	switch {
	case x < .995:
		return strconv.FormatFloat(x, 'f', 2, 64)
	case x < 19.95:
		return strconv.FormatFloat(x, 'f', 1, 64)
	default:
		return thousands(strconv.FormatFloat(x, 'f', 0, 64))
	}
}

// count prints what is a whole number but for what happens only now and then.
func count(x float64) string {
	x = math.Round(x*10)/10 + 0 // no negative zero
	return thousands(strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0"))
}

// thousands separates the groups of a number.
func thousands(s string) string {
	whole, rest, fraction := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction {
		return sign + whole + "." + rest
	}
	return sign + whole
}
