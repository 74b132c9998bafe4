package faultproxy_test

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/guardgen/guardgen/internal/faultproxy"
)

// witness is an echo server that tells what it heard on each connection.
func witness(t *testing.T, network string) (upstream string, heard <-chan string) {
	t.Helper()
	listener, err := net.Listen(network, address(t, network, "witness"))
	if err != nil {
		t.Fatal(err)
	}
	said := make(chan string, 16)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			var text strings.Builder
			io.Copy(io.MultiWriter(&text, conn), conn)
			said <- text.String()
			conn.Close()
		}
	}()
	t.Cleanup(func() {
		listener.Close()
		<-done
	})
	return listener.Addr().String(), said
}

func TestLostRequestsNeverReachTheServer(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		upstream, heard := witness(t, network)
		proxy, err := faultproxy.Start(network, address(t, network, "proxy"), upstream)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { proxy.Close() })
		set(t, proxy, faultproxy.Fault{LoseRequests: true})
		c := dial(t, proxy, network)
		if _, err := c.ask("hello", silence); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("%s: error %v, want a deadline", network, err)
		}
		c.Close()
		if text := <-heard; text != "" {
			t.Fatalf("%s: the server heard %q", network, text)
		}
	}
}

func TestLostAnswersWereGivenByTheServer(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		upstream, heard := witness(t, network)
		proxy, err := faultproxy.Start(network, address(t, network, "proxy"), upstream)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { proxy.Close() })
		set(t, proxy, faultproxy.Fault{LoseAnswers: true})
		c := dial(t, proxy, network)
		if _, err := c.ask("hello", silence); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("%s: error %v, want a deadline", network, err)
		}
		c.Close()
		if text := <-heard; text != "hello\n" {
			t.Fatalf("%s: the server heard %q", network, text)
		}
	}
}

func TestOneWayEndsWhatLostBytes(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		for _, fault := range []faultproxy.Fault{{LoseRequests: true}, {LoseAnswers: true}} {
			idle, busy := dial(t, proxy, network), dial(t, proxy, network)
			mustAnswer(t, idle)
			mustAnswer(t, busy)
			set(t, proxy, fault)
			if _, err := busy.ask("anybody?", silence); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("error %v, want a deadline", err)
			}
			set(t, proxy, faultproxy.Fault{})
			mustEnd(t, busy)
			mustAnswer(t, idle)
		}
	})
}

func TestSlowDeathHangsUpOnWhatIsSilent(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		for _, fault := range []faultproxy.Fault{{BlackHole: true}, {LoseRequests: true}, {LoseAnswers: true}} {
			fault.HangUp = silence
			set(t, proxy, fault)
			c := dial(t, proxy, network)
			start := time.Now()
			if _, err := c.ask("anybody?", patience); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("%+v: error %v, want the end of the connection", fault, err)
			}
			if took := time.Since(start); took < silence {
				t.Fatalf("%+v: ended after %v, want at least %v", fault, took, silence)
			}
		}
	})
}

func TestHalfClosedClientIsStillHeard(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		upstream, heard := witness(t, network)
		proxy, err := faultproxy.Start(network, address(t, network, "proxy"), upstream)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { proxy.Close() })
		set(t, proxy, faultproxy.Fault{HalfClose: true})
		c := dial(t, proxy, network)
		if _, err := c.ask("hello", patience); !errors.Is(err, io.EOF) {
			t.Fatalf("%s: error %v, want the end of the answers", network, err)
		}
		if _, err := io.WriteString(c, "still there?\n"); err != nil {
			t.Fatalf("%s: the client cannot write any more: %v", network, err)
		}
		c.Close()
		if text := <-heard; text != "hello\nstill there?\n" {
			t.Fatalf("%s: the server heard %q", network, text)
		}
		set(t, proxy, faultproxy.Fault{})
		mustAnswer(t, dial(t, proxy, network))
	}
}

func TestAnswerIsNotTheServers(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		c := dial(t, proxy, network)
		set(t, proxy, faultproxy.Fault{Answer: "no\n"})
		for range 3 {
			if got, err := c.ask("hello", patience); err != nil || got != "no\n" {
				t.Fatalf("answer %q, %v", got, err)
			}
		}
		set(t, proxy, faultproxy.Fault{})
		mustEnd(t, c)
		mustAnswer(t, dial(t, proxy, network))
	})
}

func TestTrickleTakesItsTimeForEachByte(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		const pause = 10 * time.Millisecond
		c := dial(t, proxy, network)
		set(t, proxy, faultproxy.Fault{Trickle: pause})
		start := time.Now()
		mustAnswer(t, c)
		if took, least := time.Since(start), 6*pause; took < least {
			t.Fatalf("six bytes came within %v, want at least %v", took, least)
		}
		long := strings.Repeat("x", 10_000)
		answered := make(chan error, 1)
		go func() {
			_, err := c.ask(long, patience)
			answered <- err
		}()
		set(t, proxy, faultproxy.Fault{})
		if err := <-answered; err != nil { // what is on its way comes at once
			t.Fatal(err)
		}
	})
}

func TestDeafProxyLeavesDialsUnanswered(t *testing.T) {
	networks(t, func(t *testing.T, proxy *faultproxy.Proxy, network string) {
		for range 3 {
			c := dial(t, proxy, network)
			mustAnswer(t, c)
			for range 2 { // again is no news
				set(t, proxy, faultproxy.Fault{Deaf: true})
			}
			mustEnd(t, c)
			conn, err := net.DialTimeout(network, proxy.Addr(), silence)
			if err == nil {
				conn.Close()
				t.Fatal("somebody accepted")
			}
			if want := error(syscall.EAGAIN); network == "unix" && !errors.Is(err, want) {
				t.Fatalf("error %v, want %v", err, want)
			}
			if hung, ok := errors.AsType[net.Error](err); network == "tcp" && !(ok && hung.Timeout()) {
				t.Fatalf("error %v, want a deadline", err)
			}
			set(t, proxy, faultproxy.Fault{})
			mustAnswer(t, dial(t, proxy, network))
		}
		set(t, proxy, faultproxy.Fault{Deaf: true})
		set(t, proxy, faultproxy.Fault{Refuse: true})
		if _, err := net.Dial(network, proxy.Addr()); err == nil || errors.Is(err, syscall.EAGAIN) {
			t.Fatalf("error %v, want a refusal", err)
		}
	})
}

// mustEnd checks that the connection ends.
func mustEnd(t *testing.T, c *caller) {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(patience))
	if _, err := c.lines.ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("error %v, want the end of the connection", err)
	}
}
