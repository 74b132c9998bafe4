package annotations

import (
	"go/types"
	"slices"
	"strings"
	"unicode"
)

// judge decides what becomes of each method, as far as names and signatures tell, and notes what a person has to look at.
func (s *Suggestion) judge() {
	for _, m := range s.Methods {
		m.why = s.skips(m)
		switch {
		case m.why != "":
			m.Class = "skip"
		case looksDestructive(m.Name):
			m.Class, m.guarded = "destructive", true
		default:
			m.guarded = true
		}
	}
	s.markHandouts()
	s.markProbe()
	s.guessKeys()
	s.note()
}

// What a person has to look at, and what keeps a method from being guarded.
const (
	probeNote            = "probe (is it cheap, and does it fail when the dependency does?)"
	destructiveNote      = "destructive by name (does each destroy something, and are 10 calls a minute right for it?)"
	silentNote           = "skipped, because no error is reported: such a call can be neither refused nor observed"
	predicamentNote      = "skipped, though destructive by name, because no error is reported: no gate can refuse such a call"
	iteratorNote         = "skipped, because only an iterator reports errors, and guardgen observes those of an iter.Seq2[T, error] that is the only result or stands beside an error"
	closerNote           = "skipped, because what it closes would leak if an outage refused it"
	handoutNote          = "marked safe, so that the call itself is guarded, but it hands out a client: what is called on that passes the gate by"
	maybeDestructiveNote = "not marked, but a later word of the name is destructive (which need //guard:destructive?)"
	maybeHeavyNote       = "not marked, but perhaps heavy reads (which need //guard:heavy, to be shed while the dependency is not healthy?)"
	unreachableNote      = "destructive without a context: neither a scope nor guard.UserConfirmed nor guard.BreakGlass reaches it"
	carrierNote          = "results carry their error, and answers such as \"no such key\" among them: write classify= with a function that tells answers from failures"
	keylessNote          = "destructive, and no parameter seems to name the target: without key= a failure about one target does not protect it"
	keysNote             = "key= (does the parameter name what is destroyed, and is the kind before the colon what other dependencies call it?)"
)

// skips says why a method cannot be guarded, or better is not; "" for all others.
func (s *Suggestion) skips(m *SuggestedMethod) string {
	signature := m.Func.Signature()
	if shape, _, _ := errorShape(signature.Results()); shape == NoError {
		if i := customError(signature.Results()); i >= 0 {
			name := typeString(signature.Results().At(i).Type(), s.Package.Types)
			return "skipped, because the error is a " + name + ", which no refusal is: write //guard:call refuse= instead, with a func(error) " + name
		}
		if looksDestructive(m.Name) {
			return predicamentNote
		}
		for result := range signature.Results().Variables() {
			if iterated(result.Type()) != nil {
				return iteratorNote
			}
		}
		return silentNote
	}
	params := signature.Params()
	alone := params.Len() == 0 || params.Len() == 1 && isContext(params.At(0).Type())
	if m.Name == "Close" && alone && signature.Results().Len() == 1 {
		return closerNote
	}
	return ""
}

// markHandouts marks the methods that hand out a client which no wrapper stands around, as a result or to a callback.
func (s *Suggestion) markHandouts() {
	var destructive []*types.Func
	for _, m := range s.Methods {
		if m.Class == "destructive" {
			destructive = append(destructive, m.Func)
		}
	}
	of := typeName(types.Unalias(s.Of.Type()))
	isClient := func(t types.Type) bool {
		name := typeName(types.Unalias(t))
		return name != nil && name == of || hasOneOf(t, destructive)
	}
	for _, m := range s.Methods {
		if client, _ := handedOut(m.Func.Signature(), isClient); client != nil && m.guarded && m.Class == "" {
			m.Class, m.why = "safe", handoutNote
		}
	}
}

// probeNames are names of health checks, the most likely first.
var probeNames = []string{"Ping", "PingContext", "HealthCheck", "CheckHealth", "Health", "Healthz", "Healthy", "IsHealthy", "Alive", "IsAlive", "CheckReady", "Ready", "IsReady"}

func isProbeName(name string) bool { return slices.Contains(probeNames, upperFirst(name)) }

// markProbe marks the most likely health check, if there is one.
func (s *Suggestion) markProbe() {
	for _, name := range probeNames {
		for _, m := range s.Methods {
			if upperFirst(m.Name) == name && m.guarded && m.Class == "" && isProbe(m.Func.Signature()) {
				m.Class = "probe"
				return
			}
		}
	}
}

// heavyWords begin the names of reads that most likely return much.
var heavyWords = []string{"List", "Scan", "Search", "History", "Export", "Dump", "Keys", "Find", "Query", "Aggregate", "Fetch", "Walk", "Report"}

// looksHeavy reports whether a name is that of a read that returns much: it begins with such a word, or says All.
func looksHeavy(name string) bool {
	words := nameWords(name)
	return len(words) > 0 && slices.Contains(heavyWords, upperFirst(words[0])) || slices.Contains(words, "All")
}

// hintsDestruction reports whether a later word of a name is a destructive verb: HDel, ScriptFlush, GetAndDelete.
func hintsDestruction(name string) bool {
	words := nameWords(name)
	return len(words) > 1 && slices.ContainsFunc(words[1:], func(word string) bool { return slices.Contains(destructiveVerbs, word) && word != "End" })
}

// nameWords splits a name into its words: HTTPGetAll is HTTP, Get and All.
func nameWords(name string) (words []string) {
	runes := []rune(name)
	start := 0
	for i := 1; i < len(runes); i++ {
		if runes[i] == '_' || unicode.IsUpper(runes[i]) && beginsWord(runes, i) {
			words = append(words, strings.Trim(string(runes[start:i]), "_"))
			start = i
		}
	}
	return append(words, strings.Trim(string(runes[start:]), "_"))
}

// note writes down what to review: what is marked, each kind of it once, then what is not.
func (s *Suggestion) note() {
	left := s.Notes
	s.Notes = nil
	add := func(text, class string, about func(*SuggestedMethod) bool) {
		var names []string
		for _, m := range s.Methods {
			if about(m) {
				names = append(names, m.Name)
			}
		}
		if len(names) > 0 {
			s.Notes = append(s.Notes, Note{text, names, class})
		}
	}
	add(probeNote, "probe", func(m *SuggestedMethod) bool { return m.Class == "probe" })
	add(destructiveNote, "destructive", func(m *SuggestedMethod) bool { return m.Class == "destructive" })
	var reasons []string
	for _, m := range s.Methods {
		if m.why != "" && !slices.Contains(reasons, m.why) {
			reasons = append(reasons, m.why)
		}
	}
	for _, why := range reasons {
		add(why, "skip", func(m *SuggestedMethod) bool { return m.why == why })
	}
	s.Notes = append(s.Notes, left...)
	add(maybeDestructiveNote, "", func(m *SuggestedMethod) bool { return m.guarded && m.Class == "" && hintsDestruction(m.Name) })
	add(maybeHeavyNote, "", func(m *SuggestedMethod) bool {
		return m.guarded && m.Class == "" && !hintsDestruction(m.Name) && looksHeavy(m.Name)
	})
	s.noteKeys(add)
	s.notePolicy(add)
}

// notePolicy asks what concerns the dependency as a whole.
func (s *Suggestion) notePolicy(add func(text, class string, about func(*SuggestedMethod) bool)) {
	add(unreachableNote, "", func(m *SuggestedMethod) bool {
		context, _ := contextIndex(m.Func.Signature())
		return m.Class == "destructive" && context < 0
	})
	if slices.ContainsFunc(s.Methods, func(m *SuggestedMethod) bool {
		shape, _, _ := errorShape(m.Func.Signature().Results())
		return m.guarded && shape == ErrorInside
	}) {
		s.Notes = append(s.Notes, Note{Text: carrierNote})
	}
	if s.Probe() == nil {
		s.Notes = append(s.Notes, Note{Text: "no method looks like a health check: mark one with //guard:probe, or pass guard.WithProbe to " + Dependency{Wrapper: s.Wrapper()}.Constructor()})
	}
}
