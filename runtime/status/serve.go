package status

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	headerPatience = 5 * time.Second
	idlePatience   = time.Minute
	headerLimit    = 64 << 10 // bytes
	stopPatience   = time.Second
)

// Serve serves handler at an address of its own until ctx is done, event streams included: "127.0.0.1:9090", or a unix
// socket, "unix:///run/guard.sock" or "/run/guard.sock", which only this user may open. A socket that a process left behind
// when it died is replaced. An address without a host is an error: it would be open to the network. Serve returns nil when
// ctx is done.
func Serve(ctx context.Context, address string, handler http.Handler) error {
	listener, err := Listen(address)
	if err != nil {
		return err
	}
	return ServeListener(ctx, listener, handler)
}

// ServeListener is [Serve] with a listener that is open already. It closes it.
func ServeListener(ctx context.Context, listener net.Listener, handler http.Handler) error {
	requests, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerPatience, ReadTimeout: 2 * headerPatience, WriteTimeout: 3 * headerPatience,
		IdleTimeout: idlePatience, MaxHeaderBytes: headerLimit,
		BaseContext: func(net.Listener) context.Context { return requests },
	}
	server.RegisterOnShutdown(end)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		server.Close()
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		server.Close()
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Listen opens an address of [Serve].
func Listen(address string) (net.Listener, error) {
	path, isUnix := strings.CutPrefix(address, "unix://")
	if isUnix || filepath.IsAbs(address) {
		return listenUnix(path)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("status: address %q: want host:port, or the absolute path of a unix socket", address)
	}
	if host == "" {
		return nil, fmt.Errorf("status: address %q would be open to the network: say 127.0.0.1%[1]s, or 0.0.0.0%[1]s if that is meant", address)
	}
	return net.Listen("tcp", address)
}

func listenUnix(path string) (net.Listener, error) {
	if info, err := os.Lstat(path); err == nil {
		if info.Mode().Type() != os.ModeSocket {
			return nil, fmt.Errorf("status: %s exists and is no socket", path)
		}
		switch c, err := net.DialTimeout("unix", path, time.Second); {
		case err == nil:
			c.Close()
			return nil, fmt.Errorf("status: another process serves %s", path)
		case !errors.Is(err, syscall.ECONNREFUSED): // too busy to accept, or not ours
			return nil, fmt.Errorf("status: another process may serve %s: %w", path, err)
		}
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("status: socket of a process that died: %w", err)
		}
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		listener.Close()
		return nil, err
	}
	return listener, nil
}
