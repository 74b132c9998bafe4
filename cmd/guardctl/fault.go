package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Errors say what to do: whoever reads them has other worries.

// refusal is an error that the server answered with, in the form of RFC 9457.
type refusal struct {
	code   int
	detail string
}

// Error implements [error].
func (r *refusal) Error() string { return strings.TrimPrefix(r.detail, "guard: ") }

// silence is the cause of having waited in vain for so long.
type silence time.Duration

// Error implements [error].
func (s silence) Error() string { return fmt.Sprintf("no answer in %s", time.Duration(s)) }

// refusal returns what an answer refuses, as an error, or nil.
func (c *client) refusal(response *http.Response, a *answer) error {
	var problem struct{ Title, Detail string }
	if a.mediaType == "application/problem+json" {
		if err := decode(a.body, &problem); err != nil {
			return fmt.Errorf("%s answered %s, in a way that guardctl does not understand: %w", c.address.text, codeText(a.code), err)
		}
	}
	switch {
	case a.code == http.StatusUnauthorized && c.token == "":
		return errors.New("this needs a token: set GUARDCTL_TOKEN, or give -token-file")
	case a.code == http.StatusUnauthorized:
		return errors.New("the token is not one that may act here: see GUARDCTL_TOKEN, or -token-file")
	case problem.Detail != "":
		return &refusal{a.code, problem.Detail}
	case a.code >= 300 && a.code < 400:
		return fmt.Errorf("%s redirects to %q: if that is right, give it as the address", c.address.text, clean(response.Header.Get("Location")))
	}
	return nil
}

// stranger says that an answer is not of a guard's status handler.
func (c *client) stranger(path string, a *answer) error {
	return fmt.Errorf("%s is not where a guard's status is served, or something stands before it: it answered %s with %s, %s",
		c.address.text, path, codeText(a.code), a.mediaType)
}

func codeText(code int) string {
	return strings.TrimSpace(fmt.Sprint(code, " ", http.StatusText(code)))
}

// unreachable says why there is no answer. An interrupt is not our fault, and is returned as it is.
func (c *client) unreachable(ctx context.Context, err error) error {
	at := c.address.text
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	waited, isSilent := errors.AsType[silence](err)
	unknownHost, isUnknownHost := errors.AsType[*net.DNSError](err)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case isSilent:
		return fmt.Errorf("%s: %w: is the service overloaded, or something between? -request-timeout waits longer", at, waited)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("nothing listens at %s: is the service running, and is this its status address?", at)
	case c.address.socket != "" && errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no socket %s: is the service running, and is this where it serves its status?", c.address.socket)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("you may not open %s: it is for the user that the service runs as", at)
	case isUnknownHost:
		return fmt.Errorf("%s: no host is known as %s", at, unknownHost.Name)
	case errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("%s does not speak TLS: try http://", at)
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // the address stands before it already
	}
	return fmt.Errorf("%s: %w", at, err)
}
