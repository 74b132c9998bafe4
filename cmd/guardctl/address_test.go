package main

import (
	"strings"
	"testing"
)

func TestAddresses(t *testing.T) {
	for text, want := range map[string]address{
		"http://127.0.0.1:9090":         {base: "http://127.0.0.1:9090"},
		"http://127.0.0.1:9090/":        {base: "http://127.0.0.1:9090"},
		"http://host/guard/":            {base: "http://host/guard"},
		"HTTPS://Host:9443/a/b":         {base: "https://Host:9443/a/b"},
		"127.0.0.1:9090":                {base: "http://127.0.0.1:9090"},
		"localhost:9090/guard":          {base: "http://localhost:9090/guard"},
		"[::1]:9090":                    {base: "http://[::1]:9090"},
		"/run/guard.sock":               {base: "http://guard", socket: "/run/guard.sock"},
		"unix:///run/guard.sock":        {base: "http://guard", socket: "/run/guard.sock"},
		"UNIX:///run/with space/g.sock": {base: "http://guard", socket: "/run/with space/g.sock"},
	} {
		want.text = text
		if got, err := parseAddress(text); err != nil || got != want {
			t.Errorf("parseAddress(%q) = %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestBadAddressesSayWhatIsWanted(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "GUARDCTL_ADDRESS",
		"guard.sock":                    "absolute path",
		"./guard.sock":                  "absolute path",
		"localhost":                     "host:port",
		":9090":                         "127.0.0.1",
		"http://:9090":                  "127.0.0.1",
		"unix://run/guard.sock":         "three slashes",
		"ftp://host/":                   "want http://",
		"http://user:secret@host/":      "GUARDCTL_TOKEN",
		"host:":                         "names no port",
		"http://host/status?verbose":    "nothing behind the path",
		"http://host/status?":           "nothing behind the path",
		"http://host/#top":              "nothing behind the path",
		"http://host:port/":             "invalid port",
		"http://ho st/":                 "invalid character",
		"http://host/%zz":               "invalid URL escape",
		"http://host/\x1b[31m":          "invalid control character",
		"http://[::1/":                  "missing ']'",
		"https:///guard":                "names no host",
		"redis://127.0.0.1:6379":        "want http://",
		"http:/127.0.0.1:9090/one-lost": "names no port",
	} {
		_, err := parseAddress(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parseAddress(%q): %v; want an error with %q", text, err, want)
		}
	}
}
