package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/status"
)

const (
	// defaultStatus is where the page is if nobody says otherwise.
	defaultStatus = "127.0.0.1:9090"
	// freeStatus is where it is if somebody else is there.
	freeStatus = "127.0.0.1:0"
)

// page is where people see the health of the guarded service, and act on it.
type page struct {
	address net.Addr
	token   string // of who may act: this run's, because the output is for whoever runs it
	stop    context.CancelFunc
	ended   chan error
}

// openPage serves the page of a registry at an address of [status.Serve], until it is closed.
func openPage(address string, registry *guard.HealthRegistry) (*page, error) {
	listener, err := status.Listen(cmp.Or(address, defaultStatus))
	if err != nil && address == "" {
		listener, err = status.Listen(freeStatus)
	}
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	p := &page{address: listener.Addr(), token: rand.Text(), stop: stop, ended: make(chan error, 1)}
	authorise, err := status.Tokens(map[string]string{"operator": p.token})
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	handler := status.Handler(registry, status.WithService("sessiond, in the demo", ""), status.WithControl(authorise))
	go func() { p.ended <- status.ServeListener(ctx, listener, handler) }()
	return p, nil
}

// close ends the page, and returns the error that it had.
func (p *page) close() error {
	p.stop()
	return <-p.ended
}

// String tells people where the page is, and how to act there.
func (p *page) String() string {
	ctl := "go run ./cmd/guardctl -address " + p.address.String()
	browser := "http://" + p.address.String() + "/"
	if p.address.Network() == "unix" {
		browser = "no browser goes to a unix socket, but"
	}
	return fmt.Sprintf(`watch it: %s
          %s watch
act:      there, with the token %s
          GUARDCTL_TOKEN=%[3]s %[2]s isolate redis -reason "to try it"`, browser, ctl, p.token)
}
