package guard

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// suspectModel is the reference of suspects: a list, searched from end to end.
type suspectModel []modelSuspect

type modelSuspect struct {
	key    string
	method *Method
	epoch  epoch
	until  moment
	cause  error
}

func (l *suspectModel) drop(gone func(modelSuspect) bool) { *l = slices.DeleteFunc(*l, gone) }

// look returns the first of keys that is suspect, and until when.
func (l *suspectModel) look(keys []string, now moment) (key string, until moment) {
	for _, key := range keys {
		for _, s := range *l {
			if s.key == key && s.until > now {
				until = max(until, s.until)
			}
		}
		if until != 0 {
			return key, until
		}
	}
	return "", 0
}

func TestSuspectsAgreeWithAListOfThem(t *testing.T) {
	keys := []string{"a", "b", "c", "d"}
	rapid.Check(t, func(t *rapid.T) {
		var s suspects
		s.init()
		var model suspectModel
		redis := &Dependency{name: "redis"}
		method := func(name string) *Method { return &Method{spec: MethodSpec{Name: name}, dependency: redis} }
		methods := []*Method{method("Get"), method("Put"), method("Drop")}
		now := moment(1)
		drawKeys := func(t *rapid.T) []string { return rapid.SliceOfN(rapid.SampledFrom(keys), 0, 3).Draw(t, "keys") }
		drawEpoch := func(t *rapid.T) epoch { return epoch(rapid.Uint64Range(0, 5).Draw(t, "epoch") - 2) }
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				which, e, chosen := rapid.IntRange(0, len(methods)-1).Draw(t, "method"), drawEpoch(t), drawKeys(t)
				m := methods[which]
				until, cause := now.add(time.Duration(10*which+10)), errors.New("cause") // each dependency has its own hold
				s.add(m, chosen, e, now, until, cause)
				for _, key := range chosen {
					newest, last := e, until // of all failures of the method about the key
					model.drop(func(x modelSuspect) bool {
						if x.key != key || x.method != m {
							return false
						}
						if !newest.since(x.epoch) {
							newest = x.epoch
						}
						last = max(last, x.until)
						return true
					})
					model = append(model, modelSuspect{key, m, newest, last, cause})
				}
			},
			"clear": func(t *rapid.T) {
				m, e, chosen := rapid.SampledFrom(methods).Draw(t, "method"), drawEpoch(t), drawKeys(t)
				s.clear(m, chosen, e)
				model.drop(func(x modelSuspect) bool {
					return x.method == m && slices.Contains(chosen, x.key) && e.since(x.epoch)
				})
			},
			"expire": func(*rapid.T) {
				s.expire(now)
				model.drop(func(x modelSuspect) bool { return x.until <= now })
			},
			"pass": func(t *rapid.T) { now += moment(rapid.IntRange(1, 10).Draw(t, "pass")) },
			"": func(t *rapid.T) {
				asked := drawKeys(t)
				key, found := s.look(asked, now)
				wantKey, wantUntil := model.look(asked, now)
				if key != wantKey || found.until != wantUntil {
					t.Fatalf("look(%q) = %q until %d, want %q until %d", asked, key, found.until, wantKey, wantUntil)
				}
				if s.size != len(model) {
					t.Fatalf("it counts %d, want %d", s.size, len(model))
				}
				for _, m := range methods {
					held := 0
					for _, x := range model {
						if x.method == m {
							held++
						}
					}
					if int(m.suspects.Load()) != held || (m.stop.Load()&always != 0) != (held > 0) {
						t.Fatalf("%s has %d suspects and stop %b, want %d", m.spec.Name, m.suspects.Load(), m.stop.Load(), held)
					}
				}
			},
		})
	})
}

func TestFailureThatIsOvertakenDoesNotWeakenTheNewerOne(t *testing.T) {
	var s suspects
	s.init()
	m := &Method{spec: MethodSpec{Name: "Get"}, dependency: &Dependency{name: "redis"}}
	keys := []string{"session:1"}
	s.add(m, keys, 6, 1, 100, errDown)
	s.add(m, keys, 5, 1, 100, errDown) // failed earlier, came later
	s.clear(m, keys, 5)                // a success begun between the two
	if key, _ := s.look(keys, 1); key == "" {
		t.Error("the newer failure was cleared by a success begun before it")
	}
}
