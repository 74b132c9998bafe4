package faultproxy_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"testing"

	"github.com/guardgen/guardgen/internal/faultproxy"
)

func TestFrozenServerAcceptsAndAnswersOnceThawed(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		freezer := faultproxy.NewFreezer()
		listener, err := freezer.Listen(network, address(t, network, "frozen"))
		if err != nil {
			t.Fatal(err)
		}
		var conns sync.WaitGroup
		conns.Go(func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				conns.Go(func() {
					defer conn.Close()
					io.Copy(conn, conn)
				})
			}
		})
		for range 2 {
			conn, err := net.Dial(network, listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			c := &caller{Conn: conn, lines: bufio.NewReader(conn)}
			mustAnswer(t, c)
			freezer.Freeze()
			if _, err := c.ask("hello", silence); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("%s: error %v, want a deadline", network, err)
			}
			freezer.Thaw()
			freezer.Thaw() // again does nothing
			if got, err := c.ask("and?", patience); err != nil || got != "hello\n" {
				t.Fatalf("%s: answer %q, %v; what was asked before comes first", network, got, err)
			}
			conn.Close()
		}
		listener.Close()
		conns.Wait()
	}
}
