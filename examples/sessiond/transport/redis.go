package transport

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
)

const (
	bodyField = "body"    // the field of a stream entry that holds the message
	readers   = "readers" // the consumer group of a topic
)

// Config says where Redis is and how patient the transport is with it.
type Config struct {
	Addr     string        // host:port
	Prefix   string        // of every key, so that several services can share a server
	Timeout  time.Duration // of a dial, a read and a write each; 0 means two seconds
	Pool     int           // connections at most; 0 means 64
	Lifetime time.Duration // after which a connection is not used again; 0: as long as it works
}

// Redis is a Transport on Redis streams. Safe for concurrent use.
type Redis struct {
	client *redis.Client
	prefix string
}

var _ Transport = (*Redis)(nil)

// NewRedis is a transport that has dialled nothing yet.
//
// Its client is set up to fail soon and once, see goredis.Recommended.
func NewRedis(config Config) *Redis {
	if config.Timeout <= 0 {
		config.Timeout = 2 * time.Second
	}
	if config.Pool <= 0 {
		config.Pool = 64
	}
	return &Redis{
		prefix: config.Prefix,
		client: redis.NewClient(goredis.Recommended(&redis.Options{
			Addr:            config.Addr,
			DialTimeout:     config.Timeout,
			ReadTimeout:     config.Timeout,
			WriteTimeout:    config.Timeout,
			PoolTimeout:     config.Timeout,
			PoolSize:        config.Pool,
			ConnMaxLifetime: config.Lifetime,
		})),
	}
}

// Guard puts the connection itself behind the registry, below a wrapper: what goes round the wrapper is guarded, too, and
// the health check has connections of its own. What is taken out of a list of names, or of heartbeats, is no harm: nobody
// dies of it.
func (r *Redis) Guard(registry *guard.HealthRegistry) (*goredis.Guarded, error) {
	return goredis.Guard(registry, r.client, goredis.KeyNames(r.names), goredis.Harmless("HDEL", "SREM"))
}

// names calls the keys of Redis as the annotations do.
func (r *Redis) names(key string) []string {
	if topic, ok := strings.CutPrefix(key, r.topicKey("")); ok {
		return guard.Keys("topic", topic)
	}
	if session, ok := strings.CutPrefix(key, r.channelKey("")); ok {
		return guard.Keys("session", session)
	}
	return nil
}

// Close closes the connections. Calls fail from then on.
func (r *Redis) Close() error { return r.client.Close() }

func (r *Redis) topicSet() string                 { return r.prefix + "topics" }
func (r *Redis) topicKey(topic string) string     { return r.prefix + "topic:" + topic }
func (r *Redis) channelKey(session string) string { return r.prefix + "channel:" + session }
func (r *Redis) heartbeats() string               { return r.prefix + "heartbeats" }

// Ping implements [Transport].
func (r *Redis) Ping(ctx context.Context) error { return r.client.Ping(ctx).Err() }

// Generation tells one Redis from another: a server that was restarted, from whatever snapshot, has another run id, and one
// that was emptied has lost the marker. The marker is written when it is missing; the attempt is a write, which a server
// that only answers PING refuses. A server that does not tell its run id, because INFO is forbidden, has the marker alone.
func (r *Redis) Generation(ctx context.Context) (string, error) {
	together := r.client.Pipeline()
	write := together.SetNX(ctx, r.prefix+"generation", rand.Text(), 0)
	marker := together.Get(ctx, r.prefix+"generation")
	info := together.Info(ctx, "server")
	_, _ = together.Exec(ctx) // each command has its own error
	if err := cmp.Or(write.Err(), marker.Err()); err != nil {
		return "", err
	}
	if _, answer := errors.AsType[redis.Error](info.Err()); info.Err() != nil && !answer {
		return "", info.Err()
	}
	generation := "marker " + marker.Val()
	for line := range strings.Lines(info.Val()) {
		if id, found := strings.CutPrefix(strings.TrimSpace(line), "run_id:"); found {
			generation += ", run id " + id
		}
	}
	return generation, nil
}

// CreateTopic implements [Transport]. A consumer group makes the stream exist while it is empty; a topic that has one
// already is left as it is.
func (r *Redis) CreateTopic(ctx context.Context, topic string) error {
	err := r.client.XGroupCreateMkStream(ctx, r.topicKey(topic), readers, "$").Err()
	if err != nil && !redis.HasErrorPrefix(err, "BUSYGROUP") {
		return err
	}
	return r.client.SAdd(ctx, r.topicSet(), topic).Err()
}

// Publish implements [Transport].
func (r *Redis) Publish(ctx context.Context, topic string, body []byte) (string, error) {
	id, err := r.client.XAdd(ctx, &redis.XAddArgs{Stream: r.topicKey(topic), NoMkStream: true, Values: []any{bodyField, body}}).Result()
	if errors.Is(err, redis.Nil) {
		return "", ErrNoTopic
	}
	return id, err
}

// History implements [Transport].
func (r *Redis) History(ctx context.Context, topic string, limit int) ([]Message, error) {
	entries, err := r.client.XRevRangeN(ctx, r.topicKey(topic), "+", "-", int64(limit)).Result()
	if err != nil {
		return nil, err
	}
	messages := make([]Message, 0, len(entries))
	for _, entry := range entries {
		if body, ok := entry.Values[bodyField].(string); ok {
			messages = append(messages, Message{ID: entry.ID, Body: []byte(body), At: entryTime(entry.ID)})
		}
	}
	return messages, nil
}

// Topics implements [Transport].
func (r *Redis) Topics(ctx context.Context) ([]string, error) {
	topics, err := r.client.SMembers(ctx, r.topicSet()).Result()
	slices.Sort(topics)
	return topics, err
}

// Send implements [Transport].
func (r *Redis) Send(ctx context.Context, session string, body []byte) (string, error) {
	return r.client.XAdd(ctx, &redis.XAddArgs{Stream: r.channelKey(session), Values: []any{bodyField, body}}).Result()
}

// Beat implements [Transport].
func (r *Redis) Beat(ctx context.Context, session string, at time.Time) error {
	return r.client.HSet(ctx, r.heartbeats(), session, at.UnixMicro()).Err()
}

// LastSeen implements [Transport].
func (r *Redis) LastSeen(ctx context.Context, session string) (time.Time, bool, error) {
	micros, err := r.client.HGet(ctx, r.heartbeats(), session).Int64()
	switch {
	case errors.Is(err, redis.Nil):
		return time.Time{}, false, nil
	case err != nil:
		return time.Time{}, false, err
	}
	return time.UnixMicro(micros), true, nil
}

// Forget implements [Transport].
func (r *Redis) Forget(ctx context.Context, session string) error {
	return r.client.HDel(ctx, r.heartbeats(), session).Err()
}

// DeleteTopic implements [Transport]. The name goes last: a topic that is listed can be deleted again.
func (r *Redis) DeleteTopic(ctx context.Context, topic string) error {
	if err := r.client.Del(ctx, r.topicKey(topic)).Err(); err != nil {
		return err
	}
	return r.client.SRem(ctx, r.topicSet(), topic).Err()
}

// DeleteChannel implements [Transport].
func (r *Redis) DeleteChannel(ctx context.Context, session string) error {
	return r.client.Del(ctx, r.channelKey(session)).Err()
}

// entryTime reads the time in milliseconds with which Redis begins the identity of an entry.
func entryTime(id string) time.Time {
	for i := range len(id) {
		if id[i] == '-' {
			if millis, err := strconv.ParseInt(id[:i], 10, 64); err == nil {
				return time.UnixMilli(millis)
			}
		}
	}
	return time.Time{}
}
