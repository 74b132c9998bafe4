package main

import (
	"context"
	"io"
	"sync"
	"time"
)

// drama lets both worlds live through the script and the recovery, and returns how it ended.
func drama(ctx context.Context, raw, guarded *world, stdout io.Writer) (result, error) {
	watch := newWatch(guarded.registry, "api", "redis")
	show := &progress{out: stdout, start: time.Now(), raw: raw, guarded: guarded}
	living, die := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer die()
	all.Go(func() { raw.live(living) })
	all.Go(func() { guarded.live(living) })
	all.Go(func() { watch.run(living) })
	all.Go(func() { show.run(living, 2*guarded.tempo.reapEvery) })

	err := play(ctx, guarded.tempo, []*world{raw, guarded}, func(p phase) {
		watch.phase(p.calm(), false)
		show.phase(p.name)
	})
	if err != nil {
		return result{}, err
	}
	watch.phase(true, true)
	show.phase("both are back")
	if err := await(ctx, guarded, watch); err != nil {
		return result{}, err
	}
	return conclude(ctx, raw, guarded, watch)
}

// await waits until there is nothing more to see: everything dead is reaped and the gate has been open for two turns of
// the reaper, or there was more than enough time for that.
func await(ctx context.Context, guarded *world, watch *watch) error {
	t := guarded.tempo
	patience := time.Now().Add(2 * (t.backoffMax + recovering + t.owed()))
	for time.Now().Before(patience) {
		if err := wait(ctx, t.heartbeat); err != nil {
			return err
		}
		stand := guarded.ledger.add()
		if watch.openFor() > 2*t.turn() && (stand.reaped == stand.dead || watch.wellFor() > t.owed()+t.turn()) {
			return nil
		}
	}
	return nil
}

// conclude adds up what happened.
func conclude(ctx context.Context, raw, guarded *world, watch *watch) (result, error) {
	for _, w := range []*world{raw, guarded} {
		if err := w.lookAtTopics(ctx); err != nil {
			return result{}, err
		}
	}
	r := result{
		tempo:    guarded.tempo,
		raw:      raw.ledger.add(),
		guarded:  guarded.ledger.add(),
		overdue:  guarded.ledger.overdue(watch.stretches(), guarded.tempo.owed(), time.Now()),
		longest:  guarded.ledger.longest(),
		recovery: watch.recovery(),
		healed:   watch.closed() && watch.openFor() > 0,
		denials:  make(map[string]uint64),
		asked:    guarded.asked.calls(),
	}
	for _, denial := range guarded.registry.Denials() {
		r.denials[string(denial.Reason)] += denial.Count
	}
	r.spared = max(0, r.asked-guarded.arrived.calls())
	return r, nil
}
