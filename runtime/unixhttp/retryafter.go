package unixhttp

import (
	"net/http"
	"strconv"
	"time"
)

// longestRetry is the longest time that a server can ask anybody to wait.
const longestRetry = 24 * time.Hour

// retryAfter reads the header of that name, in seconds or as a date (RFC 9110, 10.2.3). It is 0 if the server says nothing
// that makes sense.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 64); err == nil {
		return time.Duration(min(seconds, uint64(longestRetry/time.Second))) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return min(max(0, at.Sub(now)), longestRetry)
}
