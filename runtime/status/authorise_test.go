package status

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

const (
	anasToken = "0123456789abcdef"
	bobsToken = "fedcba9876543210"
)

func TestTokensTellActorsApart(t *testing.T) {
	given := map[string]string{"ana": anasToken, "bob": bobsToken}
	authorise, err := Tokens(given)
	if err != nil {
		t.Fatal(err)
	}
	given["ana"], given["eve"] = "changed", "eve's own token, long enough" // afterwards, which changes nothing
	for _, row := range []struct{ header, actor string }{
		{"Bearer " + anasToken, "ana"},
		{"Bearer " + bobsToken, "bob"},
		{"bearer " + anasToken, "ana"},
		{"BEARER   " + anasToken + " ", "ana"},
		{"", ""},
		{"Bearer", ""},
		{"Bearer ", ""},
		{anasToken, ""},
		{"Basic " + anasToken, ""},
		{"Token " + anasToken, ""},
		{"Bearer " + anasToken[:15], ""},
		{"Bearer " + anasToken + "0", ""},
		{"Bearer " + strings.ToUpper(anasToken), ""},
		{"Bearer " + anasToken + " " + bobsToken, ""},
		{"Bearer " + anasToken + ", Bearer " + bobsToken, ""},
		{"Bearer ana", ""},
		{"Bearer changed", ""},
		{"Bearer eve's own token, long enough", ""},
	} {
		r, _ := http.NewRequest(http.MethodPost, "/", nil)
		if row.header != "" {
			r.Header.Set("Authorization", row.header)
		}
		actor, err := authorise(r)
		if actor != row.actor || (err == nil) != (row.actor != "") || errors.Is(err, ErrForbidden) {
			t.Errorf("%q is %q, %v, want %q", row.header, actor, err, row.actor)
		}
	}
}

func TestTokensThatCannotBeToldApartOrAreGuessedAreRefused(t *testing.T) {
	for _, row := range []struct {
		tokens map[string]string
		want   string
	}{
		{nil, "without a token"},
		{map[string]string{}, "without a token"},
		{map[string]string{"ana": ""}, "the token of ana has 0 bytes: want at least 16"},
		{map[string]string{"ana": anasToken[:15]}, "the token of ana has 15 bytes: want at least 16"},
		{map[string]string{"": anasToken}, "without a name"},
		{map[string]string{"ana": anasToken, "bob": anasToken}, "the same token"},
	} {
		authorise, err := Tokens(row.tokens)
		if authorise != nil || err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%v: %v, want %q", row.tokens, err, row.want)
		}
		if err != nil && strings.Contains(err.Error(), anasToken) {
			t.Errorf("the error tells the token: %v", err)
		}
	}
}
