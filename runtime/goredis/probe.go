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
// for a second. Safe for concurrent use.
type prober struct {
	source   redis.UniversalClient
	writeKey string // "" if it only reads

	mu      sync.Mutex // guards what is below; not held over a probe
	clients map[string]redis.UniversalClient
	closed  bool
}

// probePatience bounds what a probe does on a connection; its own time is the policy's ProbeTimeout, by its context.
const probePatience = 5 * time.Second

// probing is the option that brings the probe.
func (g *Guarded) probing(c *config) guard.Option {
	run := c.probe
	if run == nil {
		g.probe = &prober{source: g.client, writeKey: c.writeKey, clients: make(map[string]redis.UniversalClient)}
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
	err := p.each(ctx, func(ctx context.Context, client redis.UniversalClient) error {
		if err := client.Ping(ctx).Err(); err != nil {
			return err
		}
		if p.writeKey == "" {
			return nil
		}
		return client.Set(ctx, p.writeKey, "1", 5*time.Second).Err()
	})
	if err != nil {
		p.drop()
	}
	return err
}

// each calls fn for a client of the probe to each server that must be there: the server itself, every master of a cluster,
// every shard of a ring that is up.
func (p *prober) each(ctx context.Context, fn func(context.Context, redis.UniversalClient) error) error {
	defer p.letGo()
	switch source := p.source.(type) {
	case *redis.Client:
		return p.ask(ctx, "", source.Options(), fn)
	case *redis.Ring:
		shards := source.GetShardClients()
		if len(shards) == 0 {
			return errors.New("all shards of the ring are down")
		}
		for _, shard := range shards {
			if err := p.ask(ctx, shard.Options().Addr, shard.Options(), fn); err != nil {
				return err
			}
		}
		return nil
	case *redis.ClusterClient:
		client := p.client("", func() redis.UniversalClient { return redis.NewClusterClient(ofCluster(source.Options())) })
		return p.masters(ctx, client.(*redis.ClusterClient), fn)
	}
	return fmt.Errorf("goredis: a %T has no probe", p.source)
}

// masters calls fn for each master of a cluster, and once for the cluster itself, which knows where a key is.
func (p *prober) masters(ctx context.Context, cluster *redis.ClusterClient, fn func(context.Context, redis.UniversalClient) error) error {
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, master *redis.Client) error { return master.Ping(ctx).Err() })
	if err != nil {
		return err
	}
	return fn(ctx, cluster)
}

func (p *prober) ask(ctx context.Context, addr string, options *redis.Options, fn func(context.Context, redis.UniversalClient) error) error {
	return fn(ctx, p.client(addr, func() redis.UniversalClient { return redis.NewClient(ofServer(options)) }))
}

// client returns the probe's client of that name, and has it made if there is none.
func (p *prober) client(name string, connect func() redis.UniversalClient) redis.UniversalClient {
	p.mu.Lock()
	defer p.mu.Unlock()
	client := p.clients[name]
	if client == nil {
		client = connect()
		p.clients[name] = client
	}
	return client
}

// drop closes all connections; the next probe makes new ones.
func (p *prober) drop() {
	p.mu.Lock()
	old := p.clients
	p.clients = make(map[string]redis.UniversalClient)
	p.mu.Unlock()
	for _, client := range old {
		_ = client.Close() // nothing was pending on it but the probe that failed
	}
}

// letGo drops the connections if they are to be kept no more.
func (p *prober) letGo() {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		p.drop()
	}
}

// close lets go of the connections, now and after each further probe: another client of the same server may still rely on
// this probe.
func (p *prober) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.drop()
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
		p = &prober{source: g.client, clients: make(map[string]redis.UniversalClient)}
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
