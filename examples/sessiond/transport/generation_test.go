package transport_test

import (
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"github.com/guardgen/guardgen/examples/sessiond/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

func TestEmptiedRedisIsAnotherGeneration(t *testing.T) {
	server := miniredis.RunT(t)
	client := transport.NewRedis(transport.Config{Addr: server.Addr()})
	defer client.Close()
	read := func() string {
		t.Helper()
		generation, err := client.Generation(t.Context())
		if err != nil || !strings.HasPrefix(generation, "marker ") {
			t.Fatalf("generation %q, error %v", generation, err)
		}
		return generation
	}
	first := read()
	if again := read(); again != first {
		t.Errorf("%q and then %q, though nothing happened", first, again)
	}
	server.FlushAll()
	if second := read(); second == first {
		t.Error("it was emptied, and is the same")
	}
}

func TestRedisThatRefusesWritesHasNoGeneration(t *testing.T) {
	server := miniredis.RunT(t)
	client := transport.NewRedis(transport.Config{Addr: server.Addr()})
	defer client.Close()
	server.SetError("READONLY You can't write against a read only replica.")
	_, err := client.Generation(t.Context())
	if got := transport.Classify(t.Context(), err); err == nil || got != guard.OutcomeDegraded {
		t.Errorf("%v is %v", err, got)
	}
}
