package goredis

import (
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"weak"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"
)

// attached are the guards of this process, by their client. Neither is kept alive by it: the hooks of a client hold its
// guard.
var attached sync.Map // weak pointer to a client → weak.Pointer[Guarded]

// Of returns the guard of a client, or of a node of a guarded one; nil if there is none, as of those that
// client.WithTimeout makes.
func Of(client redis.UniversalClient) *Guarded {
	var key any
	switch client := client.(type) {
	case *redis.Client:
		key = weak.Make(client)
	case *redis.ClusterClient:
		key = weak.Make(client)
	case *redis.Ring:
		key = weak.Make(client)
	default:
		return nil
	}
	found, ok := attached.Load(key)
	if !ok {
		return nil
	}
	return found.(weak.Pointer[Guarded]).Value()
}

// attach adds the hook to the client, and to its nodes, whose Watch and maintenance go round the client's own hooks. It
// reports false if somebody else was faster.
func (g *Guarded) attach() bool {
	node := func(node *redis.Client) { add(g, node, hook{Guarded: g, node: true}) }
	switch client := g.client.(type) {
	case *redis.Client:
		return add(g, client, hook{Guarded: g})
	case *redis.ClusterClient:
		if !add(g, client, hook{Guarded: g}) {
			return false
		}
		client.OnNewNode(node)
	case *redis.Ring:
		if !add(g, client, hook{Guarded: g}) {
			return false
		}
		client.OnNewNode(node)
		for _, shard := range client.GetShardClients() {
			node(shard)
		}
	}
	return true
}

// hooked is a client of some kind.
type hooked[C any] interface {
	*C
	AddHook(redis.Hook)
}

// add adds a hook to a client that has none of ours, and reports whether that was so.
func add[C any, P hooked[C]](g *Guarded, client P, h hook) bool {
	key := weak.Make((*C)(client))
	if _, taken := attached.LoadOrStore(key, weak.Make(g)); taken {
		return false
	}
	runtime.AddCleanup((*C)(client), func(key weak.Pointer[C]) { attached.Delete(key) }, key)
	client.AddHook(h)
	return true
}

// elsewhere returns the server of a client that is guarded under the same name, if it is another one than that of client.
func elsewhere(registry *guard.HealthRegistry, name string, client redis.UniversalClient) (server string) {
	attached.Range(func(_, value any) bool {
		g := value.(weak.Pointer[Guarded]).Value()
		if g != nil && g.registry == registry && g.dependency.Name() == name && serverOf(g.client) != serverOf(client) {
			server = serverOf(g.client)
		}
		return server == ""
	})
	return server
}

// serverOf says where a client connects to, as its options do.
func serverOf(client redis.UniversalClient) string {
	switch client := client.(type) {
	case *redis.Client:
		return client.Options().Addr
	case *redis.ClusterClient:
		return strings.Join(slices.Sorted(slices.Values(client.Options().Addrs)), " ")
	case *redis.Ring:
		return strings.Join(slices.Sorted(maps.Values(client.Options().Addrs)), " ")
	}
	return ""
}
