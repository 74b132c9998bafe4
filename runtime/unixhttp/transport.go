package unixhttp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Options bound what a [Transport] waits for. A zero field has its default; a negative duration means no bound.
type Options struct {
	// DialTimeout bounds the making of a connection. Default: 1s. A dial ends with its caller's context too.
	DialTimeout time.Duration
	// HeaderTimeout bounds the wait for the headers of the answer, once the request is written. While it is written, the
	// server must take some of it as often. Default: 2s.
	HeaderTimeout time.Duration
	// Timeout bounds everything until the headers: dialling, the body of the request, the wait. Default: none.
	Timeout time.Duration
	// BodySilence is the longest time that a read of the body may take. Default: 30s. Streams that are silent for longer
	// need more.
	BodySilence time.Duration
	// BodyTimeout bounds the body as a whole, from the headers to its end. Default: none.
	BodyTimeout time.Duration
	// MaxIdle is how many connections are kept for later. Default: 16.
	MaxIdle int
	// IdleTimeout is how long they are kept. Default: 30s. Less than the server's own, so that it does not close a
	// connection in the moment in which it is used again.
	IdleTimeout time.Duration
}

// withDefaults fills in the defaults, and makes zero mean "no bound" from here on.
func (o Options) withDefaults() Options {
	for _, d := range []struct {
		value  *time.Duration
		preset time.Duration
	}{
		{&o.DialTimeout, time.Second}, {&o.HeaderTimeout, 2 * time.Second}, {&o.Timeout, 0},
		{&o.BodySilence, 30 * time.Second}, {&o.BodyTimeout, 0}, {&o.IdleTimeout, 30 * time.Second},
	} {
		if *d.value == 0 {
			*d.value = d.preset
		}
		*d.value = max(0, *d.value)
	}
	if o.MaxIdle <= 0 {
		o.MaxIdle = 16
	}
	return o
}

// ErrClosed is what requests of a closed [Transport] end with.
var ErrClosed = errors.New("unixhttp: the transport is closed")

// Transport is an [http.RoundTripper] to one server. Whatever host a request names, it goes to that server; the host is
// only what the server reads in the Host header. No proxy is asked, and nothing is tried twice but what net/http itself
// repeats: a request without side effects whose kept connection turns out to be closed. Safe for concurrent use.
type Transport struct {
	address address
	options Options
	http    *http.Transport
	guard   atomic.Pointer[attached]
	closed  atomic.Bool
	watches watches
}

// NewTransport speaks to the server at the address: "unix:///run/api.sock", or only the absolute path, or
// "http://127.0.0.1:8080". Nothing is dialled before the first request. It returns an error for an address that no dial
// would ever take.
func NewTransport(address string, options Options) (*Transport, error) {
	parsed, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	t := &Transport{address: parsed, options: options.withDefaults()}
	t.http = t.newHTTP()
	return t, nil
}

// newHTTP makes a transport with connections of its own.
func (t *Transport) newHTTP() *http.Transport {
	dialer := net.Dialer{Timeout: t.options.DialTimeout}
	return &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, t.address.network, t.address.dial)
			if err != nil || t.options.HeaderTimeout == 0 {
				return c, err
			}
			return conn{c, t.options.HeaderTimeout}, nil
		},
		ResponseHeaderTimeout:  t.options.HeaderTimeout,
		MaxIdleConns:           t.options.MaxIdle,
		MaxIdleConnsPerHost:    t.options.MaxIdle,
		IdleConnTimeout:        t.options.IdleTimeout,
		MaxResponseHeaderBytes: 1 << 20,
	}
}

// conn bounds each write: without it a request that does not fit into the buffer of the socket hangs with its server.
type conn struct {
	net.Conn
	timeout time.Duration
}

// Write implements [net.Conn].
func (c conn) Write(p []byte) (int, error) {
	if err := c.Conn.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// RoundTrip implements [http.RoundTripper].
func (t *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := t.check(request); err != nil {
		closeBody(request)
		return nil, err
	}
	if guard := t.guard.Load(); guard != nil {
		return guard.roundTrip(t, request)
	}
	response, deadline, err := t.exchange(request)
	if err != nil {
		return nil, err
	}
	t.wrap(response, deadline, call{})
	return response, nil
}

// check refuses what would not get as far as the server.
func (t *Transport) check(request *http.Request) error {
	switch {
	case t.closed.Load():
		return ErrClosed
	case request.URL == nil:
		return errors.New("unixhttp: the request has no URL")
	case request.URL.Scheme != "http":
		return fmt.Errorf("unixhttp: the URL of the request has the scheme %q: want http://any-host/path", request.URL.Scheme)
	}
	return nil
}

// exchange sends the request and waits for the headers of the answer. The deadline, if there is one, is to be ended with
// the body.
func (t *Transport) exchange(request *http.Request) (*http.Response, *deadline, error) {
	watch := watchKept(&request)
	limit := startDeadline(&request, t.options.Timeout)
	response, err := t.http.RoundTrip(request)
	if late := limit.stop(); err == nil && late {
		response.Body.Close()
		err = errHeadersLate
	} else if late {
		err = errHeadersLate
	}
	if err != nil {
		limit.end()
		return nil, nil, watch.judge(err)
	}
	return response, limit, nil
}

// CloseIdleConnections closes connections that no request uses; [http.Client.CloseIdleConnections] calls it.
func (t *Transport) CloseIdleConnections() { t.http.CloseIdleConnections() }

// Close refuses further requests with [ErrClosed], and closes connections that no request uses; the others close with the
// answers that they carry.
func (t *Transport) Close() error {
	t.closed.Store(true)
	t.http.CloseIdleConnections()
	return nil
}

// closeBody keeps the promise of an [http.RoundTripper] about requests that it does not send.
func closeBody(request *http.Request) {
	if request.Body != nil {
		request.Body.Close()
	}
}
