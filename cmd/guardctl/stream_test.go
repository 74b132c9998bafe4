package main

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// event is a message that can be compared.
type event struct{ kind, id, data string }

// readAll reads a stream to its end.
func readAll(in io.Reader) (events []event, s *stream, err error) {
	s = newStream(in)
	for {
		m, err := s.next()
		if err != nil {
			return events, s, err
		}
		events = append(events, event{m.kind, m.id, string(m.data)})
	}
}

func TestStream(t *testing.T) {
	tests := map[string]struct {
		text string
		want []event
	}{
		"one event":               {"id: a-1\ndata: {}\n\n", []event{{"message", "a-1", "{}"}}},
		"without space":           {"id:a-1\ndata:{}\n\n", []event{{"message", "a-1", "{}"}}},
		"only one space is taken": {"data:  x \n\n", []event{{"message", "", " x "}}},
		"kinds":                   {"event: gap\ndata: 1\n\ndata: 2\n\n", []event{{"gap", "", "1"}, {"message", "", "2"}}},
		"the ID stays":            {"id: 7\ndata: 1\n\nevent: gap\ndata: 2\n\n", []event{{"message", "7", "1"}, {"gap", "7", "2"}}},
		"an ID without data":      {"id: 7\n\ndata: 1\n\n", []event{{"message", "7", "1"}}},
		"an empty ID":             {"id: 7\ndata: 1\n\nid\ndata: 2\n\n", []event{{"message", "7", "1"}, {"message", "", "2"}}},
		"an ID with a zero":       {"id: 7\ndata: 1\n\nid: 8\x00\ndata: 2\n\n", []event{{"message", "7", "1"}, {"message", "7", "2"}}},
		"lines of data":           {"data: 1\ndata\ndata: 2\n\n", []event{{"message", "", "1\n\n2"}}},
		"empty data":              {"data\n\ndata:\n\n", []event{{"message", "", ""}, {"message", "", ""}}},
		"comments":                {": alive\n\n:\n: data: x\n\ndata: 1\n\n", []event{{"message", "", "1"}}},
		"an event without data":   {"event: gap\n\ndata: 1\n\n", []event{{"message", "", "1"}}},
		"an empty kind":           {"event: gap\nevent:\ndata: 1\n\n", []event{{"message", "", "1"}}},
		"unknown fields":          {"data : x\nfoo: bar\ndata: 1\nDATA: 2\n\n", []event{{"message", "", "1"}}},
		"a colon in the data":     {"data: {\"a\":1}\n\n", []event{{"message", "", `{"a":1}`}}},
		"CR LF":                   {"id: 1\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n", []event{{"message", "1", "1"}, {"message", "1", "2"}}},
		"CR":                      {"data: 1\r\rdata: 2\r\r", []event{{"message", "", "1"}, {"message", "", "2"}}},
		"LF CR":                   {"data: 1\n\rdata: 2\n\r", []event{{"message", "", "1"}, {"message", "", "2"}}},
		"a byte order mark":       {"\ufeffdata: 1\n\n", []event{{"message", "", "1"}}},
		"two byte order marks":    {"\ufeff\ufeffdata: 1\n\ndata: 2\n\n", []event{{"message", "", "2"}}},
		"incomplete":              {"data: 1\n\nid: 2\ndata: 2\n", []event{{"message", "", "1"}}},
		"incomplete line":         {"data: 1\n\ndata: 2", []event{{"message", "", "1"}}},
		"nothing":                 {"", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for way, in := range map[string]io.Reader{
				"whole": strings.NewReader(test.text), "byte by byte": iotest.OneByteReader(strings.NewReader(test.text)),
				"with the error": iotest.DataErrReader(strings.NewReader(test.text)),
			} {
				got, _, err := readAll(in)
				if !slices.Equal(got, test.want) || err != io.EOF {
					t.Errorf("%s: read %q, %v; want %q, EOF", way, got, err, test.want)
				}
			}
		})
	}
}

func TestStreamReadsRetry(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1000": time.Second, "0": 0, "": 0, "-1": 0, "+1": 0, "1.5": 0, "1s": 0, "99999999999999999999": 0,
	} {
		_, s, _ := readAll(strings.NewReader("retry: " + text + "\n\n"))
		if s.retry != want {
			t.Errorf("retry %q is %s; want %s", text, s.retry, want)
		}
	}
}

// TestStreamDoesNotWaitForMore reads an event from a connection on which nothing follows.
func TestStreamDoesNotWaitForMore(t *testing.T) {
	for _, end := range []string{"\n\n", "\r\r", "\r\n\r\n", "\r\n\r"} {
		in, out := io.Pipe()
		read := make(chan event)
		go func() {
			m, err := newStream(in).next()
			if err != nil {
				t.Error(err)
			}
			read <- event{m.kind, m.id, string(m.data)}
		}()
		io.WriteString(out, "data: 1"+end)
		if got := <-read; got.data != "1" {
			t.Errorf("read %q behind %q", got, end)
		}
		out.Close()
	}
}

func TestStreamIsBounded(t *testing.T) {
	endless := func(text string) io.Reader { return repeat(text, 8*dataLimit/len(text)) }
	for name, in := range map[string]io.Reader{
		"a line":     io.MultiReader(strings.NewReader("data: "), endless("x")),
		"a name":     endless("x"),
		"an event":   endless("data: " + strings.Repeat("x", 1000) + "\n"),
		"a comment":  io.MultiReader(strings.NewReader(":"), endless("x")),
		"small data": io.MultiReader(repeat("data\n", dataLimit+10), strings.NewReader("\n")),
	} {
		if events, _, err := readAll(in); !errors.Is(err, errTooLong) || len(events) > 0 {
			t.Errorf("%s without end: %d events, %v", name, len(events), err)
		}
	}
	long := "data: " + strings.Repeat("x", lineLimit-6)
	if events, _, err := readAll(strings.NewReader(long + "\n\n")); len(events) != 1 || err != io.EOF {
		t.Errorf("a line of %d bytes: %d events, %v", lineLimit, len(events), err)
	}
}

// repeat reads a text again and again.
func repeat(text string, times int) io.Reader {
	return io.LimitReader(&repeating{text: text}, int64(times*len(text)))
}

type repeating struct {
	text string
	at   int
}

// Read implements [io.Reader].
func (r *repeating) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.text[r.at]
		r.at = (r.at + 1) % len(r.text)
	}
	return len(p), nil
}

// reference reads a whole stream as the standard describes it, with no thought of how it comes in.
func reference(text string) (events []event) {
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	var e event
	var data []string
	id := ""
	lines := strings.Split(text, "\n")
	for _, line := range lines[:len(lines)-1] {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "" && data != nil:
			e.id, e.data = id, strings.Join(data, "\n")
			if e.kind == "" {
				e.kind = "message"
			}
			events = append(events, e)
			e, data = event{}, nil
		case line == "":
			e = event{}
		case name == "event":
			e.kind = value
		case name == "data":
			data = append(data, value)
		case name == "id" && !strings.Contains(value, "\x00"):
			id = value
		}
	}
	return events
}

func FuzzStream(f *testing.F) {
	for _, seed := range []string{
		"id: a-1\ndata: {}\n\n", "event: gap\r\ndata: 1\r\n\r\n", "data: 1\r\rdata: 2\r\r", "\ufeffdata\n\n", "retry: 10\n: x\n\nid\n\n", "data: 1\n\r\n\rdata:2\r\n\n",
	} {
		f.Add(seed, 1)
	}
	f.Fuzz(func(t *testing.T, text string, chunk int) {
		want := reference(text)
		for way, in := range map[string]io.Reader{
			"whole": strings.NewReader(text), "in chunks": chunked{strings.NewReader(text), 1 + max(0, chunk)%7},
		} {
			got, _, err := readAll(in)
			if !slices.Equal(got, want) || err != io.EOF {
				t.Fatalf("%s: %s\nread %q, %v\nwant %q", strconv.Quote(text), way, got, err, want)
			}
		}
	})
}

// chunked reads so many bytes at a time.
type chunked struct {
	io.Reader
	size int
}

// Read implements [io.Reader].
func (c chunked) Read(p []byte) (int, error) { return c.Reader.Read(p[:min(len(p), c.size)]) }
