//go:build integration

package acceptance

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/rig"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

// What can be wrong with a policy, and with a registration, has its tests in the runtime; here it is what a service meets at
// the generated constructors and wrappers.

func TestBadInputOfGeneratedConstructorsIsAnErrorThatSaysWhatToDo(t *testing.T) {
	t.Parallel()
	registry := guard.NewHealthRegistry()
	defer registry.Close()
	closed := guard.NewHealthRegistry()
	closed.Close()
	closed.Close() // again
	client := transport.NewRedis(transport.Config{Addr: "127.0.0.1:1"})
	defer client.Close()
	briefly := guard.WithPolicy(func(p *guard.Policy) { p.Hold = time.Second })

	for what, row := range map[string]struct {
		construct func() (any, error)
		say       []string
	}{
		"nil client": {
			func() (any, error) { return transport.NewGuardedTransport(registry, nil) },
			[]string{"transport.Transport", "nil"},
		},
		"nil pointer as a client": {
			func() (any, error) { return api.NewGuardedSessionAPI(registry, (*api.Client)(nil)) },
			[]string{"api.SessionAPI", "nil"},
		},
		"nil registry": {
			func() (any, error) { return transport.NewGuardedTransport(nil, client) },
			[]string{"registry is nil", "NewHealthRegistry", "transport.Transport"},
		},
		"closed registry": {
			func() (any, error) { return transport.NewGuardedTransport(closed, client) },
			[]string{"registry is closed", `"redis"`},
		},
		"hold below reconnect": {
			func() (any, error) { return transport.NewGuardedTransport(registry, client, briefly) },
			[]string{`"redis"`, "hold=1s", "below reconnect=45s", "raise hold to at least 45s"},
		},
	} {
		wrapper, err := row.construct()
		if err == nil || !reflect.ValueOf(wrapper).IsNil() {
			t.Errorf("%s: wrapper %v, error %v", what, wrapper, err)
			continue
		}
		for _, word := range row.say {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: error %q does not say %q", what, err, word)
			}
		}
	}
	if known := registry.System().Dependencies; len(known) > 0 {
		t.Errorf("%v registered all the same", known)
	}
}

func TestBadInputAfterCloseEveryMethodIsRefusedAndNothingIsSent(t *testing.T) {
	t.Parallel()
	s := newStage(t, rig.Config{Guarded: true})
	s.prove(t)
	s.Registry.Close()
	s.Registry.Close() // again
	before := s.arrived(ofAPI) + s.arrived(ofRedis)
	for _, client := range []reflect.Value{reflect.ValueOf(&s.API).Elem(), reflect.ValueOf(&s.Transport).Elem()} {
		for method := range client.Type().Methods() {
			arguments := []reflect.Value{reflect.ValueOf(t.Context())}
			for i := 1; i < method.Type.NumIn(); i++ {
				arguments = append(arguments, reflect.Zero(method.Type.In(i)))
			}
			results := client.MethodByName(method.Name).Call(arguments)
			if err, _ := results[len(results)-1].Interface().(error); !errors.Is(err, guard.ErrClosed) {
				t.Errorf("%s: error %v, want ErrClosed", method.Name, err)
			}
		}
	}
	if err := s.Registry.AllowDestructive(t.Context(), "Erase"); !errors.Is(err, guard.ErrClosed) {
		t.Errorf("AllowDestructive: error %v, want ErrClosed", err)
	}
	if n := s.arrived(ofAPI) + s.arrived(ofRedis) - before; n > 0 {
		t.Errorf("%d calls were sent", n)
	}
}
