package status

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// socket is a path for a socket.
func socket(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "status") // t.TempDir may be too long for the path of a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "guard.sock")
}

// listening is [Listen] for a test.
func listening(t testing.TB, address string) net.Listener {
	t.Helper()
	listener, err := Listen(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

// fetch asks by GET at a listener, once.
func fetch(t testing.TB, listener net.Listener, target string) string {
	t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, listener.Addr().Network(), listener.Addr().String())
	}}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Get("http://guard" + target)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// refused is what [Serve] says to an address; if it takes it, nil at once.
func refused(t testing.TB, address string) error {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	return Serve(ctx, address, alive)
}

var alive = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })

func TestServeAtEveryKindOfAddress(t *testing.T) {
	path := socket(t)
	for _, address := range []string{"127.0.0.1:0", "localhost:0", path, "unix://" + path} {
		t.Run(address, func(t *testing.T) {
			listener := listening(t, address)
			ctx, stop := context.WithCancel(t.Context())
			served := make(chan error)
			go func() { served <- ServeListener(ctx, listener, alive) }()
			if got := fetch(t, listener, "/livez"); got != "ok\n" {
				t.Errorf("it says %q", got)
			}
			stop()
			if err := <-served; err != nil {
				t.Errorf("when its context is done: %v", err)
			}
			if _, err := net.Dial(listener.Addr().Network(), listener.Addr().String()); err == nil {
				t.Error("it still listens")
			}
			if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the socket is left behind: %v", err)
			}
		})
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	path := socket(t)
	for _, address := range []string{"127.0.0.1:0", path} {
		if err := refused(t, address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is left behind: %v", err)
	}
}

func TestSocketIsForItsUserOnly(t *testing.T) {
	path := socket(t)
	listening(t, path)
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode(); mode.Type() != os.ModeSocket || mode.Perm() != 0o600 {
		t.Errorf("its mode is %s", mode)
	}
}

func TestSocketOfAProcessThatDiedIsReplaced(t *testing.T) {
	path := socket(t)
	died, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	died.(*net.UnixListener).SetUnlinkOnClose(false)
	died.Close()
	if _, err := os.Lstat(path); err != nil {
		t.Fatalf("nothing is left behind: %v", err)
	}
	listener := listening(t, path)
	conn, err := net.Dial("unix", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestSocketOfALivingProcessIsRefused(t *testing.T) {
	path := socket(t)
	first := listening(t, path)
	if err := refused(t, path); err == nil || !strings.Contains(err.Error(), "another process serves "+path) {
		t.Errorf("a second one: %v", err)
	}
	go func() {
		if conn, err := net.Dial("unix", path); err == nil {
			conn.Close()
		}
	}()
	for range 2 { // the question of the second one, and ours
		conn, err := first.Accept()
		if err != nil {
			t.Fatalf("the first does not listen any more: %v", err)
		}
		conn.Close()
	}
}

// TestSocketOfABusyProcessIsRefused: one that has no time to accept is alive.
func TestSocketOfABusyProcessIsRefused(t *testing.T) {
	path := socket(t)
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if err := errors.Join(syscall.Bind(fd, &syscall.SockaddrUnix{Name: path}), syscall.Listen(fd, 0)); err != nil {
		t.Fatal(err)
	}
	for { // until nobody more may wait
		conn, err := net.Dial("unix", path)
		if err != nil {
			break
		}
		defer conn.Close()
	}
	if listener, err := Listen(path); err == nil || !strings.Contains(err.Error(), "another process may serve "+path) {
		if err == nil {
			listener.Close()
		}
		t.Errorf("it is taken for dead: %v", err)
	}
	if _, err := os.Lstat(path); err != nil {
		t.Errorf("it is gone: %v", err)
	}
}

func TestWhatIsNoSocketIsRefused(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(file, []byte("precious"), 0o644), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, link, dir} {
		if err := refused(t, "unix://"+path); err == nil || !strings.Contains(err.Error(), path+" exists and is no socket") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "precious" {
		t.Errorf("the file has %q, %v", text, err)
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	for address, want := range map[string]string{
		":9090":              `status: address ":9090" would be open to the network: say 127.0.0.1:9090, or 0.0.0.0:9090 if that is meant`,
		":":                  `would be open to the network`,
		"":                   `status: address "": want host:port, or the absolute path of a unix socket`,
		"localhost":          `status: address "localhost": want host:port, or the absolute path of a unix socket`,
		"guard.sock":         `status: address "guard.sock": want host:port, or the absolute path of a unix socket`,
		"127.0.0.1:99999":    "invalid port",
		"unix://":            "",
		"/no/such/dir/guard": "no such file or directory",
	} {
		err := refused(t, address)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", address, err, want)
		}
	}
}

// TestServeEndsPromptlyWithOpenStreams in a bubble, so that not even the time of a busy machine counts.
func TestServeEndsPromptlyWithOpenStreams(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		n := newNetwork()
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error)
		go func() { served <- ServeListener(ctx, n, w.handler) }()
		var all []*audience
		for range 20 {
			all = append(all, n.listen(t, "/events"))
		}
		stuck := n.open(t, "/events?since=0") // which reads nothing
		sleep(time.Hour)
		if all[0].ended() {
			t.Fatal("a stream ends before")
		}
		begun := time.Now()
		stop()
		if err := <-served; err != nil {
			t.Errorf("when its context is done: %v", err)
		}
		if took := time.Since(begun); took > stopPatience/2 {
			t.Errorf("it took %s", took)
		}
		for _, a := range all {
			if !a.ended() {
				t.Error("a stream has not ended")
			}
		}
		stuck.leave()
		if n := len(w.handler.streams); n != 0 {
			t.Errorf("%d streams are open", n)
		}
	})
}

// TestServeDoesNotWaitForARequestThatDoesNotEnd for longer than a second.
func TestServeDoesNotWaitForARequestThatDoesNotEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork()
		ctx, stop := context.WithCancel(t.Context())
		served, release := make(chan error), make(chan struct{})
		go func() {
			served <- ServeListener(ctx, n, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
		}()
		conn := n.dial()
		defer conn.Close()
		io.WriteString(conn, "GET / HTTP/1.1\r\nHost: guard\r\n\r\n")
		synctest.Wait()
		begun := time.Now()
		stop()
		if err := <-served; err != nil || time.Since(begun) != stopPatience {
			t.Errorf("%v after %s, want nil after %s", err, time.Since(begun), stopPatience)
		}
		close(release)
	})
}

// TestServeEndsItsConnectionsWhenItCannotGoOn leaves nothing behind that waits for a next request.
func TestServeEndsItsConnectionsWhenItCannotGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork()
		served := make(chan error)
		go func() { served <- ServeListener(t.Context(), n, alive) }()
		conn := n.dial()
		defer conn.Close()
		io.WriteString(conn, "GET / HTTP/1.1\r\nHost: guard\r\n\r\n")
		reading := make([]byte, 4096)
		if _, err := conn.Read(reading); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		n.Close()
		if err := <-served; !errors.Is(err, net.ErrClosed) {
			t.Errorf("without its listener: %v", err)
		}
		if _, err := conn.Read(reading); err != io.EOF || time.Since(begun) != 0 {
			t.Errorf("its connection: %v after %s, want EOF at once", err, time.Since(begun))
		}
	})
}

func TestServerHasNoTimeForClientsThatAreSlow(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		n := w.online()
		for begin, want := range map[string]time.Duration{
			"": headerPatience,
			"GET /livez HTTP/1.1\r\nHost: guard\r\nX-Slow: ":                        headerPatience,
			"GET /livez HTTP/1.1\r\nHost: guard\r\n\r\n":                            idlePatience,
			"POST /livez HTTP/1.1\r\nHost: guard\r\nContent-Length: 10\r\n\r\nhalf": 2 * headerPatience,
		} {
			conn := n.dial()
			begun := time.Now()
			io.WriteString(conn, begin)
			io.Copy(io.Discard, conn)
			if took := time.Since(begun); took != want {
				t.Errorf("%q: it was closed after %s, want %s", begin, took, want)
			}
			conn.Close()
		}
	})
}

func TestServerReadsOnlySoMuchOfAHeader(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		conn := w.online().dial()
		var writing sync.WaitGroup
		writing.Go(func() {
			io.WriteString(conn, "GET /livez HTTP/1.1\r\nHost: guard\r\nX-Large: "+strings.Repeat("x", 2*headerLimit)+"\r\n\r\n")
		})
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("answered %+v, %v", response, err)
		}
		conn.Close()
		writing.Wait()
	})
}
