//go:build unix

package goredis

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
)

// unused is a client that nobody may dial.
func unused(t *testing.T, change func(*redis.Options)) *redis.Client {
	t.Helper()
	options := Recommended(&redis.Options{Addr: "127.0.0.1:1"})
	options.Dialer = func(context.Context, string, string) (net.Conn, error) {
		t.Error("somebody dialled")
		return nil, net.ErrClosed
	}
	if change != nil {
		change(options)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { client.Close() })
	return client
}

// silent is a probe that needs no server.
var silent = Probe(func(context.Context) error { return nil })

func TestWrongUseIsToldWhatToDo(t *testing.T) {
	registry := guardtest.NewRegistry(t)
	good := func() *redis.Client { return unused(t, nil) }
	closed := good()
	closed.Close()
	guarded := good()
	if _, err := Guard(registry, guarded, silent); err != nil {
		t.Fatal(err)
	}
	ended := guard.NewHealthRegistry()
	ended.Close()
	pipeline, err := good().AutoPipeline()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pipeline.Close() })
	for name, c := range map[string]struct {
		registry *guard.HealthRegistry
		client   redis.UniversalClient
		options  []Option
		want     string
	}{
		"no registry":       {nil, good(), nil, "goredis: the registry is nil: make one with guard.NewHealthRegistry"},
		"a closed registry": {ended, good(), nil, `guard: registry is closed: dependency "redis" cannot be registered any more`},
		"no client":         {registry, nil, nil, "goredis: the client is nil: make one with redis.NewClient(goredis.Recommended(&redis.Options{…}))"},
		"a nil client":      {registry, (*redis.Client)(nil), nil, "goredis: the client is nil: make one with redis.NewClient(goredis.Recommended(&redis.Options{…}))"},
		"a closed client":   {registry, closed, nil, "goredis: the client is closed: make a new one, and guard it"},
		"another server's name": {registry, unused(t, func(o *redis.Options) { o.Addr = "127.0.0.1:2" }), nil,
			`goredis: "redis" is the client of another server already (127.0.0.1:1, and this one is of 127.0.0.1:2): give one of them a goredis.Name of its own, because a probe of one says nothing about the other`},
		"twice":                 {registry, guarded, nil, `goredis: this client is guarded already, as "redis": use what Guard returned then, or goredis.Of(client)`},
		"two registries":        {guardtest.NewRegistry(t), guarded, nil, `goredis: this client is guarded already, as "redis" in another registry: a program has one registry, or each its own client`},
		"something else":        {registry, struct{ redis.UniversalClient }{good()}, nil, "goredis: a struct { redis.UniversalClient } has no hooks of a client: guard the *redis.Client, *redis.ClusterClient or *redis.Ring that it was made from"},
		"a name":                {registry, good(), []Option{Name("Redis!")}, `guard: dependency "Redis!" of goredis.Guard: want a name of lower-case letters, digits and - . _ : /`},
		"another policy":        {registry, good(), []Option{Policy(guard.Policy{Hold: time.Hour})}, `guard: two policies for dependency "redis": `},
		"no such tier":          {registry, good(), []Option{Gate(77)}, "goredis: Gate: there is no tier(77)"},
		"harmless by mistake":   {registry, good(), []Option{Harmless("DLE")}, `goredis: Harmless: no destructive command is called "DLE": goredis.Commands lists them`},
		"nameless":              {registry, good(), []Option{Destructive(Command{})}, "goredis: Destructive: a command has no name"},
		"a probe without a key": {registry, good(), []Option{ProbeWriting("")}, "goredis: ProbeWriting: the key is empty"},
		"two probes":            {registry, good(), []Option{ProbeWriting("k")}, "goredis: ProbeWriting with Probe: there is one probe, let yours write"},
		"no probe":              {registry, good(), []Option{Probe(nil)}, "goredis: Probe: the function is nil"},
		"two mistakes":          {registry, good(), []Option{Gate(77), Harmless("DLE")}, "goredis: Gate: there is no tier(77)\nHarmless: no destructive command"},
		"no key names":          {registry, good(), []Option{KeyNames(nil)}, "goredis: KeyNames: the function is nil"},
		"no such method":        {registry, good(), []Option{With(guard.WithMethod("GET", func(*guard.MethodSpec) {}))}, `guard: dependency "redis" of goredis.Guard: WithMethod: goredis.Guard has no guarded method GET`},
		"a client-side cache": {registry, unused(t, func(o *redis.Options) { o.ClientSideCacheConfig = &redis.ClientSideCacheConfig{} }), nil,
			"goredis: ClientSideCacheConfig and ClientSideCache answer reads without the server, which look like proof that it is there: leave them out, or cache above the guard"},
		"full duplex": {registry, unused(t, func(o *redis.Options) { o.AutoPipelineOptions = &redis.AutoPipelineOptions{FullDuplex: true} }), nil,
			"goredis: AutoPipelineOptions.FullDuplex writes commands before a guard can refuse them: leave it out, half-duplex batches are guarded"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Guard(c.registry, c.client, append([]Option{silent}, c.options...)...)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) || got != nil {
				t.Errorf("error = %v\nwant    %s", err, c.want)
			}
		})
	}
}

func TestOfFindsTheGuard(t *testing.T) {
	registry := guardtest.NewRegistry(t)
	client := unused(t, nil)
	if Of(client) != nil || Of(nil) != nil || Of(struct{ redis.UniversalClient }{client}) != nil {
		t.Error("there is no guard yet")
	}
	guarded, err := Guard(registry, client, silent)
	if err != nil {
		t.Fatal(err)
	}
	if Of(client) != guarded || guarded.Registry() != registry || guarded.Dependency().Name() != "redis" {
		t.Error("the guard is not found")
	}
	clone := client.WithTimeout(time.Second) // go-redis gives it no hooks
	if Of(clone) != nil {
		t.Error("the clone has a guard: say so in the documentation")
	}
	second, err := Guard(registry, clone, silent)
	if err != nil || second.Dependency() != guarded.Dependency() {
		t.Errorf("the clone is not guarded as the same dependency: %v", err)
	}
}

func TestSettingsThatBlindTheBreakerAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		client redis.UniversalClient
		want   []string
	}{
		"the defaults": {redis.NewClient(&redis.Options{}), []string{
			"a deadline does not end the wait for an answer, ReadTimeout (5s) does: set ContextTimeoutEnabled: true",
			"a command to a server that cannot be reached fails after up to 1m44.6s (MaxRetries 3, DialerRetries 5, DialTimeout 5s): set MaxRetries: -1, DialerRetries: 1 and DialTimeout: 500 * time.Millisecond",
			"a command to a server that does not answer fails after up to 23s (ReadTimeout 5s): set ReadTimeout and WriteTimeout to a second or less, and MaxRetries: -1",
		}},
		"a cluster's": {redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"127.0.0.1:1"}}), []string{
			"ContextTimeoutEnabled", "MaxRedirects 3", "does not answer",
		}},
		"a ring's":               {newRing(t, &redis.RingOptions{}), []string{"ContextTimeoutEnabled", "MaxRetries 3", "does not answer"}},
		"one setting":            {redis.NewClient(&redis.Options{ContextTimeoutEnabled: true, MaxRetries: -1, DialerRetries: 1}), []string{"fails after up to 5s (MaxRetries 0, DialerRetries 1, DialTimeout 5s)"}},
		"recommended":            {redis.NewClient(Recommended(&redis.Options{})), nil},
		"of a cluster":           {redis.NewClusterClient(Recommended(&redis.ClusterOptions{Addrs: []string{"127.0.0.1:1"}, MaxRedirects: 1})), nil},
		"of a ring":              {newRing(t, Recommended(&redis.RingOptions{})), nil},
		"of a sentinel's client": {redis.NewFailoverClient(Recommended(&redis.FailoverOptions{MasterName: "m", SentinelAddrs: []string{"127.0.0.1:1"}})), nil},
		"of any":                 {redis.NewUniversalClient(Recommended(&redis.UniversalOptions{})), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Cleanup(func() { c.client.Close() })
			var text page
			log := guard.WithLogger(slog.New(slog.NewTextHandler(&text, nil)))
			_, err := Guard(guardtest.NewRegistry(t, log), c.client, silent, Strict())
			if (err == nil) != (c.want == nil) {
				t.Fatalf("strict: %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("strict: %v\nwant %s", err, want)
				}
			}
			if err == nil {
				return
			}
			if _, err := Guard(guardtest.NewRegistry(t, log), c.client, silent); err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if strings.Count(text.String(), "level=WARN") != 1 || !strings.Contains(text.String(), want) {
					t.Errorf("the log says\n%s\nand not once %s", text.String(), want)
				}
			}
		})
	}
}

func newRing(t *testing.T, options *redis.RingOptions) *redis.Ring {
	options.Addrs = map[string]string{"a": "127.0.0.1:1"}
	return redis.NewRing(options)
}

func TestRecommendedKeepsWhatIsSaid(t *testing.T) {
	got := Recommended(&redis.Options{ReadTimeout: 3 * time.Second, DialTimeout: 7 * time.Second, PoolSize: 3})
	if got.ReadTimeout != 3*time.Second || got.DialTimeout != 7*time.Second || got.PoolSize != 3 || !got.ContextTimeoutEnabled || got.MaxRetries != -1 || got.DialerRetries != 1 {
		t.Errorf("%+v", got)
	}
}

func TestClosedClientSaysWhatToDo(t *testing.T) {
	client := unused(t, nil)
	if _, err := Guard(guardtest.NewRegistry(t), client, silent); err != nil {
		t.Fatal(err)
	}
	client.Close()
	err := client.Get(t.Context(), "k").Err()
	if !errors.Is(err, redis.ErrClosed) || err.Error() != "redis: client is closed: make a new client, and guard it" {
		t.Error(err)
	}
	if _, err := client.Pipelined(t.Context(), twoGets(t.Context())); !errors.Is(err, redis.ErrClosed) || !strings.Contains(err.Error(), "make a new client") {
		t.Error(err)
	}
}

func TestGuardsAreForgottenWithTheirClients(t *testing.T) {
	count := func() (n int) {
		attached.Range(func(any, any) bool { n++; return true })
		return n
	}
	before := count()
	func() {
		registry := guard.NewHealthRegistry()
		defer registry.Close()
		for i := range 10 {
			client := redis.NewClient(Recommended(&redis.Options{Addr: "127.0.0.1:1"}))
			if _, err := Guard(registry, client, silent, Name(fmt.Sprint("redis-", i))); err != nil {
				t.Fatal(err)
			}
			client.Close()
		}
	}()
	for range 100 {
		if count() <= before {
			return
		}
		runtime.GC()
	}
	t.Errorf("%d guards are kept, %d were there before", count(), before)
}
