package main

import (
	"context"
	"io"
	"sync"
	"time"
)

// drama is both worlds, and who looks on.
type drama struct {
	raw, guarded *world
	watch        *watch
	show         *progress
}

func newDrama(raw, guarded *world, out io.Writer) *drama {
	return &drama{
		raw: raw, guarded: guarded,
		watch: newWatch(guarded.registry, "api", "redis"),
		show:  &progress{out: out, start: time.Now(), raw: raw, guarded: guarded},
	}
}

// live lets both worlds live for as long as a story takes.
func (d *drama) live(ctx context.Context, story func(context.Context) error) error {
	living, die := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer die()
	all.Go(func() { d.raw.live(living) })
	all.Go(func() { d.guarded.live(living) })
	all.Go(func() { d.watch.run(living) })
	return story(ctx)
}

// outages plays the script and waits for the recovery, and returns how it ended.
func (d *drama) outages(ctx context.Context) (result, error) {
	showing, enough := context.WithCancel(ctx)
	var shown sync.WaitGroup
	defer shown.Wait()
	defer enough()
	shown.Go(func() { d.show.run(showing, 2*d.guarded.tempo.reapEvery) })
	if err := d.play(ctx, script); err != nil {
		return result{}, err
	}
	if err := await(ctx, d.guarded, d.watch); err != nil {
		return result{}, err
	}
	return conclude(ctx, d.raw, d.guarded, d.watch)
}

// play plays phases of the script, after which both dependencies are back.
func (d *drama) play(ctx context.Context, phases []phase) error {
	err := play(ctx, phases, d.guarded.tempo, []*world{d.raw, d.guarded}, func(p phase) {
		d.watch.phase(p.calm(), false)
		d.show.phase(p.name)
	})
	if err != nil {
		return err
	}
	d.watch.phase(true, true)
	d.show.phase("both are back")
	return nil
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
