package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/redistest"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/status"
)

// goodToken is long enough.
const goodToken = "a-token-for-tests"

// served matches what the daemon logs about its addresses.
var served = regexp.MustCompile(`msg="?(sessiond shows its health|sessiond serves)"? address=(\S+)`)

// running is a daemon with both its dependencies.
type running struct {
	page   string // address of the page; "" for none
	users  string // address of its users
	ended  chan int
	cancel context.CancelFunc
}

// start starts a daemon, which ends with the test, and waits until it serves.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	redis, err := redistest.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { redis.Close() })
	args = append([]string{"-serve-api", "-socket", filepath.Join(shortDir(t), "api"), "-redis", redis.Addr, "-listen", "127.0.0.1:0"}, args...)
	ctx, cancel := context.WithCancel(t.Context())
	log, stderr := io.Pipe()
	d := &running{ended: make(chan int, 1), cancel: cancel}
	go func() {
		d.ended <- run(ctx, args, io.Discard, stderr)
		stderr.Close()
	}()
	lines := bufio.NewScanner(log)
	for d.users == "" {
		if !lines.Scan() {
			t.Fatal("the daemon ended before it served")
		}
		switch match := served.FindStringSubmatch(lines.Text()); {
		case match == nil:
		case match[1] == "sessiond serves":
			d.users = match[2]
		default:
			d.page = match[2]
		}
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		io.Copy(io.Discard, log)
	}()
	t.Cleanup(func() {
		cancel()
		<-drained
	})
	return d
}

// stop interrupts the daemon and returns its exit status.
func (d *running) stop() int {
	d.cancel()
	return <-d.ended
}

// shortDir is a directory whose name leaves room for the path of a socket; t.TempDir may be too long.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "d")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// patience is how long a test waits for what a busy machine may take long to do.
const patience = 30 * time.Second

// browser asks whoever listens at an address, over a connection for each request.
func browser(address string) *http.Client {
	network := "tcp"
	if filepath.IsAbs(address) {
		network = "unix"
	}
	return &http.Client{Timeout: patience, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}}
}

// answer is an answer with its body.
type answer struct {
	code   int
	header http.Header
	body   string
}

// ask asks whoever listens at an address.
func ask(t *testing.T, address, method, path, token, body string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "http://sessiond"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := browser(address).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(read)}
}

// report is what the page says.
func report(t *testing.T, address string) (r status.Report) {
	t.Helper()
	said := ask(t, address, "GET", "/status", "", "")
	if err := json.Unmarshal([]byte(said.body), &r); err != nil || said.header.Get("Content-Type") != "application/health+json" {
		t.Fatalf("GET /status: %v, header %v, body %q", err, said.header, said.body)
	}
	return r
}

// eventually looks until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	look, enough := time.NewTicker(10*time.Millisecond), time.After(patience)
	defer look.Stop()
	for !holds() {
		select {
		case <-look.C:
		case <-enough:
			t.Fatalf("it never happens that %s", what)
		}
	}
}

func TestThoseWhoRunTheDaemonSeeItsHealthOverLoopbackAndOverAUnixSocket(t *testing.T) {
	for name, address := range map[string]string{"loopback": "127.0.0.1:0", "unix socket": filepath.Join(shortDir(t), "status")} {
		t.Run(name, func(t *testing.T) {
			d := start(t, "-status", address)
			ready := func() answer { return ask(t, d.page, "GET", "/readyz?verbose", "", "") }
			eventually(t, "both dependencies have proven themselves", func() bool { return ready().code == http.StatusOK })
			if said := ready().body; said != "[+]api ok\n[+]redis ok\nreadyz check passed\n" {
				t.Errorf("GET /readyz says %q", said)
			}
			r := report(t, d.page)
			if r.ServiceID != "sessiond" || r.Control || len(r.Checks["api:state"]) != 1 || len(r.Checks["redis:state"]) != 1 {
				t.Errorf("GET /status says %+v, want both dependencies of sessiond, and nobody who may act", r)
			}
			if said := ask(t, d.page, "GET", "/", "", ""); said.code != http.StatusOK || !strings.HasPrefix(said.header.Get("Content-Type"), "text/html") {
				t.Errorf("GET /: status %d, header %v; want the page", said.code, said.header)
			}
			if said := ask(t, d.users, "GET", "/status", "", ""); said.code != http.StatusNotFound {
				t.Errorf("the users' port: status %d, want that it knows nothing of it", said.code)
			}
			if code := d.stop(); code != 0 {
				t.Errorf("exit status %d", code)
			}
			if _, err := browser(d.page).Get("http://sessiond/livez"); err == nil {
				t.Error("the page outlives the daemon")
			}
			if _, err := os.Lstat(address); err == nil {
				t.Error("the socket outlives the daemon")
			}
		})
	}
}

func TestWhoHasTheTokenMayActOnTheDaemon(t *testing.T) {
	t.Setenv(tokenVariable, goodToken)
	d := start(t, "-status", "127.0.0.1:0")
	const isolate = `{"dependency": "redis", "reason": "it is moved"}`
	if said := ask(t, d.page, "POST", "/control/isolate", "another-token-of-us", isolate); said.code != http.StatusUnauthorized {
		t.Errorf("with a wrong token: status %d, want %d", said.code, http.StatusUnauthorized)
	}
	if said := ask(t, d.page, "POST", "/control/isolate", goodToken, isolate); said.code != http.StatusOK {
		t.Errorf("status %d, body %q", said.code, said.body)
	}
	eventually(t, "who isolated redis is seen", func() bool { // a report is shared for a moment
		isolated := report(t, d.page).Checks["redis:state"][0].Isolated
		return strings.Contains(isolated, actor()) && strings.Contains(isolated, "it is moved")
	})
	if said := ask(t, d.users, "DELETE", "/topics/news", "", ""); said.code != http.StatusServiceUnavailable {
		t.Errorf("users: status %d, want %d", said.code, http.StatusServiceUnavailable)
	}
	if code := d.stop(); code != 0 {
		t.Errorf("exit status %d", code)
	}
}

func TestDaemonWithoutAPageServesItsUsers(t *testing.T) {
	for name, args := range map[string][]string{"raw": {"-raw", "-status", "127.0.0.1:0"}, "no address": {"-status", ""}} {
		d := start(t, args...)
		if d.page != "" {
			t.Errorf("%s: a page at %s", name, d.page)
		}
		if code := d.stop(); code != 0 {
			t.Errorf("%s: exit status %d", name, code)
		}
	}
}

func TestDaemonDoesNotStartWithAPageThatCannotBe(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, row := range []struct{ name, token, address, want string }{
		{"token too short", "secret", "127.0.0.1:0", "SESSIOND_TOKEN: status: the token of "},
		{"address taken", "", taken.Addr().String(), "-status: listen tcp "},
		{"address open to the network", "", ":9090", "-status: status: address \":9090\" would be open to the network"},
	} {
		t.Setenv(tokenVariable, row.token)
		var stderr bytes.Buffer
		code := run(t.Context(), []string{"-redis", "127.0.0.1:1", "-listen", "127.0.0.1:0", "-status", row.address}, io.Discard, &stderr)
		if code != exitError || !strings.Contains(stderr.String(), "sessiond: "+row.want) {
			t.Errorf("%s: exit status %d, stderr %q; want %d and %q", row.name, code, stderr.String(), exitError, row.want)
		}
	}
}

func TestDaemonThatDoesNotStartLeavesNoSocket(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	socket := filepath.Join(shortDir(t), "status")
	var stderr bytes.Buffer
	code := run(t.Context(), []string{"-redis", "127.0.0.1:1", "-listen", taken.Addr().String(), "-status", socket}, io.Discard, &stderr)
	if code != exitError || !strings.Contains(stderr.String(), "shows its health") {
		t.Errorf("exit status %d, stderr %q; want %d after the page was opened", code, stderr.String(), exitError)
	}
	if _, err := os.Lstat(socket); err == nil {
		t.Error("the socket outlives the daemon")
	}
}

var errBroken = errors.New("broken")

// brokenListener fails at once.
type brokenListener struct{ net.Listener }

func (brokenListener) Accept() (net.Conn, error) { return nil, errBroken }

func TestPageThatFailsStopsTheDaemon(t *testing.T) {
	registry := guard.NewHealthRegistry()
	defer registry.Close()
	p, err := openPage("127.0.0.1:0", registry)
	if err != nil {
		t.Fatal(err)
	}
	p.listener = brokenListener{p.listener}
	users, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() {
		stopped <- together(t.Context(), p.serve, func(ctx context.Context) error { return serveUsers(ctx, users, http.NotFoundHandler()) })
	}()
	select {
	case err := <-stopped:
		if !errors.Is(err, errBroken) {
			t.Errorf("error %v, want that of the page", err)
		}
	case <-time.After(patience):
		t.Fatal("the daemon goes on")
	}
	if _, err := users.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the users' port: %v, want it closed", err)
	}
}
