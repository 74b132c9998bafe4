package guard

import "time"

// wakeOrder is what runs first in a process that stood still and runs again.
type wakeOrder int

const (
	workFirst  wakeOrder = iota // the work, before anything has seen the gap
	workAtOnce                  // the work, when beats could come again but none has
	beatFirst                   // the beat
)

// freeze stops the process: neither its work nor its beat goes on. Its clients find nobody.
func (p *process) freeze() {
	p.sim.note("stands still", -1, "")
	p.stalled = true
	if p.registry != nil {
		p.registry.standstill.Store(true)
	}
}

// thaw lets the process run again: everything that was under way has passed its deadline.
func (p *process) thaw(order wakeOrder) {
	wake := func() {
		p.sim.note("runs again", -1, "")
		work := p.backlog
		p.stalled, p.backlog = false, nil
		for _, do := range work {
			do(true)
		}
	}
	beat := func() {
		if p.registry != nil {
			p.registry.standstill.Store(false)
		}
	}
	switch order {
	case workFirst:
		wake()
		p.sim.after(20*time.Millisecond, beat)
	case workAtOnce:
		beat()
		wake()
	case beatFirst:
		beat()
		p.sim.after(2*tickLength, wake)
	}
}
