package main

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// address is where a status handler is served.
type address struct {
	text   string // as the operator gave it
	base   string // of URLs, without a slash at the end
	socket string // path of the unix socket; "" for a network address
}

// errNoAddress says how an address is given. There is no default: acting on another service than the one that was meant is
// worse than having to ask.
var errNoAddress = errors.New("no address: say where the service serves its status, with -address http://127.0.0.1:9090, " +
	"-address /run/guard.sock, or in the environment as GUARDCTL_ADDRESS")

// parseAddress reads "http://host:port/prefix", "https://host/prefix", "host:port/prefix", "unix:///run/guard.sock" or
// "/run/guard.sock".
func parseAddress(text string) (address, error) {
	wrong := func(why string) (address, error) { return address{}, fmt.Errorf("address %q: %s", text, why) }
	scheme, rest, hasScheme := strings.Cut(text, "://")
	switch scheme = strings.ToLower(scheme); {
	case text == "":
		return address{}, errNoAddress
	case filepath.IsAbs(text):
		return address{text: text, base: "http://guard", socket: text}, nil
	case !hasScheme:
		if !strings.Contains(text, ":") {
			return wrong("want http://host:port, host:port, or the absolute path of a unix socket")
		}
		rest = text
		scheme = "http"
	case scheme == "unix" && filepath.IsAbs(rest):
		return address{text: text, base: "http://guard", socket: rest}, nil
	case scheme == "unix":
		return wrong("the path of the socket is not absolute: want three slashes, as in unix:///run/guard.sock")
	case scheme != "http" && scheme != "https":
		return wrong("want http://, https:// or unix://")
	}
	u, err := url.Parse(scheme + "://" + rest)
	switch {
	case err != nil:
		return wrong(errors.Unwrap(err).Error())
	case u.User != nil:
		return wrong("everybody sees it in the list of processes: give the token as GUARDCTL_TOKEN, or with -token-file")
	case u.Hostname() == "":
		return wrong("it names no host: this machine is 127.0.0.1")
	case !hasScheme && u.Port() == "":
		return wrong("it names no port")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return wrong("want nothing behind the path")
	}
	return address{text: text, base: strings.TrimRight(u.String(), "/")}, nil
}
