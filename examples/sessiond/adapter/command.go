package adapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// ErrUsage is what Command returns for arguments that it does not understand.
var ErrUsage = errors.New("usage: sessiond [flags] (list | close ID | terminate ID [reason] | end ID | delete-topic TOPIC | delete-channel ID)")

// Command is the operator's command: it asks a running daemon over HTTP.
type Command struct {
	Daemon string       // base URL, as "http://127.0.0.1:8080"
	Actor  string       // who asks; goes with every destructive request as its confirmation
	Client *http.Client // nil: http.DefaultClient
}

// Run does what args say and writes what there is to see to out. When the daemon refused because the system is
// unhealthy, the error matches guard.ErrDestructiveDenied or guard.ErrUnhealthy, and its text tells when to retry.
func (c Command) Run(ctx context.Context, out io.Writer, args []string) error {
	if len(args) == 0 {
		return ErrUsage
	}
	verb, args := args[0], args[1:]
	if verb == "list" && len(args) == 0 {
		return c.list(ctx, out)
	}
	if len(args) == 0 || len(args) > 1 && verb != "terminate" {
		return ErrUsage
	}
	target := url.PathEscape(args[0])
	switch verb {
	case "close":
		return c.delete(ctx, "/sessions/"+target, url.Values{"how": {string(session.Closed)}})
	case "terminate":
		reason := strings.Join(args[1:], " ")
		return c.delete(ctx, "/sessions/"+target, url.Values{"how": {string(session.Terminated)}, "reason": {reason}})
	case "end":
		return c.delete(ctx, "/sessions/"+target, url.Values{"how": {string(session.Ended)}})
	case "delete-topic":
		return c.delete(ctx, "/topics/"+target, nil)
	case "delete-channel":
		return c.delete(ctx, "/sessions/"+target+"/channel", nil)
	}
	return ErrUsage
}

// list prints the sessions that the daemon knows.
func (c Command) list(ctx context.Context, out io.Writer) error {
	response, err := c.do(ctx, http.MethodGet, "/sessions")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var sessions []session.Session
	if err := json.NewDecoder(response.Body).Decode(&sessions); err != nil {
		return fmt.Errorf("answer of the daemon: %w", err)
	}
	for _, s := range sessions {
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\n", s.ID, s.Owner, s.Topic); err != nil {
			return err
		}
	}
	return nil
}

// delete asks for a destruction.
func (c Command) delete(ctx context.Context, path string, query url.Values) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	response, err := c.do(ctx, http.MethodDelete, path)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

// do sends a request and returns the answer if it is a success, else the error that the daemon reported.
func (c Command) do(ctx context.Context, method, path string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.Daemon+path, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set(confirmedBy, c.Actor)
	client := c.Client
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("daemon: %w", err)
	}
	if err := unixhttp.Check(response); err != nil {
		return nil, err
	}
	return response, nil
}
