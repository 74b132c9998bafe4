package main

import (
	"fmt"
	"slices"
	"strings"
)

// didYouMean names the word that was probably meant, else all there are.
func didYouMean(word string, known []string) string {
	best, distance := "", max(2, len(word)/3)+1
	for _, name := range known {
		if d := edits(strings.ToLower(word), strings.ToLower(name)); d < distance {
			best, distance = name, d
		}
	}
	switch {
	case best != "" && len(word) > 1: // every letter is near every other
		return fmt.Sprintf("did you mean %s?", best)
	case len(known) == 0:
		return "there are none"
	default:
		sorted := slices.Sorted(slices.Values(known))
		return "there are " + enumerate(slices.Compact(sorted))
	}
}

// enumerate names the first of a list.
func enumerate(names []string) string {
	const most = 20
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// edits is how many letters must be changed, put in or left out to make one word of another.
func edits(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j := range to {
			change := diagonal
			if from[i] != to[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
