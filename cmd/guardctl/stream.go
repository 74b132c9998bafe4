package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"time"
)

const (
	// lineLimit bounds a line of an event stream, in bytes.
	lineLimit = 1 << 20
	// dataLimit bounds the data of an event, in bytes.
	dataLimit = 4 << 20
)

var errTooLong = errors.New("an event is too long to be one of a guard")

// message is one event of a stream.
type message struct {
	kind string // "message" if the stream gives none
	id   string // the last one that the stream gave, also with an event before
	data []byte
}

// stream reads server-sent events, as the HTML standard has them in section 9.2.
type stream struct {
	in     *bufio.Reader
	began  bool
	skipLF bool          // the last line ended with CR, and an LF behind it belongs to it
	id     string        // the last one
	retry  time.Duration // how long to wait before connecting again; 0: not said
}

func newStream(in io.Reader) *stream { return &stream{in: bufio.NewReader(in)} }

// next returns the next event, or the error that ended the stream. What is incomplete then is left out.
func (s *stream) next() (message, error) {
	m := message{kind: "message"}
	hasData := false
	for {
		line, err := s.line()
		if err != nil {
			return message{}, err
		}
		if len(line) == 0 {
			if hasData {
				m.id = s.id
				return m, nil
			}
			m = message{kind: "message"}
			continue
		}
		field, value := cutField(line)
		switch field {
		case "event":
			m.kind = string(value)
			if m.kind == "" {
				m.kind = "message"
			}
		case "data":
			if hasData {
				m.data = append(m.data, '\n')
			}
			m.data, hasData = append(m.data, value...), true
			if len(m.data) > dataLimit {
				return message{}, errTooLong
			}
		case "id":
			if !bytes.ContainsRune(value, 0) {
				s.id = string(value)
			}
		case "retry":
			if n, err := strconv.ParseUint(string(value), 10, 31); err == nil {
				s.retry = milliseconds(int64(n))
			}
		}
	}
}

// cutField splits a line in the name of its field and the value. A comment has no name.
func cutField(line []byte) (field string, value []byte) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	return string(name), bytes.TrimPrefix(value, []byte(" "))
}

// line returns the next line without its end, which is CR, LF or both. It does not wait for an LF behind a CR.
func (s *stream) line() ([]byte, error) {
	if !s.began {
		s.began = true
		if mark, err := s.in.Peek(3); err == nil && string(mark) == "\ufeff" {
			s.in.Discard(3)
		}
	}
	var line []byte
	for {
		b, err := s.in.ReadByte()
		if err != nil {
			return nil, err
		}
		skip := s.skipLF && b == '\n'
		s.skipLF = false
		switch {
		case skip:
		case b == '\n':
			return line, nil
		case b == '\r':
			s.skipLF = true
			return line, nil
		case len(line) == lineLimit:
			return nil, errTooLong
		default:
			line = append(line, b)
		}
	}
}
