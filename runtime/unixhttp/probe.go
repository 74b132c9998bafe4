package unixhttp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Probe returns a health check for guard.WithProbe: GET of the path over a connection of its own, so that it neither waits
// for one nor is answered on one that was made in better days. Only a 2xx is health; of the body it reads at most
// 64 KiB, to its end. It does not pass the guard of t. It returns an error if the path does not begin with a slash.
func (t *Transport) Probe(path string) (func(context.Context) error, error) {
	get, err := t.prober(path)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		_, err := get(ctx)
		return err
	}, nil
}

// Generation returns what tells a server that was restarted from the one before, for guard.WithGeneration: the value of a
// header, such as "X-Boot-Id", in the answer to GET of the path. An answer without it is an error.
func (t *Transport) Generation(path, header string) (func(context.Context) (string, error), error) {
	get, err := t.prober(path)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (string, error) {
		answer, err := get(ctx)
		if err != nil {
			return "", err
		}
		if value := answer.Get(header); value != "" {
			return value, nil
		}
		return "", fmt.Errorf("GET %s answered without the header %s", path, header)
	}, nil
}

// prober returns a function that gets the path over a new connection, and returns the headers of a good answer.
func (t *Transport) prober(path string) (func(context.Context) (http.Header, error), error) {
	if !strings.HasPrefix(path, "/") {
		return nil, fmt.Errorf("unixhttp: the path of the probe is %q: want one that begins with a slash, such as /healthz", path)
	}
	own := t.newHTTP()
	own.DisableKeepAlives = true
	url := "http://" + t.host() + path
	if _, err := http.NewRequest(http.MethodGet, url, nil); err != nil {
		return nil, fmt.Errorf("unixhttp: the path of the probe: %w", err)
	}
	return func(ctx context.Context) (http.Header, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return nil, err
		}
		response, err := own.RoundTrip(request)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		if err := Check(response); err != nil {
			return nil, unwell{err}
		}
		if response.StatusCode < 200 || response.StatusCode > 299 {
			return nil, fmt.Errorf("GET %s answered %d: want 2xx", path, response.StatusCode)
		}
		n, err := io.Copy(io.Discard, io.LimitReader(response.Body, bodyLimit+1))
		if err == nil && n > bodyLimit {
			err = errors.New("the answer of the health check is larger than 64 KiB")
		}
		return response.Header, err
	}, nil
}

// unwell is the answer of a health check that is no health. What it wraps is hidden from classifiers: a 404 is an answer to
// a call, but a probe that is not found has found nothing.
type unwell struct{ cause error }

func (e unwell) Error() string { return e.cause.Error() }

// RetryAfter is what the server asked for.
func (e unwell) RetryAfter() time.Duration {
	if status, ok := errors.AsType[*StatusError](e.cause); ok {
		return status.RetryAfter()
	}
	return 0
}

// host is what requests of our own say in the Host header.
func (t *Transport) host() string {
	if t.address.network == "unix" {
		return "localhost"
	}
	return t.address.dial
}
