package goredis

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// settings are those of a client that decide how fast it notices an outage, as go-redis has completed them.
type settings struct {
	contextTimeout            bool
	maxRetries, dialerRetries int
	maxRedirects              int // of a cluster, whose nodes do not retry
	dialTimeout, dialPause    time.Duration
	readTimeout               time.Duration
	maxBackoff                time.Duration
	autoPipeline              *redis.AutoPipelineOptions
	cached                    bool // it answers reads itself
}

// settingsOf reads the settings of a client. The error is about one that cannot be guarded.
func settingsOf(client redis.UniversalClient) (s settings, err error) {
	if v := reflect.ValueOf(client); client == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return s, errors.New("goredis: the client is nil: make one with redis.NewClient(goredis.Recommended(&redis.Options{…}))")
	}
	switch client := client.(type) {
	case *redis.Client:
		o := client.Options()
		return settings{
			contextTimeout: o.ContextTimeoutEnabled, maxRetries: o.MaxRetries, dialerRetries: o.DialerRetries, dialTimeout: o.DialTimeout,
			dialPause: o.DialerRetryTimeout, readTimeout: o.ReadTimeout, maxBackoff: o.MaxRetryBackoff, autoPipeline: o.AutoPipelineOptions,
			cached: o.ClientSideCacheConfig != nil || o.ClientSideCache != nil,
		}, nil
	case *redis.ClusterClient:
		o := client.Options()
		return settings{
			contextTimeout: o.ContextTimeoutEnabled, maxRetries: o.MaxRetries, maxRedirects: o.MaxRedirects, dialerRetries: o.DialerRetries,
			dialTimeout: o.DialTimeout, dialPause: o.DialerRetryTimeout, readTimeout: o.ReadTimeout, maxBackoff: o.MaxRetryBackoff,
			autoPipeline: o.AutoPipelineOptions,
		}, nil
	case *redis.Ring:
		o := client.Options()
		return settings{
			contextTimeout: o.ContextTimeoutEnabled, maxRetries: o.MaxRetries, dialerRetries: o.DialerRetries, dialTimeout: o.DialTimeout,
			dialPause: o.DialerRetryTimeout, readTimeout: o.ReadTimeout, maxBackoff: o.MaxRetryBackoff,
		}, nil
	}
	return s, fmt.Errorf("goredis: a %T has no hooks of a client: guard the *redis.Client, *redis.ClusterClient or *redis.Ring that it was made from", client)
}

// slow is how long a command may take to notice that the server is not there.
const slow = 2 * time.Second

// check reports what is wrong with the settings: an error if the guard cannot work, or the program is strict; else a
// warning in the log.
func (s settings) check(c *config, log *slog.Logger, client redis.UniversalClient) error {
	if s.autoPipeline != nil && s.autoPipeline.FullDuplex {
		return errors.New("AutoPipelineOptions.FullDuplex writes commands before a guard can refuse them: leave it out, half-duplex batches are guarded")
	}
	if s.cached {
		return errors.New("ClientSideCacheConfig and ClientSideCache answer reads without the server, which look like proof that it is there: leave them out, or cache above the guard")
	}
	findings := s.blind()
	if len(findings) == 0 {
		return nil
	}
	if c.strict {
		return fmt.Errorf("%s: goredis.Recommended sets all that matters", strings.Join(findings, "; "))
	}
	log.Warn("guard learns of an outage late: goredis.Recommended sets all that matters",
		"dependency", c.name, "client", fmt.Sprintf("%T", client), "reason", strings.Join(findings, "; "))
	return nil
}

// blind lists the settings by which a breaker learns of an outage late, each with what to set instead.
func (s settings) blind() (findings []string) {
	if !s.contextTimeout {
		findings = append(findings, fmt.Sprintf("a deadline does not end the wait for an answer, ReadTimeout (%s) does: set ContextTimeoutEnabled: true", s.readTimeout))
	}
	if worst := s.unreachable(); worst > slow {
		findings = append(findings, fmt.Sprintf("a command to a server that cannot be reached fails after up to %s (%s): set MaxRetries: -1, DialerRetries: 1 and DialTimeout: 500 * time.Millisecond",
			worst.Round(100*time.Millisecond), s.tries()))
	}
	if worst := s.silent(); worst > slow && !s.contextTimeout {
		findings = append(findings, fmt.Sprintf("a command to a server that does not answer fails after up to %s (ReadTimeout %s): set ReadTimeout and WriteTimeout to a second or less, and MaxRetries: -1",
			worst.Round(100*time.Millisecond), s.readTimeout))
	}
	return findings
}

// attempts is how often a command is tried.
func (s settings) attempts() time.Duration {
	return time.Duration(1 + max(s.maxRetries, s.maxRedirects, 0))
}

func (s settings) tries() string {
	text := fmt.Sprintf("MaxRetries %d, DialerRetries %d, DialTimeout %s", s.maxRetries, s.dialerRetries, s.dialTimeout)
	if s.maxRedirects > 0 {
		text = fmt.Sprintf("MaxRedirects %d, ", s.maxRedirects) + text
	}
	return text
}

// unreachable is how long a command takes to fail if nobody answers a dial.
func (s settings) unreachable() time.Duration {
	dials := time.Duration(max(1, s.dialerRetries))
	dial := dials*s.dialTimeout + (dials-1)*max(0, s.dialPause)
	return s.attempts()*dial + (s.attempts()-1)*max(0, s.maxBackoff)
}

// silent is how long a command takes to fail if nobody answers it.
func (s settings) silent() time.Duration {
	return s.attempts()*max(0, s.readTimeout) + (s.attempts()-1)*max(0, s.maxBackoff)
}

// Settings are the options of the constructors of go-redis.
type Settings interface {
	redis.Options | redis.ClusterOptions | redis.RingOptions | redis.FailoverOptions | redis.UniversalOptions
}

// Recommended sets what a guarded client needs to notice an outage in time, and returns the same options: a deadline ends a
// call (ContextTimeoutEnabled), a call is tried once, because the breaker is who repeats (MaxRetries: -1, DialerRetries: 1),
// and dialing, reading, writing and waiting for the pool take half a second, one, one, and one at most, where they say nothing.
// Blocking commands keep their own time.
//
//	redis.NewClient(goredis.Recommended(&redis.Options{Addr: "redis:6379"}))
func Recommended[S Settings](options *S) *S {
	v := reflect.ValueOf(options).Elem()
	set := func(name string, value any) {
		if field := v.FieldByName(name); field.IsValid() {
			field.Set(reflect.ValueOf(value))
		}
	}
	orSet := func(name string, value time.Duration) {
		if field := v.FieldByName(name); field.IsValid() && field.IsZero() {
			field.SetInt(int64(value))
		}
	}
	set("ContextTimeoutEnabled", true)
	set("MaxRetries", -1)
	set("DialerRetries", 1)
	orSet("DialTimeout", 500*time.Millisecond)
	orSet("ReadTimeout", time.Second)
	orSet("WriteTimeout", time.Second)
	orSet("PoolTimeout", time.Second)
	return options
}
