//go:build unix

package faultproxy

import (
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"
)

const (
	deafFillers = 64                     // connections at most that fill the queue of a deaf listener
	deafDial    = 200 * time.Millisecond // after which a TCP dial is taken for one that hangs
)

// Deaf listens at address, of the network "tcp" or "unix", and never accepts. Its queue is full when it returns, so that the
// kernel answers nobody: over TCP a dial hangs, at a unix socket it ends with EAGAIN at once. Close ends it.
func Deaf(network, address string) (io.Closer, error) {
	listener, err := net.Listen(network, address)
	if err != nil {
		return nil, fmt.Errorf("faultproxy: listen: %w", err)
	}
	d := &deaf{Listener: listener}
	if err := shorten(listener); err != nil {
		return nil, errors.Join(fmt.Errorf("faultproxy: queue of %s: %w", address, err), d.Close())
	}
	for range deafFillers {
		filler, err := net.DialTimeout(network, listener.Addr().String(), deafDial)
		if err != nil {
			return d, nil
		}
		d.fillers = append(d.fillers, filler)
	}
	return nil, errors.Join(fmt.Errorf("faultproxy: the queue of %s does not fill up", address), d.Close())
}

// deaf is a listener whose queue is full.
type deaf struct {
	net.Listener
	fillers []net.Conn
}

// Close implements [io.Closer].
func (d *deaf) Close() error {
	for _, filler := range d.fillers {
		filler.Close()
	}
	return d.Listener.Close()
}

// shorten makes the queue of a listener as short as the kernel allows: listening again changes its length.
func shorten(listener net.Listener) error {
	raw, err := listener.(syscall.Conn).SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = syscall.Listen(int(fd), 0) }); err != nil {
		return err
	}
	return failed
}
