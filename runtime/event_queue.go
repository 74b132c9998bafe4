package guard

// eventQueue is a ring of events, the oldest first, with room for as many as there have been at a time: an outage of many
// dependencies queues thousands a second. Not safe for concurrent use.
type eventQueue struct {
	limit int // above which the oldest is dropped
	room  []*Event
	first int
	len   int
}

// push appends an event, and reports whether that cost the oldest one.
func (q *eventQueue) push(e *Event) (dropped bool) {
	if q.len == q.limit {
		q.pop()
		dropped = true
	}
	if q.len == len(q.room) {
		room := make([]*Event, min(max(8, 2*q.len), q.limit))
		for i := range q.len {
			room[i] = q.at(i)
		}
		q.room, q.first = room, 0
	}
	q.room[(q.first+q.len)%len(q.room)] = e
	q.len++
	return dropped
}

// pop removes the oldest event, of which there must be one.
func (q *eventQueue) pop() *Event {
	e := q.room[q.first]
	q.room[q.first] = nil
	q.first = (q.first + 1) % len(q.room)
	q.len--
	return e
}

// at returns the event that i others are older than.
func (q *eventQueue) at(i int) *Event { return q.room[(q.first+i)%len(q.room)] }
