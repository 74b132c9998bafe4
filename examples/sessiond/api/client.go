package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// answerLimit bounds the bytes of an answer that the client reads.
const answerLimit = 16 << 20

// Client is a SessionAPI that speaks to a Server over its socket. Safe for concurrent use.
type Client struct {
	http http.Client
}

var _ SessionAPI = (*Client)(nil)

// NewClient speaks to the server at the unix socket. Each call ends after timeout, whatever its context allows; 0 means
// two seconds. Nothing is dialled before the first call.
func NewClient(socket string, timeout time.Duration) (*Client, error) {
	if timeout <= 0 {
		timeout = 2 * time.Second
	}
	path, err := filepath.Abs(socket)
	if err != nil {
		return nil, err
	}
	transport, err := unixhttp.NewTransport(path, unixhttp.Options{DialTimeout: timeout, HeaderTimeout: timeout, MaxIdle: 64})
	if err != nil {
		return nil, err
	}
	return &Client{http: http.Client{Timeout: timeout, Transport: transport}}, nil
}

// Close drops idle connections. Calls may still be made.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Ping implements [SessionAPI].
func (c *Client) Ping(ctx context.Context) error {
	return c.call(ctx, http.MethodGet, "/ping", nil, nil)
}

// Create implements [SessionAPI].
func (c *Client) Create(ctx context.Context, owner, topic string) (session.Session, error) {
	var created session.Session
	err := c.call(ctx, http.MethodPost, "/sessions", createRequest{Owner: owner, Topic: topic}, &created)
	return created, err
}

// Get implements [SessionAPI].
func (c *Client) Get(ctx context.Context, id string) (session.Session, error) {
	var found session.Session
	err := c.call(ctx, http.MethodGet, sessionPath(id), nil, &found)
	return found, err
}

// Touch implements [SessionAPI].
func (c *Client) Touch(ctx context.Context, id string) error {
	return c.call(ctx, http.MethodPut, sessionPath(id)+"/seen", nil, nil)
}

// List implements [SessionAPI].
func (c *Client) List(ctx context.Context) ([]session.Session, error) {
	var all []session.Session
	err := c.call(ctx, http.MethodGet, "/sessions", nil, &all)
	return all, err
}

// CloseSession implements [SessionAPI].
func (c *Client) CloseSession(ctx context.Context, id string) error {
	return c.finish(ctx, id, session.Closed, "")
}

// TerminateSession implements [SessionAPI].
func (c *Client) TerminateSession(ctx context.Context, id, reason string) error {
	return c.finish(ctx, id, session.Terminated, reason)
}

// EndSession implements [SessionAPI].
func (c *Client) EndSession(ctx context.Context, id string) error {
	return c.finish(ctx, id, session.Ended, "")
}

// finish ends a session.
func (c *Client) finish(ctx context.Context, id string, how session.Ending, reason string) error {
	query := url.Values{"how": {string(how)}, "reason": {reason}}
	return c.call(ctx, http.MethodDelete, sessionPath(id)+"?"+query.Encode(), nil, nil)
}

// sessionPath is where the server keeps the session.
func sessionPath(id string) string { return "/sessions/" + url.PathEscape(id) }

// call sends a request and decodes the answer into answer, unless that is nil.
func (c *Client) call(ctx context.Context, method, path string, question, answer any) error {
	var body io.Reader
	if question != nil {
		encoded, err := json.Marshal(question)
		if err != nil {
			return err
		}
		body = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://session.api"+path, body)
	if err != nil {
		return err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return unaddressed(err)
	}
	if err := unixhttp.Check(response); err != nil {
		return err
	}
	defer response.Body.Close()
	limited := io.LimitReader(response.Body, answerLimit)
	if answer == nil {
		_, err := io.Copy(io.Discard, limited) // to the end, so that the connection can be used again
		return err
	}
	if err := json.NewDecoder(limited).Decode(answer); err != nil {
		return fmt.Errorf("answer of the session api: %w", err)
	}
	return nil
}

// unaddressed takes the method and the dummy URL off an error of net/http: they say nothing that the caller does not know.
func unaddressed(err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("session api: %w", outer.Err)
	}
	return err
}
