// Package any is named like something that Go predeclares.
package any

// Name is a key.
type Name struct{ Text string }

// String is its text.
func (n *Name) String() string { return n.Text }
