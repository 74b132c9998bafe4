package peers

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/alibaba/sentinel-golang/api"
	"github.com/alibaba/sentinel-golang/core/base"
	"github.com/alibaba/sentinel-golang/core/circuitbreaker"
	"github.com/alibaba/sentinel-golang/logging"

	"github.com/guardgen/guardgen/runtime/bench/store"
)

// sentinel uses the default chain of sentinel-golang. Its collectors of statistics about the machine are not started.
type sentinel struct {
	next     store.Getter
	resource string
}

var (
	sentinels       atomic.Int64
	silenceSentinel = sync.OnceValue(func() error { return logging.ResetGlobalLogger(silent{}) })
)

func newSentinel(next store.Store) (store.Getter, error) {
	if err := silenceSentinel(); err != nil {
		return nil, err
	}
	s := &sentinel{next, "store-" + strconv.FormatInt(sentinels.Add(1), 10)}
	_, err := circuitbreaker.LoadRulesOfResource(s.resource, []*circuitbreaker.Rule{{
		Resource:         s.resource,
		Strategy:         circuitbreaker.ErrorRatio,
		Threshold:        .9,
		MinRequestAmount: 20,
		StatIntervalMs:   10_000,
		RetryTimeoutMs:   uint32(openFor.Milliseconds()),
	}})
	return s, err
}

func (s *sentinel) Get(ctx context.Context, id string) (int, error) {
	entry, blocked := api.Entry(s.resource, api.WithTrafficType(base.Outbound))
	if blocked != nil {
		return 0, blocked
	}
	n, err := s.next.Get(ctx, id)
	if err != nil {
		api.TraceError(entry, err)
	}
	entry.Exit()
	return n, err
}

// silent is a logger that writes nothing.
type silent struct{}

func (silent) Debug(string, ...any)        {}
func (silent) DebugEnabled() bool          { return false }
func (silent) Info(string, ...any)         {}
func (silent) InfoEnabled() bool           { return false }
func (silent) Warn(string, ...any)         {}
func (silent) WarnEnabled() bool           { return false }
func (silent) Error(error, string, ...any) {}
func (silent) ErrorEnabled() bool          { return false }
