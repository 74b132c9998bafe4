//go:build !unix

package faultproxy

import (
	"errors"
	"io"
)

// Deaf is not supported on this system.
func Deaf(network, address string) (io.Closer, error) {
	return nil, errors.New("faultproxy: the queue of a listener cannot be shortened on this system")
}
