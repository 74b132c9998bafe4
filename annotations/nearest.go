package annotations

import "strings"

// DidYouMean names the valid word that was probably meant, or all of them where none is near: "did you mean heavy?".
func DidYouMean(said string, valid []string) string { return suggestion(said, valid) }

// suggestion names the valid word that was probably meant, or all of them where none is near.
func suggestion(said string, valid []string) string {
	if word, ok := near(said, valid); ok {
		return "did you mean " + word + "?"
	}
	if len(valid) == 0 {
		return "there is none to name"
	}
	return "there are " + enumerate(valid)
}

// near returns the valid word that was probably meant, and false where all are too far from what was said.
func near(said string, valid []string) (word string, ok bool) {
	word = nearest(said, valid)
	return word, len(valid) > 0 && distance(strings.ToLower(said), strings.ToLower(word)) <= max(1, len(word)/3)
}

// nearest returns the valid word with the smallest edit distance from said, the first of equals; "" without valid ones.
func nearest(said string, valid []string) string {
	said = strings.ToLower(said)
	best, least := "", -1
	for _, word := range valid {
		if d := distance(said, strings.ToLower(word)); least < 0 || d < least {
			best, least = word, d
		}
	}
	return best
}

// distance counts the bytes to insert, delete, replace, or exchange with their neighbour, to get from a to b.
func distance(a, b string) int {
	var before []int // the row above row
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			replaced := row[j]
			if a[i] != b[j] {
				replaced++
			}
			next[j+1] = min(replaced, next[j]+1, row[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

// enumerate joins words as a sentence does: "a, b and c".
func enumerate(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
