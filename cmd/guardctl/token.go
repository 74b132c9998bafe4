package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// tokenLimit bounds a token, in bytes.
const tokenLimit = 4096

// token is what the operator acts with, from a file or else from the environment; "" without either. It is never given as
// an argument, where everybody on the machine would read it.
func (s *session) token(file string) (string, error) {
	text, from := s.env("GUARDCTL_TOKEN"), "GUARDCTL_TOKEN"
	if file != "" {
		read, err := readToken(file)
		if err != nil {
			return "", fmt.Errorf("-token-file: %w", err)
		}
		text, from = read, "-token-file "+file
	}
	text = strings.TrimSpace(text)
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("%s: the token has characters that no token has", from)
	}
	if text == "" && file != "" {
		return "", fmt.Errorf("%s: there is no token in it", from)
	}
	return text, nil
}

func readToken(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, tokenLimit+1))
	if err == nil && len(text) > tokenLimit {
		err = errors.New("it is too long to be a token")
	}
	return string(text), err
}
