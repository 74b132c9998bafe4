package e2e

import (
	"context"
	"crypto/rand"
	"time"
)

// noise is bytes that cannot be compressed.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// Where Redis answers fast, and has forgotten.

var redisLossRows = []row{
	{
		fault: "kill -9, and a restart empty", hits: ofRedis, fast: true, ajar: true, expect: append(untrusted, opened...),
		strike: done(func(s *stage) error {
			if err := s.redis.Kill(); err != nil {
				return err
			}
			return s.redis.Start()
		}),
	},
	{
		fault: "FLUSHALL, each second", hits: ofRedis, expect: untrusted,
		strike: again(time.Second, func(s *stage, _ int) error { return s.redis.Direct.FlushAll(context.Background()).Err() }),
	},
	{
		fault: "restart from a snapshot older than the TTL", hits: ofRedis, ajar: true, expect: append(untrusted, opened...),
		strike: done(func(s *stage) error {
			if err := s.redis.Direct.Save(context.Background()).Err(); err != nil {
				return err
			}
			wait(context.Background(), ttl+time.Second)
			if err := s.redis.Kill(); err != nil {
				return err
			}
			return s.redis.Start()
		}),
	},
}
