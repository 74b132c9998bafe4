package guard

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
)

// suspectsLimit bounds the memory of key taint: about 10 MB.
const suspectsLimit = 1 << 16

// suspects are the keys about which a call failed. A key is clean again when the method that failed succeeds about it
// in a call begun later, or after hold. Another method's success does not count: a reaper that reads a record first must
// not clear what the heartbeat's failed write left. Safe for concurrent use.
type suspects struct {
	mu            sync.Mutex
	byKey         map[string][]suspect
	size          int
	unread        int    // of them, those whose key could not be read
	earliest      moment // nothing is over before
	overflowAt    moment // the last time
	overflowUntil moment
	overflows     uint64
	past          attempts // those that are over
}

type suspect struct {
	method *Method
	epoch  epoch // of the dependency, after the failure
	failed moment
	until  moment // it is suspect
	cause  error
}

func (s *suspects) init() { s.byKey = make(map[string][]suspect) }

// add marks keys under m, which failed now, until the given moment. When there is no room, all keys are suspect until then.
func (s *suspects) add(m *Method, keys []string, e epoch, now, until moment, cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		fresh := suspect{method: m, epoch: e, failed: now, until: until, cause: cause}
		if old := s.find(key, m); old != nil {
			if !e.since(old.epoch) { // a newer failure was faster
				fresh.epoch = old.epoch
			}
			fresh.failed, fresh.until = max(fresh.failed, old.failed), max(fresh.until, old.until)
			*old = fresh
			continue
		}
		if s.size >= suspectsLimit {
			s.overflowAt, s.overflowUntil = max(s.overflowAt, now), max(s.overflowUntil, until)
			s.overflows++
			continue
		}
		if s.size == 0 || until < s.earliest {
			s.earliest = until
		}
		s.byKey[key] = append(s.byKey[key], fresh)
		s.size++
		if isUnreadable(key) {
			s.unread++
		}
		m.suspect(1)
	}
}

// clear removes what a success of m, begun under epoch e, proves to be fine.
func (s *suspects) clear(m *Method, keys []string, e epoch) {
	if m.suspects.Load() == 0 || len(keys) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		if !isUnreadable(key) { // another unreadable one proves nothing
			s.remove(key, func(x suspect) bool { return x.method == m && e.since(x.epoch) })
		}
	}
}

// restop has the flags of a method worked out anew.
func (s *suspects) restop(m *Method) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.setStop()
}

// look returns the first of keys that cannot be trusted, and why: something failed about it, it could not be read, or
// there are too many suspects to tell.
func (s *suspects) look(keys []string, now moment) (key string, why blame) {
	if len(keys) == 0 {
		return "", blame{}
	}
	if key := unreadable(keys); key != "" {
		return key, blame{until: now.add(time.Minute), cause: errors.New("the key could not be read")}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		if s.size == 0 {
			break
		}
		why = worstOf(s.byKey[key], why, now)
		if s.unread > 0 { // one of those may have been this one
			why = worstOf(s.byKey[keyKind(key)+":"+unknownName], why, now)
		}
		if why.until != 0 {
			return key, why
		}
	}
	if s.overflowUntil > now {
		return keys[0], blame{until: s.overflowUntil, cause: errors.New("too many keys failed")}
	}
	return "", blame{}
}

// worstOf returns the blame that lasts longest, of a list and of one that is known.
func worstOf(list []suspect, why blame, now moment) blame {
	for _, x := range list {
		if x.until > now && x.until > why.until {
			why = blame{until: x.until, dependency: x.method.dependency.name, cause: x.cause}
		}
	}
	return why
}

// failedAt returns when something last failed about key that has not been cleared; 0 if nothing did. While there are too
// many to tell, it is when there was no room for one.
func (s *suspects) failedAt(key string, now moment) (last moment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.overflowUntil > now || s.overflowAt.add(s.past.memory) > now {
		last = s.overflowAt
	}
	kind, _, _ := strings.Cut(key, ":")
	unreadable := kind + ":" + unknownName
	for _, x := range slices.Concat(s.byKey[key], s.byKey[unreadable]) {
		last = max(last, x.failed)
	}
	return max(last, s.past.last(key, now), s.past.last(unreadable, now))
}

// counts returns how many failures are remembered, and how many found no room.
func (s *suspects) counts() (size int, overflows uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.size, s.overflows
}

// expire forgets what is over.
func (s *suspects) expire(now moment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.size == 0 || now < s.earliest {
		return
	}
	s.earliest = forever
	for key := range s.byKey {
		s.remove(key, func(x suspect) bool {
			if x.until > now {
				s.earliest = min(s.earliest, x.until)
				return false
			}
			s.past.note(key, x.failed, now)
			return true
		})
	}
}

// find requires s.mu.
func (s *suspects) find(key string, m *Method) *suspect {
	list := s.byKey[key]
	for i := range list {
		if list[i].method == m {
			return &list[i]
		}
	}
	return nil
}

// remove requires s.mu.
func (s *suspects) remove(key string, gone func(suspect) bool) {
	list := s.byKey[key]
	kept := list[:0]
	for _, x := range list {
		if gone(x) {
			x.method.suspect(-1)
			s.size--
			if isUnreadable(key) {
				s.unread--
			}
			continue
		}
		kept = append(kept, x)
	}
	clear(list[len(kept):])
	if len(kept) == 0 {
		delete(s.byKey, key)
		return
	}
	s.byKey[key] = kept
}
