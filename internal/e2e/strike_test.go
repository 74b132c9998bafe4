package e2e

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/guardgen/guardgen/internal/faultproxy"
)

// A strike begins a fault, and returns what ends it.
type strike = func(*stage) (mend func() error, err error)

// proxied is a fault of the proxy before the session API.
func proxied(f faultproxy.Fault) strike {
	return func(s *stage) (func() error, error) {
		return func() error { return s.proxy.Set(faultproxy.Fault{}) }, s.proxy.Set(f)
	}
}

// toxic is a kind of toxic with its attributes, in one stream.
type toxic struct{ kind, stream, attributes string }

// poisoned is a fault of toxiproxy, in the share of the links that toxicity says.
func poisoned(toxicity float64, toxics ...toxic) strike {
	return func(s *stage) (func() error, error) {
		var failed error
		for _, x := range toxics {
			failed = errors.Join(failed, s.poison(x.kind, x.stream, toxicity, x.attributes))
		}
		return s.cure, failed
	}
}

// replaced takes toxiproxy away and puts something else where it listened.
func replaced(put func(address string) (remove func() error, err error)) strike {
	return func(s *stage) (func() error, error) {
		s.toxic.Stop()
		remove, err := put(s.door)
		if err != nil {
			return nil, err
		}
		return func() error { return errors.Join(remove(), s.cure()) }, nil
	}
}

// configured sets parameters of Redis, and sets them back.
func configured(wrong, right []string) strike {
	return func(s *stage) (func() error, error) {
		return func() error { return s.config(right...) }, s.config(wrong...)
	}
}

// again does something at each interval, the first time at once, until mend. It fails with the last failure.
func again(interval time.Duration, do func(*stage, int) error) strike {
	return func(s *stage) (func() error, error) {
		var (
			failed  error
			running sync.WaitGroup
		)
		ctx, cancel := context.WithCancel(context.Background())
		running.Go(func() {
			for n := 0; failed == nil; n++ {
				failed = do(s, n)
				if !wait(ctx, interval) {
					return
				}
			}
		})
		return func() error {
			cancel()
			running.Wait()
			return failed
		}, nil
	}
}

// both is two faults at once. The second ends first.
func both(first, second strike) strike {
	return func(s *stage) (func() error, error) {
		mendFirst, err := first(s)
		if err != nil {
			return nil, err
		}
		mendSecond, err := second(s)
		if err != nil {
			return nil, errors.Join(err, mendFirst())
		}
		return func() error { return errors.Join(mendSecond(), mendFirst()) }, nil
	}
}

// done is a fault that has ended when it has struck.
func done(do func(*stage) error) strike {
	return func(s *stage) (func() error, error) { return func() error { return nil }, do(s) }
}

// disconnect closes every connection to Redis but the one that asks for it.
func disconnect(s *stage) error {
	return s.redis.Direct.ClientKillByFilter(context.Background(), "type", "normal", "skipme", "yes").Err()
}

// background runs a command of Redis that answers late, on a connection of its own.
func background(s *stage, command ...any) (answered func() error) {
	conn, end := s.conn()
	result := make(chan error, 1)
	go func() {
		result <- conn.Do(context.Background(), command...).Err()
		end()
	}()
	return func() error { return <-result }
}
