//go:build unix

package goredis

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"
)

func TestClassifyWhatOurOwnSideDoes(t *testing.T) {
	play(t, []row{
		{"the pool is full", degraded, is(redis.ErrPoolTimeout), func(s *scene) (context.Context, error) {
			return get(s.Context(), s.held(func(o *redis.Options) { o.PoolSize = 1 }))
		}},
		{"the pool has as many connections as it may", degraded, nil, func(s *scene) (context.Context, error) {
			return get(s.Context(), s.held(func(o *redis.Options) { o.PoolSize, o.MaxActiveConns = 1, 1 }))
		}},
		{"the pool is exhausted", degraded, is(redis.ErrPoolExhausted), func(s *scene) (context.Context, error) {
			return get(s.Context(), s.held(func(o *redis.Options) { o.PoolSize, o.MaxActiveConns = 2, 1 }))
		}},
		{"caller's deadline while waiting for the pool", failure, is(context.DeadlineExceeded), func(s *scene) (context.Context, error) {
			client := s.held(func(o *redis.Options) { o.PoolSize, o.PoolTimeout = 1, time.Minute })
			return get(s.within(patience/4), client)
		}},
		{"the client is closed", ignored, is(redis.ErrClosed), func(s *scene) (context.Context, error) {
			client := s.warm()
			client.Close()
			return get(s.Context(), client)
		}},
		{"the client is closed during a call", ignored, is(net.ErrClosed), func(s *scene) (context.Context, error) {
			var client *redis.Client
			w := onWrite{then: func() { client.Close() }}
			client = s.warm(func(o *redis.Options) { o.Dialer = w.dialer })
			w.armed.Store(true)
			return s.Context(), client.BLPop(s.Context(), time.Minute, "queue").Err()
		}},
		{"an argument that cannot be sent", ignored, nil, func(s *scene) (context.Context, error) {
			return s.Context(), s.warm().Set(s.Context(), "key", struct{}{}, 0).Err()
		}},
		{"an argument of a pipeline that cannot be sent", ignored, nil, func(s *scene) (context.Context, error) {
			_, err := s.warm().Pipelined(s.Context(), func(p redis.Pipeliner) error {
				p.Set(s.Context(), "key", struct{}{}, 0)
				return nil
			})
			return s.Context(), err
		}},
		{"BITCOUNT with a unit that is none", ignored, nil, func(s *scene) (context.Context, error) {
			return s.Context(), s.client().BitCount(s.Context(), "key", &redis.BitCount{Unit: "nibble"}).Err()
		}},
		{"MODULE LOADEX without a module", ignored, nil, func(s *scene) (context.Context, error) {
			return s.Context(), s.client().ModuleLoadex(s.Context(), nil).Err()
		}},
		{"CLIENT TRACKING with options that exclude each other", ignored, nil, func(s *scene) (context.Context, error) {
			return s.Context(), s.client().ClientTrackingOn(s.Context(), &redis.ClientTrackingOptions{OptIn: true, OptOut: true}).Err()
		}},
		{"HOTKEYS START without a metric", ignored, is(redis.ErrHotKeysNoMetrics), func(s *scene) (context.Context, error) {
			return s.Context(), s.client().HotKeysStart(s.Context(), &redis.HotKeysStartArgs{}).Err()
		}},
		{"WATCH without keys, in a cluster", ignored, nil, func(s *scene) (context.Context, error) {
			cluster := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{s.proxy.Addr()}})
			s.Cleanup(func() { cluster.Close() })
			return s.Context(), cluster.Watch(s.Context(), func(*redis.Tx) error { return nil })
		}},
		{"a pipeline with a command that is none", ignored, nil, func(s *scene) (context.Context, error) {
			return s.Context(), s.client().Pipeline().Do(s.Context()).Err()
		}},
		{"an inner guard refused", ignored, nil, func(s *scene) (context.Context, error) {
			return s.Context(), &guard.DependencyUnhealthyError{Dependency: "redis"}
		}},
		{"an inner gate denied", ignored, nil, func(s *scene) (context.Context, error) {
			return s.Context(), &guard.DestructiveDeniedError{Operation: "DEL"}
		}},
		{"something that nobody knows", failure, nil, func(s *scene) (context.Context, error) {
			return s.Context(), errors.New("redis: something that nobody knows")
		}},
	})
}

// held is a client whose first connection somebody holds.
func (s *scene) held(tweak func(*redis.Options)) *redis.Client {
	s.Helper()
	client := s.client(tweak)
	conn := client.Conn()
	s.Cleanup(func() { conn.Close() })
	if err := conn.Ping(s.Context()).Err(); err != nil {
		s.Fatal(err)
	}
	return client
}
