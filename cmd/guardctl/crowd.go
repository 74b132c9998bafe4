package main

import "fmt"

// alikeAtMost is how many rows of one kind a table has: what matters is to stay on the screen.
const alikeAtMost = 20

// crowd counts what is alike, and lets only so many of a kind through.
type crowd struct {
	most  int
	kinds []string // in the order in which they came
	count map[string]int
}

func newCrowd(most int) *crowd { return &crowd{most: most, count: make(map[string]int)} }

// welcomes reports whether another one of a kind is shown.
func (c *crowd) welcomes(kind string) bool {
	if c.count[kind] == 0 {
		c.kinds = append(c.kinds, kind)
	}
	c.count[kind]++
	return c.count[kind] <= c.most
}

// rest says what is not shown, a line for each kind.
func (s show) rest(c *crowd) (lines []string) {
	for _, kind := range c.kinds {
		if left := c.count[kind] - c.most; left > 0 {
			lines = append(lines, s.paint(faint, s.fit(fmt.Sprintf("and %d more: %s (-all shows them)", left, kind))))
		}
	}
	return lines
}
