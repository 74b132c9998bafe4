//go:build unix

package goredis

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/faultproxy"
)

func TestClassifyWhatTheNetworkDoes(t *testing.T) {
	play(t, []row{
		{"nothing", success, nil, func(s *scene) (context.Context, error) {
			return s.Context(), s.warm().Set(s.Context(), "other", "value", 0).Err()
		}},
		{"refused", failure, is(syscall.ECONNREFUSED), func(s *scene) (context.Context, error) {
			s.strike(faultproxy.Fault{Refuse: true})
			return get(s.Context(), s.client())
		}},
		{"refused so often that the pool no longer dials", failure, is(syscall.ECONNREFUSED), func(s *scene) (context.Context, error) {
			s.strike(faultproxy.Fault{Refuse: true})
			client := s.client(func(o *redis.Options) { o.PoolSize = 1 })
			for range 3 {
				get(s.Context(), client)
			}
			return get(s.Context(), client)
		}},
		{"unix socket that is not there", failure, is(syscall.ENOENT), func(s *scene) (context.Context, error) {
			path := filepath.Join(s.TempDir(), "socket")
			return get(s.Context(), s.client(func(o *redis.Options) { o.Network, o.Addr = "unix", path }))
		}},
		{"unix socket of a server that crashed", failure, is(syscall.ECONNREFUSED), func(s *scene) (context.Context, error) {
			path := filepath.Join(s.TempDir(), "socket")
			proxy, err := faultproxy.Start("unix", path, "nowhere")
			if err != nil {
				s.Fatal(err)
			}
			s.Cleanup(func() { proxy.Close() })
			if err := proxy.Set(faultproxy.Fault{Refuse: true, Stale: true}); err != nil {
				s.Fatal(err)
			}
			return get(s.Context(), s.client(func(o *redis.Options) { o.Network, o.Addr = "unix", path }))
		}},
		{"no such host", failure, as[*net.DNSError], func(s *scene) (context.Context, error) {
			broken := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
				return nil, syscall.ENETUNREACH
			}}
			return get(s.Context(), s.client(func(o *redis.Options) {
				o.Addr = "redis.example:6379"
				o.Dialer = (&net.Dialer{Resolver: broken}).DialContext
			}))
		}},
		{"dial timeout", failure, late, func(s *scene) (context.Context, error) {
			s.strike(faultproxy.Fault{Deaf: true})
			return get(s.Context(), s.client())
		}},
		{"dial timeout of a dialer of the user's", failure, is(context.DeadlineExceeded), func(s *scene) (context.Context, error) {
			return get(s.Context(), s.client(func(o *redis.Options) { o.Dialer = hang }))
		}},
		{"caller's deadline while dialling", failure, is(context.DeadlineExceeded), func(s *scene) (context.Context, error) {
			return get(s.within(patience/4), s.client(func(o *redis.Options) { o.Dialer = hang }))
		}},
		{"caller cancels while dialling", ignored, nil, func(s *scene) (context.Context, error) {
			ctx, cancel := context.WithCancel(s.Context())
			return get(ctx, s.client(func(o *redis.Options) {
				o.Dialer = func(ctx context.Context, network, address string) (net.Conn, error) {
					cancel()
					return hang(ctx, network, address)
				}
			}))
		}},
		{"answers come too late", failure, is(os.ErrDeadlineExceeded), func(s *scene) (context.Context, error) {
			client := s.warm()
			s.strike(faultproxy.Fault{Latency: 2 * patience})
			return get(s.Context(), client)
		}},
		{"answers come byte by byte", failure, is(os.ErrDeadlineExceeded), func(s *scene) (context.Context, error) {
			client := s.warm()
			s.strike(faultproxy.Fault{Trickle: patience})
			return get(s.Context(), client)
		}},
		{"black hole", failure, is(os.ErrDeadlineExceeded), func(s *scene) (context.Context, error) {
			client := s.warm()
			s.strike(faultproxy.Fault{BlackHole: true})
			return get(s.Context(), client)
		}},
		{"black hole, on a new connection", failure, is(os.ErrDeadlineExceeded), func(s *scene) (context.Context, error) {
			s.strike(faultproxy.Fault{BlackHole: true})
			return get(s.Context(), s.client())
		}},
		{"server stopped where it stands", failure, is(os.ErrDeadlineExceeded), func(s *scene) (context.Context, error) {
			client := s.warm()
			if err := s.server.Freeze(); err != nil {
				s.Fatal(err)
			}
			defer s.server.Thaw()
			return get(s.Context(), client)
		}},
		{"caller's deadline while reading", failure, is(os.ErrDeadlineExceeded), func(s *scene) (context.Context, error) {
			client := s.warm(func(o *redis.Options) { o.ContextTimeoutEnabled, o.ReadTimeout = true, time.Minute })
			s.strike(faultproxy.Fault{BlackHole: true})
			return get(s.within(patience), client)
		}},
		{"caller cancels while reading", ignored, is(os.ErrDeadlineExceeded), func(s *scene) (context.Context, error) {
			ctx, cancel := context.WithCancel(s.Context())
			return s.cancelled(ctx, cancel)
		}},
		{"caller cancels with a cause while reading", ignored, is(os.ErrDeadlineExceeded), func(s *scene) (context.Context, error) {
			ctx, cancel := context.WithCancelCause(s.Context())
			return s.cancelled(ctx, func() { cancel(errors.New("enough")) })
		}},
		{"caller had cancelled before", ignored, is(context.Canceled), func(s *scene) (context.Context, error) {
			ctx, cancel := context.WithCancel(s.Context())
			cancel()
			return get(ctx, s.warm())
		}},
		{"caller's deadline had passed before", failure, is(context.DeadlineExceeded), func(s *scene) (context.Context, error) {
			return get(s.within(-time.Second), s.warm())
		}},
		{"connection ends instead of an answer", failure, is(io.EOF), func(s *scene) (context.Context, error) {
			client := s.warm()
			s.strike(faultproxy.Fault{Fail: 1})
			return get(s.Context(), client)
		}},
		{"connection ends within an answer", failure, is(io.ErrUnexpectedEOF), func(s *scene) (context.Context, error) {
			client := s.warm()
			s.strike(faultproxy.Fault{Answer: "$10\r\nabc", HangUp: time.Millisecond})
			return get(s.Context(), client)
		}},
		{"connection ends within the handshake", failure, nil, func(s *scene) (context.Context, error) {
			s.strike(faultproxy.Fault{CutAfter: 7})
			return get(s.Context(), s.client())
		}},
		{"reset of each new connection", failure, nil, func(s *scene) (context.Context, error) {
			s.strike(faultproxy.Fault{Reset: true})
			return get(s.Context(), s.client(func(o *redis.Options) { o.Protocol = 2 }))
		}},
		{"reset of an idle connection", success, is(redis.Nil), func(s *scene) (context.Context, error) {
			client := s.warm()
			s.strike(faultproxy.Fault{Reset: true})
			s.strike(faultproxy.Fault{})
			return get(s.Context(), client)
		}},
		{"TLS with a certificate of nobody", failure, nil, func(s *scene) (context.Context, error) {
			return get(s.Context(), s.client(func(o *redis.Options) {
				o.Addr, o.TLSConfig = s.site(true), &tls.Config{ServerName: "redis.example"}
			}))
		}},
		{"TLS to a server that speaks none", failure, nil, func(s *scene) (context.Context, error) {
			return get(s.Context(), s.client(func(o *redis.Options) { o.TLSConfig = &tls.Config{ServerName: "redis.example"} }))
		}},
		{"no TLS to a server that wants it", failure, nil, func(s *scene) (context.Context, error) {
			return get(s.Context(), s.client(func(o *redis.Options) { o.Addr = s.site(true) }))
		}},
		{"a server of another protocol", failure, nil, func(s *scene) (context.Context, error) {
			return get(s.Context(), s.client(func(o *redis.Options) { o.Addr = s.site(false) }))
		}},
		answering("an answer that cannot be parsed", failure, "?!\r\n", nil),
		{"sentinels that are all down", failure, is(syscall.ECONNREFUSED), func(s *scene) (context.Context, error) {
			s.strike(faultproxy.Fault{Refuse: true})
			return get(s.Context(), s.sentinel(s.proxy.Addr()))
		}},
		{"sentinels that know no master", failure, is(redis.Nil), func(s *scene) (context.Context, error) {
			// A server that is no sentinel would say ERR. The bytes are ours.
			s.strike(faultproxy.Fault{Answer: "*-1\r\n"})
			return get(s.Context(), s.sentinel(s.proxy.Addr(), s.proxy.Addr()))
		}},
	})
}

// as reports whether errors.As finds an error of a type.
func as[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// late reports whether a network error is a timeout: of a dial there are two kinds, whichever clock is first.
func late(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// within is a context with a deadline, which ends with the row.
func (s *scene) within(d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(s.Context(), d)
	s.Cleanup(cancel)
	return ctx
}

// hang is a dialer that waits for ever.
func hang(ctx context.Context, _, _ string) (net.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// cancelled asks a black hole, and calls cancel when the question is on its way.
func (s *scene) cancelled(ctx context.Context, cancel func()) (context.Context, error) {
	w := onWrite{then: cancel}
	client := s.warm(func(o *redis.Options) { o.Dialer = w.dialer })
	s.strike(faultproxy.Fault{BlackHole: true})
	w.armed.Store(true)
	return get(ctx, client)
}

// site is the address of a web server; with TLS, and a certificate that it signed itself.
func (s *scene) site(secure bool) string {
	site := httptest.NewUnstartedServer(nil)
	site.Config.ErrorLog = log.New(io.Discard, "", 0)
	if secure {
		site.StartTLS()
	} else {
		site.Start()
	}
	s.Cleanup(site.Close)
	return site.Listener.Addr().String()
}

// sentinel is a client that asks sentinels for its master.
func (s *scene) sentinel(addresses ...string) *redis.Client {
	client := redis.NewFailoverClient(&redis.FailoverOptions{
		MasterName: "master", SentinelAddrs: addresses, MaxRetries: -1, DialerRetries: 1, DialTimeout: patience, ReadTimeout: patience, DisableIdentity: true,
	})
	s.Cleanup(func() { client.Close() })
	return client
}
