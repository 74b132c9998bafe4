package main

import "strings"

// The letters of a strip, from what says least to what is worst; the strip of a cell shows the worst in it.
const stripLetters = ".hd?u"

var (
	stripBlocks = map[byte]string{'.': "·", 'h': "▁", 'd': "▄", '?': "░", 'u': "█"}
	stripASCII  = map[byte]string{'.': ".", 'h': "-", 'd': "d", '?': "?", 'u': "U"}
	stripStyles = map[byte]style{'.': faint, 'h': green, 'd': yellow, '?': faint, 'u': red}
)

// strip draws the last hour of a dependency, oldest first, in so many columns at most.
func (s screen) strip(letters string, width int) string {
	width = min(width, len(letters))
	var drawn strings.Builder
	for i := range width {
		from, to := i*len(letters)/width, (i+1)*len(letters)/width
		worst := byte('.')
		for _, letter := range []byte(letters[from:to]) {
			if strings.IndexByte(stripLetters, letter) > strings.IndexByte(stripLetters, worst) {
				worst = letter
			}
		}
		mark := stripASCII[worst]
		if s.unicode {
			mark = stripBlocks[worst]
		}
		drawn.WriteString(s.paint(stripStyles[worst], mark))
	}
	return drawn.String()
}
