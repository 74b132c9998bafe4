// Package redistest gives tests and the demo a Redis of their own: an embedded one, or a share of a real one.
package redistest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// Server is a Redis to use. Close ends it.
type Server struct {
	Addr   string        // host:port
	Prefix string        // for every key; not used by anybody else
	Direct *redis.Client // a client to look behind the scenes

	embedded *miniredis.Miniredis // nil for a real server
}

// Open uses the real server at address, or starts an embedded one if that is "".
func Open(ctx context.Context, address string) (*Server, error) {
	s := &Server{Addr: address, Prefix: "guardgen:" + rand.Text() + ":"}
	if address == "" {
		embedded, err := miniredis.Run()
		if err != nil {
			return nil, fmt.Errorf("embedded redis: %w", err)
		}
		s.embedded, s.Addr = embedded, embedded.Addr()
	}
	s.Direct = redis.NewClient(&redis.Options{Addr: s.Addr, ContextTimeoutEnabled: true})
	if err := s.Direct.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("redis at %s: %w", s.Addr, err), s.Close())
	}
	return s, nil
}

// Exists tells which of keys exist, without the prefix on either side.
func (s *Server) Exists(ctx context.Context, keys []string) (map[string]bool, error) {
	pipeline := s.Direct.Pipeline()
	answers := make(map[string]*redis.IntCmd, len(keys))
	for _, key := range keys {
		answers[key] = pipeline.Exists(ctx, s.Prefix+key)
	}
	if _, err := pipeline.Exec(ctx); err != nil {
		return nil, err
	}
	exists := make(map[string]bool, len(keys))
	for key, answer := range answers {
		exists[key] = answer.Val() > 0
	}
	return exists, nil
}

// Close ends an embedded server, and takes our keys off a real one.
func (s *Server) Close() error {
	if s.embedded != nil {
		s.embedded.Close()
		return s.Direct.Close()
	}
	return errors.Join(s.sweep(context.Background()), s.Direct.Close())
}

// sweep deletes every key with our prefix.
func (s *Server) sweep(ctx context.Context) error {
	var keys []string
	all := s.Direct.Scan(ctx, 0, s.Prefix+"*", 1000).Iterator()
	for all.Next(ctx) {
		keys = append(keys, all.Val())
	}
	if err := all.Err(); err != nil || len(keys) == 0 {
		return err
	}
	return s.Direct.Del(ctx, keys...).Err()
}

// Mute silences the logger of go-redis, which reports each refused dial, for the whole process.
func Mute() { redis.SetLogger(mute{}) }

type mute struct{}

func (mute) Printf(context.Context, string, ...any) {}
