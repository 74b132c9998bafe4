package unixhttp

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path"
	"strings"
	"syscall"
)

// address is where a server listens.
type address struct {
	network string // "unix" or "tcp"
	dial    string // the path of the socket, or host:port
}

// longestPath is how many bytes the kernel takes as the path of a socket, without the zero at its end.
const longestPath = len(syscall.RawSockaddrUnix{}.Path) - 1

// parseAddress reads "unix:///run/api.sock", "/run/api.sock", "unix:@abstract" or "http://127.0.0.1:8080".
func parseAddress(text string) (address, error) {
	wrong := func(why string) (address, error) {
		return address{}, fmt.Errorf("unixhttp: address %q: %s", text, why)
	}
	scheme, rest, found := strings.Cut(text, ":")
	switch {
	case text == "":
		return wrong("it is empty: want unix:///path/of.sock or http://host:port")
	case strings.HasPrefix(text, "/"):
		scheme, rest = "unix", text
	case !found:
		return wrong("it has no scheme: want unix:///path/of.sock or http://host:port")
	}
	switch strings.ToLower(scheme) {
	case "unix":
		socket, err := parseSocket(rest)
		if err != nil {
			return wrong(err.Error())
		}
		return address{"unix", socket}, nil
	case "http":
		host, err := parseHost(text)
		if err != nil {
			return wrong(err.Error())
		}
		return address{"tcp", host}, nil
	case "https":
		return wrong("this package does not speak TLS: want unix:///path/of.sock or http://host:port")
	}
	return wrong("its scheme is " + scheme + ": want unix:///path/of.sock or http://host:port")
}

// parseSocket reads what follows "unix:".
func parseSocket(rest string) (string, error) {
	socket := rest
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		socket = after
	}
	switch {
	case socket == "" || socket == "/":
		return "", errors.New("the path of the socket is empty")
	case strings.ContainsRune(socket, 0):
		return "", errors.New("the path of the socket contains a zero byte")
	case socket[0] != '/' && socket[0] != '@':
		return "", fmt.Errorf("the path of the socket is relative: want three slashes, unix:///%s, or an absolute path", socket)
	case len(socket) > longestPath:
		return "", fmt.Errorf("the path of the socket has %d bytes, and the kernel takes %d: use a shorter directory", len(socket), longestPath)
	case socket[0] == '/':
		socket = path.Clean(socket)
	}
	return socket, nil
}

// parseHost reads a URL without a path.
func parseHost(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil {
		return "", err
	}
	switch {
	case u.Hostname() == "":
		return "", errors.New("it has no host: want http://host:port")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil:
		return "", errors.New("want only http://host:port: paths and users belong to requests")
	case u.Port() == "":
		return net.JoinHostPort(u.Hostname(), "80"), nil
	}
	return u.Host, nil
}
