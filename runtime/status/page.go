package status

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"net/http"
	"strings"
)

//go:embed page.html
var page string

// pagePolicy lets the page run its own script and style, and speak to this handler; nothing else, whatever a text on it
// contains.
var pagePolicy = strings.Join([]string{
	"default-src 'none'",
	"script-src " + hashOf(page, "<script>", "</script>"),
	"style-src " + hashOf(page, "<style>", "</style>"),
	"connect-src 'self'", "img-src data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
}, "; ")

// hashOf is the source of what stands between two marks of a page, as a Content-Security-Policy names it.
func hashOf(page, begin, end string) string {
	_, rest, _ := strings.Cut(page, begin)
	text, _, _ := strings.Cut(rest, end)
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func (h *handler) page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Security-Policy", pagePolicy)
	sendBytes(w, http.StatusOK, "text/html; charset=utf-8", []byte(page))
}
