package unixhttp_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/guardgen/guardgen/runtime/unixhttp"
)

func TestAddressesThatNoDialWouldTakeAreRefused(t *testing.T) {
	for address, want := range map[string]string{
		"":                    "it is empty",
		"api.sock":            "no scheme",
		"run/api.sock":        "no scheme",
		"unix:":               "the path of the socket is empty",
		"unix://":             "the path of the socket is empty",
		"unix:///":            "the path of the socket is empty",
		"/":                   "the path of the socket is empty",
		"unix://run/api.sock": "want three slashes, unix:///run/api.sock",
		"unix:api.sock":       "relative",
		"unix:///run/" + strings.Repeat("x", 120): "use a shorter directory",
		"unix:///run/a\x00b":                      "zero byte",
		"https://127.0.0.1:1":                     "does not speak TLS",
		"ftp://127.0.0.1":                         "its scheme is ftp",
		"http://":                                 "no host",
		"http://127.0.0.1:1/api":                  "paths and users belong to requests",
		"http://me@127.0.0.1:1":                   "paths and users belong to requests",
		"http://127.0.0.1:port":                   "invalid port",
	} {
		transport, err := unixhttp.NewTransport(address, unixhttp.Options{})
		if err == nil || transport != nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "unixhttp: address ") {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
	}
}

func TestEveryFormOfAnAddressReachesItsServer(t *testing.T) {
	hello := func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello "+r.URL.Path) }
	path := serve(t, hello)
	listener := listen(t, "tcp", "127.0.0.1:0")
	serveAt(t, listener, http.HandlerFunc(hello))
	abstract := listen(t, "unix", "@"+path)
	serveAt(t, abstract, http.HandlerFunc(hello))
	for _, address := range []string{
		path, "unix://" + path, "unix:" + path, "UNIX://" + path, "unix:@" + path,
		"http://" + listener.Addr().String(), "http://" + listener.Addr().String() + "/",
	} {
		client := newClient(t, address, unixhttp.Options{})
		for _, url := range []string{"http://api/x", "http://anything.invalid:99/x"} {
			response, err := client.Get(url)
			if err != nil {
				t.Fatalf("%s: %v", address, err)
			}
			said, err := io.ReadAll(response.Body)
			response.Body.Close()
			if string(said) != "hello /x" || err != nil {
				t.Errorf("%s: %q, %v", address, said, err)
			}
		}
	}
}

func TestRequestsThatNeverLeaveAreRefusedAndClosed(t *testing.T) {
	transport := newTransport(t, socket(t), unixhttp.Options{})
	for want, request := range map[string]*http.Request{
		"no URL":            {Body: &closing{}},
		`scheme "https"`:    request(t, "https://api/"),
		`has the scheme ""`: request(t, "/"),
	} {
		body := &closing{}
		request.Body = body
		response, err := transport.RoundTrip(request)
		if err == nil || response != nil || !strings.Contains(err.Error(), want) || !body.closed {
			t.Errorf("%v, closed %t; want %s", err, body.closed, want)
		}
	}
}

// closing is a body that notices when it is closed.
type closing struct{ closed bool }

func (c *closing) Read([]byte) (int, error) { return 0, io.EOF }
func (c *closing) Close() error             { c.closed = true; return nil }

func request(t testing.TB, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
