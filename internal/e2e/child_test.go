package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/internal/process"
)

// childVariable is the environment variable that makes the test binary a program: the path of its files, without their ends.
const childVariable = "GUARDGEN_E2E_PROGRAM"

// A program in a process of its own has four files: .json, what it is made of; .sock, where its users reach it; .log, what it
// prints; and .acts, a line for each destructive call before it runs and after it succeeded, which outlasts it whatever
// befalls it.

// handleRequest is a user's call of a handler.
type handleRequest struct {
	Handler handler
	About   session.Session
}

// childMain runs a program until it is killed.
func childMain(files string) error {
	text, err := os.ReadFile(files + ".json")
	if err != nil {
		return err
	}
	var config programConfig
	if err := json.Unmarshal(text, &config); err != nil {
		return err
	}
	acts, err := os.OpenFile(files+".acts", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	p, err := newProgram(config, func(d destruction) {
		line, _ := json.Marshal(d)
		acts.Write(append(line, '\n')) // at once, so that lines stay whole
	})
	if err != nil {
		return err
	}
	os.Remove(files + ".sock") // of the process before this
	listener, err := net.Listen("unix", files+".sock")
	if err != nil {
		return err
	}
	go p.run(context.Background())
	return http.Serve(listener, childHandler(p))
}

// childHandler lets users in. A user who gives up waiting changes nothing for the program: that is a row of its own.
func childHandler(p *program) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /heartbeat", func(w http.ResponseWriter, r *http.Request) {
		err := p.Heartbeat(context.WithoutCancel(r.Context()), r.FormValue("id"))
		if errors.Is(err, api.ErrNotFound) {
			http.Error(w, err.Error(), http.StatusNotFound)
		} else if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
		}
	})
	mux.HandleFunc("POST /handle", func(w http.ResponseWriter, r *http.Request) {
		var asked handleRequest
		err := json.NewDecoder(r.Body).Decode(&asked)
		if err == nil {
			err = p.Handle(context.WithoutCancel(r.Context()), asked.Handler, asked.About)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
		}
	})
	mux.HandleFunc("GET /report", func(w http.ResponseWriter, r *http.Request) { json.NewEncoder(w).Encode(p.report()) })
	return mux
}

// child is a program in a process of its own. Safe for concurrent use, but for start and kill.
type child struct {
	*process.Process

	files string // the path of its files, without their ends
	users *http.Client

	mu   sync.Mutex
	read int    // of the acts file, in bytes
	past report // of the lives before
}

// startChild starts a program.
func startChild(files string, config programConfig) (*child, error) {
	p := &child{files: files, users: &http.Client{
		Timeout: 5 * callTimeout,
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", files+".sock")
		}, MaxIdleConnsPerHost: 64},
	}}
	text, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(files+".json", text, 0o600); err != nil {
		return nil, err
	}
	return p, p.start()
}

// start starts the program, for the first time or after kill, and waits until it lets users in.
func (p *child) start() (err error) {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if p.Process, err = process.Start(p.files+".log", []string{childVariable + "=" + p.files}, self); err != nil {
		return err
	}
	err = persist(func() error {
		if !p.Running() {
			return nil
		}
		_, err := p.report()
		return err
	})
	if err == nil && !p.Running() {
		err = errors.New("it has ended")
	}
	if err != nil {
		said, _ := os.ReadFile(p.files + ".log")
		return fmt.Errorf("program in a process of its own: %w\n%s", err, said)
	}
	return nil
}

// kill ends the program as kill -9 does. What it last told stays.
func (p *child) kill() error {
	last, err := p.report()
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.past = last
	p.mu.Unlock()
	p.users.CloseIdleConnections()
	return p.Kill()
}

// end ends the program for good.
func (p *child) end() error {
	p.users.CloseIdleConnections()
	return p.Kill()
}

// Heartbeat implements [service].
func (p *child) Heartbeat(ctx context.Context, id string) error {
	_, err := p.ask(ctx, http.MethodPost, "/heartbeat?id="+id, nil)
	return err
}

// Handle implements [service].
func (p *child) Handle(ctx context.Context, h handler, about session.Session) error {
	_, err := p.ask(ctx, http.MethodPost, "/handle", handleRequest{h, about})
	return err
}

// report is what the program tells of itself, in all its lives.
func (p *child) report() (report, error) {
	text, err := p.ask(context.Background(), http.MethodGet, "/report", nil)
	if err != nil {
		return report{}, err
	}
	var r report
	if err := json.Unmarshal(text, &r); err != nil {
		return report{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return r.and(p.past), nil
}

// and adds up what two lives of a program told.
func (r report) and(other report) report {
	for reason, count := range other.Denials {
		r.Denials[reason] += count
	}
	r.API, r.Redis = r.API.and(other.API), r.Redis.and(other.Redis)
	r.Stalled = r.Stalled || other.Stalled
	return r
}

func (c flightCount) and(other flightCount) flightCount {
	return flightCount{c.Started + other.Started, c.Failed + other.Failed, max(c.AtOnce, other.AtOnce)}
}

// ask sends a request and returns the answer.
func (p *child) ask(ctx context.Context, method, path string, question any) ([]byte, error) {
	body, err := json.Marshal(question)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://program"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	response, err := p.users.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return nil, err
	case response.StatusCode == http.StatusNotFound:
		return nil, api.ErrNotFound
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s: %s", response.Status, text)
	}
	return text, nil
}

// follow hands on each line of the acts file that has been written since the last time.
func (p *child) follow(witness func(destruction)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	text, err := os.ReadFile(p.files + ".acts")
	if err != nil {
		return err
	}
	for {
		line, rest, whole := bytes.Cut(text[p.read:], []byte{'\n'})
		if !whole {
			return nil
		}
		p.read = len(text) - len(rest)
		var d destruction
		if err := json.Unmarshal(line, &d); err != nil {
			return fmt.Errorf("%s: %q: %w", filepath.Base(p.files), line, err)
		}
		witness(d)
	}
}
