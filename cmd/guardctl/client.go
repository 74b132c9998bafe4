package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/status"
)

const (
	// answerLimit bounds an answer, in bytes: ten thousand dependencies need less.
	answerLimit = 16 << 20
	// headerLimit bounds the header of one.
	headerLimit = 64 << 10
)

// client asks the status handler at an address. Safe for concurrent use.
type client struct {
	address  address
	token    string        // "" : none
	patience time.Duration // with one answer
	http     *http.Client
}

// newClient makes a client. It asks through no proxy what is on this machine, and follows no redirect: what it sends is for
// one service.
func newClient(at address, token string, patience time.Duration) *client {
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DisableCompression: true, MaxResponseHeaderBytes: headerLimit,
	}
	if at.socket != "" {
		transport.Proxy = nil
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, "unix", at.socket)
		}
	}
	return &client{address: at, token: token, patience: patience, http: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// close lets go of connections that nobody uses.
func (c *client) close() { c.http.CloseIdleConnections() }

// answer is what a server said.
type answer struct {
	code      int
	mediaType string
	body      []byte
}

// picture is how things were when the report was made.
type picture struct {
	status.Report

	denials []status.Denial // what was not done, if anything
	raw     []byte          // the report as it came
	got     time.Time       // by our own clock
}

// report asks how things are.
func (c *client) report(ctx context.Context) (*picture, error) {
	a, err := c.get(ctx, "/status", "application/health+json", nil)
	if err != nil {
		return nil, err
	}
	p := &picture{raw: a.body, got: time.Now()}
	if a.mediaType != "application/health+json" {
		return nil, c.stranger("/status", a)
	}
	if err := decode(a.body, &p.Report); err != nil {
		return nil, fmt.Errorf("%s answered /status with what guardctl does not understand (are both of one release?): %w", c.address.text, err)
	}
	if len(p.Headlines) == 0 || len(p.Checks) == 0 {
		return nil, fmt.Errorf("%s answered /status with a health report, but not with one of a guard", c.address.text)
	}
	return p, nil
}

// overview is a report, with what was not done.
func (c *client) overview(ctx context.Context) (*picture, error) {
	p, err := c.report(ctx)
	if err != nil || p.NotDone+p.WouldDeny == 0 {
		return p, err
	}
	_, err = c.list(ctx, "/denials", nil, &p.denials)
	return p, err
}

// list asks for a document of type application/json. It returns the document as it came, too.
func (c *client) list(ctx context.Context, path string, query url.Values, into any) (raw []byte, err error) {
	a, err := c.get(ctx, path, "application/json", query)
	if err != nil {
		return nil, err
	}
	if a.code != http.StatusOK || a.mediaType != "application/json" {
		return nil, c.stranger(path, a)
	}
	if err := decode(a.body, into); err != nil {
		return nil, fmt.Errorf("%s answered %s with what guardctl does not understand (are both of one release?): %w", c.address.text, path, err)
	}
	return a.body, nil
}

func (c *client) get(ctx context.Context, path, accept string, query url.Values) (*answer, error) {
	r, err := c.request(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	r.URL.RawQuery = query.Encode()
	r.Header.Set("Accept", accept)
	return c.ask(r)
}

// command is the body of a control.
type command struct {
	Dependency string   `json:"dependency,omitempty"`
	Operations []string `json:"operations,omitempty"`
	Reason     string   `json:"reason"`
}

// control acts. It returns what was recorded.
func (c *client) control(ctx context.Context, action guard.Action, what command) (done guard.Control, err error) {
	body, err := json.Marshal(what)
	if err != nil {
		return done, err
	}
	path := "/control/" + string(action)
	r, err := c.request(ctx, http.MethodPost, path, bytes.NewReader(body))
	if err != nil {
		return done, err
	}
	r.Header.Set("Content-Type", "application/json")
	a, err := c.ask(r)
	switch {
	case err != nil:
		return done, err
	case a.code != http.StatusOK || a.mediaType != "application/json":
		return done, c.stranger(path, a)
	}
	return done, decode(a.body, &done)
}

func (c *client) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.address.base+path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "guardctl")
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	return r, nil
}

// ask sends a request and reads the answer, all of it in the time that c is patient. A refusal is an error.
func (c *client) ask(r *http.Request) (*answer, error) {
	ctx, cancel := context.WithTimeoutCause(r.Context(), c.patience, silence(c.patience))
	defer cancel()
	response, err := c.http.Do(r.WithContext(ctx))
	if err != nil {
		return nil, c.unreachable(ctx, err)
	}
	defer response.Body.Close()
	a, err := c.read(response)
	if err != nil {
		return nil, c.unreachable(ctx, err)
	}
	return a, c.refusal(response, a)
}

// read reads an answer.
func (c *client) read(response *http.Response) (*answer, error) {
	body, err := io.ReadAll(io.LimitReader(response.Body, answerLimit+1))
	if err != nil {
		return nil, err
	}
	if len(body) > answerLimit {
		return nil, fmt.Errorf("the answer is longer than %d MiB, which no guard sends", answerLimit>>20)
	}
	mediaType, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	return &answer{response.StatusCode, cmp.Or(mediaType, "of no type"), body}, nil
}
