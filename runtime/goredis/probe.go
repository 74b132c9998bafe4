package goredis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// prober asks the servers of a client for a sign of life, over connections of its own: those of the client may all be held
// by blocking commands. Connections are dropped when a probe fails, because a pool that could not dial does not try again
// for a second. Safe for concurrent use: each run has clients of its own, so that one that ends late ends no other.
type prober struct {
	source   redis.UniversalClient
	writeKey string // "" if it only reads

	mu     sync.Mutex // guards what is below; not held over a probe
	kept   clients    // of the last probe that succeeded, for the next one
	closed bool       // nothing is kept any more
}

// clients are those of one probe, by the address of their server; a cluster has one, without a name.
type clients map[string]redis.UniversalClient

// probePatience bounds what a probe does on a connection; its own time is the policy's ProbeTimeout, by its context.
const probePatience = 5 * time.Second

// probing is the option that brings the probe.
func (g *Guarded) probing(c *config) guard.Option {
	run := c.probe
	if run == nil {
		g.probe = &prober{source: g.client, writeKey: c.writeKey}
		run = g.probe.run
	}
	return guard.WithProbe(func(ctx context.Context) error {
		err := run(ctx)
		if err == nil {
			g.answered.Store(time.Now().UnixNano())
		}
		return err
	})
}

// run is one probe.
func (p *prober) run(ctx context.Context) error {
	return p.each(ctx, func(ctx context.Context, client redis.UniversalClient) error {
		if err := client.Ping(ctx).Err(); err != nil {
			return err
		}
		if p.writeKey == "" {
			return nil
		}
		return client.Set(ctx, p.writeKey, "1", 5*time.Second).Err()
	})
}

// each calls fn for a client of the probe to each server that must be there: the server itself, every master of a cluster,
// every shard of a ring that is up.
func (p *prober) each(ctx context.Context, fn func(context.Context, redis.UniversalClient) error) (err error) {
	own := p.take()
	defer func() { p.put(own, err == nil) }()
	switch source := p.source.(type) {
	case *redis.Client:
		return fn(ctx, own.server("", source.Options()))
	case *redis.Ring:
		shards := source.GetShardClients()
		if len(shards) == 0 {
			return errors.New("all shards of the ring are down")
		}
		for _, shard := range shards {
			if err := fn(ctx, own.server(shard.Options().Addr, shard.Options())); err != nil {
				return err
			}
		}
		return nil
	case *redis.ClusterClient:
		return masters(ctx, own.cluster(source.Options()), fn)
	}
	return fmt.Errorf("goredis: a %T has no probe", p.source)
}

// masters calls fn for each master of a cluster, and once for the cluster itself, which knows where a key is.
func masters(ctx context.Context, cluster *redis.ClusterClient, fn func(context.Context, redis.UniversalClient) error) error {
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, master *redis.Client) error { return master.Ping(ctx).Err() })
	if err != nil {
		return err
	}
	return fn(ctx, cluster)
}

// server returns the client to a server, and makes it if there is none.
func (c clients) server(addr string, options *redis.Options) redis.UniversalClient {
	if c[addr] == nil {
		c[addr] = redis.NewClient(ofServer(options))
	}
	return c[addr]
}

// cluster is server for a cluster.
func (c clients) cluster(options *redis.ClusterOptions) *redis.ClusterClient {
	if c[""] == nil {
		c[""] = redis.NewClusterClient(ofCluster(options))
	}
	return c[""].(*redis.ClusterClient)
}

// take returns the clients that are kept. Whoever has taken them is the only one to use them, until put.
func (p *prober) take() clients {
	p.mu.Lock()
	defer p.mu.Unlock()
	own := p.kept
	p.kept = nil
	if own == nil {
		own = clients{}
	}
	return own
}

// put keeps clients for the next probe, if this one went well, and nobody else's are kept.
func (p *prober) put(own clients, well bool) {
	p.mu.Lock()
	keep := well && p.kept == nil && !p.closed
	if keep {
		p.kept = own
	}
	p.mu.Unlock()
	if !keep {
		own.close()
	}
}

func (c clients) close() {
	for _, client := range c {
		_ = client.Close() // nothing is pending on it
	}
}

// close lets go of all connections. A probe that is still asked for makes its own and closes them: the registry may know no
// other, because the newest guard of a dependency brings the probe, whoever of its clients lives longer.
func (p *prober) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.take().close()
}

// ofServer are the options of the probe's client of the server that a client has. They are written out anew: go-redis would
// take what it has completed for what was never said (no retries would become three).
func ofServer(o *redis.Options) *redis.Options {
	probe := *o
	probe.MaxRetries, probe.DialerRetries = -1, 1
	probe.DialTimeout, probe.ReadTimeout, probe.WriteTimeout, probe.PoolTimeout = probePatience, probePatience, probePatience, probePatience
	probe.ContextTimeoutEnabled = true
	probe.PoolSize, probe.MinIdleConns, probe.MaxIdleConns, probe.MaxActiveConns, probe.PipelinePoolSize = 2, 0, 2, 0, -1
	probe.MaxConcurrentDials = 2
	probe.Limiter, probe.AutoPipelineOptions = nil, nil
	probe.DisableIdentity = true
	probe.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	probe.ClientSideCacheConfig, probe.ClientSideCache = nil, nil
	probe.PushNotificationProcessor = nil
	return &probe
}

// ofCluster is ofServer for a cluster.
func ofCluster(o *redis.ClusterOptions) *redis.ClusterOptions {
	probe := *o
	probe.NewClient, probe.MaxRedirects, probe.MaxRetries, probe.DialerRetries = nil, 2, -1, 1
	probe.DialTimeout, probe.ReadTimeout, probe.WriteTimeout, probe.PoolTimeout = probePatience, probePatience, probePatience, probePatience
	probe.ContextTimeoutEnabled = true
	probe.PoolSize, probe.MinIdleConns, probe.MaxIdleConns, probe.MaxActiveConns, probe.PipelinePoolSize = 2, 0, 2, 0, -1
	probe.MaxConcurrentDials = 2
	probe.AutoPipelineOptions = nil
	probe.DisableIdentity = true
	probe.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	probe.PushNotificationProcessor = nil
	return &probe
}

// runID is the generation of the servers: the run ids of all of them.
func (g *Guarded) runID(ctx context.Context) (string, error) {
	p := g.probe
	if p == nil {
		p = &prober{source: g.client}
		defer p.close()
	}
	var mu sync.Mutex
	var ids []string
	read := func(ctx context.Context, client redis.UniversalClient) error {
		id, err := runIDOf(ctx, client)
		mu.Lock()
		defer mu.Unlock()
		ids = append(ids, id)
		return err
	}
	err := p.each(ctx, func(ctx context.Context, client redis.UniversalClient) error {
		if cluster, ok := client.(*redis.ClusterClient); ok {
			return cluster.ForEachMaster(ctx, func(ctx context.Context, master *redis.Client) error { return read(ctx, master) })
		}
		return read(ctx, client)
	})
	slices.Sort(ids)
	return strings.Join(ids, " "), err
}

// runIDOf asks one server.
func runIDOf(ctx context.Context, client redis.UniversalClient) (string, error) {
	info, err := client.Info(ctx, "server").Result()
	if err != nil {
		return "", fmt.Errorf("INFO server, for goredis.RunID: %w", err)
	}
	for line := range strings.Lines(info) {
		if id, ok := strings.CutPrefix(line, "run_id:"); ok && strings.TrimSpace(id) != "" {
			return strings.TrimSpace(id), nil
		}
	}
	return "", errors.New("INFO server has no run_id: leave out goredis.RunID")
}
