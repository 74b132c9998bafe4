package main

import (
	"context"
	"io"
	"net"
)

// echo is a client of a server that sends back what it gets. Not for concurrent use.
type echo struct {
	well
	conn   net.Conn
	buffer [16]byte
}

// newEcho starts the server, which ends when the connection is closed.
func newEcho(ctx context.Context) (*echo, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", listener.Addr().String())
	if err != nil {
		return nil, err
	}
	server, err := listener.Accept()
	if err != nil {
		conn.Close()
		return nil, err
	}
	go func() {
		defer server.Close()
		var buffer [16]byte
		for {
			if _, err := io.ReadFull(server, buffer[:]); err != nil {
				return
			}
			if _, err := server.Write(buffer[:]); err != nil {
				return
			}
		}
	}()
	return &echo{conn: conn}, nil
}

func (c *echo) Get(_ context.Context, id string) (int, error) {
	copy(c.buffer[:], id)
	if _, err := c.conn.Write(c.buffer[:]); err != nil {
		return 0, err
	}
	if _, err := io.ReadFull(c.conn, c.buffer[:]); err != nil {
		return 0, err
	}
	return answer, nil
}
