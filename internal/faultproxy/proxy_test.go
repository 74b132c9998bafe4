package faultproxy_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/guardgen/guardgen/internal/faultproxy"
)

// patience bounds what must happen; silence is how long nothing must happen.
const (
	patience = 5 * time.Second
	silence  = 50 * time.Millisecond
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// networks runs a test over TCP and over a unix socket.
func networks(t *testing.T, test func(t *testing.T, proxy *faultproxy.Proxy, network string)) {
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			upstream := echo(t, network)
			proxy, err := faultproxy.Start(network, address(t, network, "proxy"), upstream)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { proxy.Close() })
			test(t, proxy, network)
		})
	}
}

// address is one to listen at.
func address(t *testing.T, network, name string) string {
	if network == "tcp" {
		return "127.0.0.1:0"
	}
	dir, err := os.MkdirTemp("", "fault") // t.TempDir may be too long for the path of a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, name)
}

// echo starts a server that answers each line with itself, and returns where.
func echo(t *testing.T, network string) string {
	listener, err := net.Listen(network, address(t, network, "echo"))
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
	t.Cleanup(func() {
		listener.Close()
		conns.Wait()
	})
	return listener.Addr().String()
}

// caller is a client of the echo server.
type caller struct {
	net.Conn
	lines *bufio.Reader
}

// dial connects, and ends the connection with the test.
func dial(t *testing.T, proxy *faultproxy.Proxy, network string) *caller {
	t.Helper()
	conn, err := net.Dial(network, proxy.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &caller{Conn: conn, lines: bufio.NewReader(conn)}
}

// ask sends a line and returns the answer.
func (c *caller) ask(line string, patience time.Duration) (string, error) {
	if _, err := io.WriteString(c, line+"\n"); err != nil {
		return "", err
	}
	c.SetReadDeadline(time.Now().Add(patience))
	return c.lines.ReadString('\n')
}

// set replaces the fault.
func set(t *testing.T, proxy *faultproxy.Proxy, fault faultproxy.Fault) {
	t.Helper()
	if err := proxy.Set(fault); err != nil {
		t.Fatal(err)
	}
}

// mustAnswer checks that the caller reaches the server.
func mustAnswer(t *testing.T, c *caller) {
	t.Helper()
	if got, err := c.ask("hello", patience); err != nil || got != "hello\n" {
		t.Fatalf("answer %q, %v", got, err)
	}
}

func TestZeroFaultPasses(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		c := dial(t, proxy, network)
		mustAnswer(t, c)
		mustAnswer(t, c)
	})
}

func TestBlackHoleSwallowsOnOldAndNewConnectionsAndEndsThemAfterwards(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		old := dial(t, proxy, network)
		mustAnswer(t, old)
		set(t, proxy, faultproxy.Fault{BlackHole: true})
		fresh := dial(t, proxy, network)
		for _, c := range []*caller{old, fresh} {
			if _, err := c.ask("anybody?", silence); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("error %v, want a deadline", err)
			}
		}
		set(t, proxy, faultproxy.Fault{})
		for _, c := range []*caller{old, fresh} {
			c.SetReadDeadline(time.Now().Add(patience))
			if _, err := c.lines.ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("error %v, want the end of the connection", err)
			}
		}
		mustAnswer(t, dial(t, proxy, network))
	})
}

func TestRefusedProxyComesBackAtItsAddress(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		want := error(syscall.ECONNREFUSED)
		if network == "unix" {
			want = syscall.ENOENT
		}
		for range 20 {
			c := dial(t, proxy, network)
			mustAnswer(t, c)
			set(t, proxy, faultproxy.Fault{Refuse: true})
			if _, err := c.ask("still there?", patience); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("open connection: error %v, want its end", err)
			}
			if _, err := net.Dial(network, proxy.Addr()); !errors.Is(err, want) {
				t.Fatalf("new connection: error %v, want %v", err, want)
			}
			set(t, proxy, faultproxy.Fault{})
		}
	})
}

func TestStaleSocketRefusesAndComesBack(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		set(t, proxy, faultproxy.Fault{Refuse: true, Stale: true})
		if _, err := net.Dial(network, proxy.Addr()); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Fatalf("error %v, want connection refused", err)
		}
		set(t, proxy, faultproxy.Fault{})
		mustAnswer(t, dial(t, proxy, network))
	})
}

func TestResetEndsConnections(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		c := dial(t, proxy, network)
		mustAnswer(t, c)
		set(t, proxy, faultproxy.Fault{Reset: true})
		c.SetReadDeadline(time.Now().Add(patience))
		_, err := c.lines.ReadByte()
		if network == "tcp" && !errors.Is(err, syscall.ECONNRESET) {
			t.Fatalf("error %v, want a reset", err)
		}
		if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("error %v, want the end of the connection", err)
		}
	})
}

func TestLatencyDelaysBothDirections(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		const latency = 30 * time.Millisecond
		set(t, proxy, faultproxy.Fault{Latency: latency})
		c := dial(t, proxy, network)
		start := time.Now()
		mustAnswer(t, c)
		if took := time.Since(start); took < 2*latency {
			t.Fatalf("answered after %v, want at least %v", took, 2*latency)
		}
	})
}

func TestCutEndsTheConnectionMidAnswer(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		set(t, proxy, faultproxy.Fault{CutAfter: 8})
		c := dial(t, proxy, network)
		mustAnswer(t, c) // six bytes with the line's end
		if got, err := c.ask("hello", patience); got != "he" || !errors.Is(err, io.EOF) {
			t.Fatalf("answer %q, %v; want two bytes and the end", got, err)
		}
	})
}

func TestNoiseStrikesItsShare(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		const asks = 300
		set(t, proxy, faultproxy.Fault{Fail: 0.3})
		failed := 0
		c := dial(t, proxy, network)
		for range asks {
			if _, err := c.ask("hello", patience); err != nil {
				failed++
				c = dial(t, proxy, network)
			}
		}
		if failed < asks/5 || failed > asks*2/5 {
			t.Fatalf("%d of %d failed, want about three tenths", failed, asks)
		}
	})
}

func TestSwallowedConnectionStaysSilent(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		c := dial(t, proxy, network)
		set(t, proxy, faultproxy.Fault{Swallow: 1})
		if _, err := c.ask("hello", silence); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("error %v, want a deadline", err)
		}
	})
}

func TestMeaninglessFaultIsAnError(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		for _, fault := range []faultproxy.Fault{
			{Latency: -1}, {Trickle: -1}, {HangUp: -1}, {CutAfter: -1}, {Fail: -0.1}, {Swallow: 1.1}, {Fail: 0.6, Swallow: 0.6},
		} {
			if proxy.Set(fault) == nil {
				t.Errorf("%+v: no error", fault)
			}
		}
		mustAnswer(t, dial(t, proxy, network))
	})
}

func TestCloseEndsEverythingOnce(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		c := dial(t, proxy, network)
		mustAnswer(t, c)
		for range 2 {
			if err := proxy.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := c.ask("still there?", patience); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("error %v, want the end of the connection", err)
		}
		if proxy.Set(faultproxy.Fault{}) == nil {
			t.Fatal("set after close: no error")
		}
	})
}

func TestFaultsChangeUnderTraffic(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		stop := make(chan struct{})
		var callers sync.WaitGroup
		for range 8 {
			callers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					conn, err := net.Dial(network, proxy.Addr())
					if err != nil {
						continue
					}
					c := &caller{Conn: conn, lines: bufio.NewReader(conn)}
					for range 3 {
						c.ask("hello", time.Millisecond)
					}
					conn.Close()
				}
			})
		}
		for range 20 {
			for _, fault := range []faultproxy.Fault{
				{BlackHole: true}, {Refuse: true}, {}, {Reset: true}, {Fail: 0.5, Swallow: 0.5}, {Latency: time.Millisecond}, {CutAfter: 3}, {},
				{LoseRequests: true}, {LoseAnswers: true, HangUp: time.Millisecond}, {HalfClose: true}, {Answer: "no\n"},
				{Trickle: time.Millisecond}, {},
			} {
				set(t, proxy, fault)
			}
		}
		close(stop)
		callers.Wait()
		mustAnswer(t, dial(t, proxy, network))
	})
}
