package unixhttp

import (
	"bytes"
	"io"
	"net/http"
	"time"
)

// peek looks into an answer for the error of a guard, and leaves the answer as it was. It takes as long as headers may.
func (t *Transport) peek(response *http.Response) error {
	if !isProblem(response.Header) {
		return nil
	}
	rest := response.Body
	if t.options.HeaderTimeout > 0 {
		timer := time.AfterFunc(t.options.HeaderTimeout, func() { rest.Close() })
		defer timer.Stop()
	}
	said, err := io.ReadAll(io.LimitReader(rest, bodyLimit))
	var tail io.Reader = rest
	if err != nil {
		tail = failing{err}
	}
	response.Body = &replayed{Reader: io.MultiReader(bytes.NewReader(said), tail), Closer: rest}
	return refusal(response.Header, said)
}

// replayed is a body whose beginning has been read before.
type replayed struct {
	io.Reader
	io.Closer
}

// failing reads nothing but an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
