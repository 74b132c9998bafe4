// Package message is one of two packages of this name.
package message

// Message is a message of the second kind.
type Message struct{ Body string }
