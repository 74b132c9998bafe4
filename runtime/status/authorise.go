package status

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Authoriser decides who may act: it returns the name of the person behind a request, which is recorded with what they
// do, or an error. One that matches [ErrForbidden] says that the person is known and may not; any other, that nobody is
// known. Its text is not passed on. It is called concurrently, and must not read the body.
type Authoriser func(r *http.Request) (actor string, err error)

// ErrForbidden is for an [Authoriser]: the person is known, and may not act.
var ErrForbidden = errors.New("status: forbidden")

// tokenLength is the least length of a token, in bytes: less can be guessed.
const tokenLength = 16

var errToken = errors.New("status: no token of ours")

// Tokens is an [Authoriser] for bearer tokens (RFC 6750): each actor has one of their own. It returns an error if there is
// none, if one is shorter than 16 bytes, or if two actors share one.
func Tokens(byActor map[string]string) (Authoriser, error) {
	if len(byActor) == 0 {
		return nil, errors.New("status: Tokens without a token: nobody could act")
	}
	actors := make(map[[sha256.Size]byte]string)
	for actor, token := range byActor {
		sum := sha256.Sum256([]byte(token))
		switch {
		case actor == "":
			return nil, errors.New("status: Tokens: an actor without a name")
		case len(token) < tokenLength:
			return nil, fmt.Errorf("status: the token of %s has %d bytes: want at least %d, such as `openssl rand -hex 16` prints", actor, len(token), tokenLength)
		case actors[sum] != "":
			return nil, fmt.Errorf("status: %s and %s have the same token: what they do could not be told apart", actors[sum], actor)
		}
		actors[sum] = actor
	}
	return func(r *http.Request) (found string, err error) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		sum := sha256.Sum256([]byte(strings.TrimSpace(token)))
		err = errToken
		for known, actor := range actors { // all of them, so that the time taken tells nothing
			if subtle.ConstantTimeCompare(sum[:], known[:]) == 1 && strings.EqualFold(scheme, "Bearer") {
				found, err = actor, nil
			}
		}
		return found, err
	}, nil
}
