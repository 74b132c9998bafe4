package guard

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestSubscribersThatBlockForEverHarmNobody has twenty of them beside one that listens and a log.
func TestSubscribersThatBlockForEverHarmNobody(t *testing.T) {
	log := new(logged)
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		release := make(chan struct{})
		defer close(release)
		var subscribers []*subscriber
		for range 20 {
			subscribers = append(subscribers, w.events.subscribe(func(Event) { <-release }, subscriberQueue))
		}
		var free atomic.Int64
		w.Subscribe(func(Event) { free.Add(1) })
		const rounds = 1500
		flap := func(n int) {
			for range n {
				_ = w.SetState("redis", Unhealthy, "flapping")
				_ = w.SetState("redis", Healthy, "flapping")
				synctest.Wait()
			}
		}
		flap(rounds)
		before := heap()
		flap(rounds)
		if grown := heap() - before; grown > 8<<20 { // most of it are the lines of this test's log
			t.Errorf("%d KB more for %d more events", grown>>10, 2*rounds)
		}
		for _, s := range subscribers {
			s.mu.Lock()
			if s.queue.len != subscriberQueue || len(s.queue.room) > subscriberQueue || s.dropped == 0 {
				t.Errorf("%d events wait, in room for %d; %d were dropped", s.queue.len, len(s.queue.room), s.dropped)
			}
			s.mu.Unlock()
		}
		if lines, told := len(log.about("")), int(free.Load()); told < 4*rounds || lines != told+1 { // and that it was proven
			t.Errorf("the free one was told of %d events, the log of %d", told, lines)
		}
		sleep(2 * time.Minute)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		began := time.Now()
		w.Close()
		if took := time.Since(began); took > closePatience {
			t.Errorf("Close took %s", took)
		}
	}, WithLogger(slog.New(log)))
}

// TestLogThatBlocksForEverHoldsUpNobody has a handler that never returns.
func TestLogThatBlocksForEverHoldsUpNobody(t *testing.T) {
	release := make(chan struct{})
	inWorld(t, func(t *testing.T, w *world) {
		release = make(chan struct{}) // of this bubble
		defer close(release)
		g := w.guard("redis")
		w.prove(g)
		for range 3 * logQueue {
			_ = w.SetState("redis", Unhealthy, "flapping")
			_ = w.SetState("redis", Healthy, "flapping")
		}
		sleep(2 * time.Minute)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		w.logLines.mu.Lock()
		if n := w.logLines.queue.len; n > logQueue {
			t.Errorf("%d lines wait", n)
		}
		w.logLines.mu.Unlock()
		began := time.Now()
		w.Close()
		if took := time.Since(began); took > 2*closePatience {
			t.Errorf("Close took %s", took)
		}
	}, WithLogger(slog.New(&blockedLog{release: &release})))
}

// blockedLog is a handler that blocks until it is released.
type blockedLog struct {
	logged

	release *chan struct{}
}

func (l *blockedLog) Handle(context.Context, slog.Record) error {
	<-*l.release
	return nil
}
