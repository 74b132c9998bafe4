package annotations

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// guessKeys finds the parameters that name what the destructive methods destroy. One that means the same in all of them
// becomes a key of the dependency, so that a failed read about a target protects it, too; others belong to their method.
func (s *Suggestion) guessKeys() {
	guesses := make(map[*SuggestedMethod]Key)
	kinds := make(map[string][]string) // by parameter
	for _, m := range s.Methods {
		if m.Class != "destructive" {
			continue
		}
		if key, ok := s.targetOf(m); ok {
			guesses[m] = key
			if name := key.Path[0]; !slices.Contains(kinds[name], key.Kind) {
				kinds[name] = append(kinds[name], key.Kind)
			}
		}
	}
	for _, m := range s.Methods {
		key, ok := guesses[m]
		switch {
		case !ok:
		case len(key.Path) > 1 || len(kinds[key.Path[0]]) > 1 || isGeneric(key.Path[0]) || !s.meansOneThing(key):
			m.Key = &key
		case !slices.ContainsFunc(s.Keys, func(k Key) bool { return k.String() == key.String() }):
			s.Keys = append(s.Keys, key)
		}
	}
}

// meansOneThing reports whether every guarded method with the key's parameter can carry it.
func (s *Suggestion) meansOneThing(key Key) bool {
	return !slices.ContainsFunc(s.Methods, func(m *SuggestedMethod) bool {
		param := key.param(m.Func.Signature())
		if param == nil || !m.guarded {
			return false
		}
		_, why := key.follow(param, isVariadic(m.Func.Signature(), param), s.Package.Types)
		return why != ""
	})
}

// genericWords say that something is named, and not what.
var genericWords = []string{"id", "uuid", "guid", "name", "key"}

// isGeneric reports whether a parameter is called by a word that means something else in each method. A key is the
// exception: stores have but one kind of them.
func isGeneric(param string) bool {
	word := singular(kebab(param))
	return word != "key" && slices.Contains(genericWords, word)
}

// How surely a parameter names the target.
const (
	noTarget     = iota
	likelyTarget // a text
	calledTarget // called like something that names: sessionID
	plainTarget  // called by nothing but such a word: id
	sureTarget   // called like what the method destroys: DeleteTopic(topic)
)

// targetOf guesses the key of a destructive method.
func (s *Suggestion) targetOf(m *SuggestedMethod) (best Key, ok bool) {
	signature, noun := m.Func.Signature(), nounOf(m.Name)
	sure := noTarget
	consider := func(path []string, t types.Type, least int) {
		if grade := gradeTarget(path[len(path)-1], t, noun); grade > sure && grade >= least {
			key := Key{Kind: kindOf(path[len(path)-1], t, noun), Path: path}
			param := key.param(signature)
			if _, why := key.follow(param, isVariadic(signature, param), s.Package.Types); why == "" && isKind(key.Kind) {
				best, sure = key, grade
			}
		}
	}
	for param := range signature.Params().Variables() {
		if param.Name() == "" || param.Name() == "_" {
			continue
		}
		consider([]string{param.Name()}, param.Type(), likelyTarget)
		t := param.Type()
		if pointer, isPointer := t.Underlying().(*types.Pointer); isPointer {
			t = pointer.Elem()
		}
		if fields, isStruct := t.Underlying().(*types.Struct); isStruct && !isTime(t) {
			for field := range fields.Fields() {
				if ast.IsExported(field.Name()) && !field.Embedded() {
					consider([]string{param.Name(), field.Name()}, field.Type(), calledTarget)
				}
			}
		}
	}
	return best, sure != noTarget
}

// otherWords are names of texts that name no target.
var otherWords = []string{
	"actor", "body", "by", "comment", "content", "cursor", "data", "etag", "format", "match", "message", "mode", "opt", "option",
	"password", "pattern", "prefix", "query", "reason", "script", "secret", "sql", "token", "user-agent", "value", "version", "arg", "args",
}

// gradeTarget says how surely a parameter or field of that name names what a method with this noun destroys.
func gradeTarget(name string, t types.Type, noun string) int {
	if !canName(t) || isTime(t) {
		return noTarget
	}
	word := singular(kebab(name))
	bare := withoutGeneric(word)
	switch {
	case noun != "" && (bare == noun || bare == lastPart(noun)):
		return sureTarget
	case slices.Contains(genericWords, word):
		return plainTarget
	case bare != word:
		return calledTarget
	case isText(t) && !slices.Contains(otherWords, word) && !slices.Contains(otherWords, lastPart(word)):
		return likelyTarget
	}
	return noTarget
}

// isTime reports whether t is a time or a duration, which have text forms and name nothing.
func isTime(t types.Type) bool { return isNamed(t, "time", "Time") || isNamed(t, "time", "Duration") }

// isText reports whether t is a string, or a list of them.
func isText(t types.Type) bool {
	if slice, ok := t.Underlying().(*types.Slice); ok {
		t = slice.Elem()
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}

// kindOf says what is named: a session by sessionID, by an id of type SessionID, and by the id of DeleteSession.
func kindOf(name string, t types.Type, noun string) string {
	word := singular(kebab(name))
	if bare := withoutGeneric(word); bare != word {
		return bare
	}
	if word == "key" || !slices.Contains(genericWords, word) {
		return word
	}
	if slice, ok := t.(*types.Slice); ok {
		t = slice.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil {
		typ := kebab(named.Obj().Name())
		if bare := withoutGeneric(typ); bare != typ {
			return bare
		}
	}
	if noun != "" {
		return noun
	}
	return word
}

// withoutGeneric drops a generic last part: session-id is session. A word of its own stays.
func withoutGeneric(word string) string {
	last := lastPart(word)
	if last != word && slices.Contains(genericWords, last) {
		return strings.TrimSuffix(word, "-"+last)
	}
	return word
}

func lastPart(word string) string { return word[strings.LastIndexByte(word, '-')+1:] }

// nounOf returns what a method's name says it is about, in lower-kebab: user-session for DeleteUserSessionByID.
func nounOf(method string) string {
	words := nameWords(method)[1:]
	for i, word := range words {
		if slices.Contains([]string{"By", "With", "For", "From", "In", "On", "At", "If", "Context", "Ctx", "And", "Or"}, word) {
			words = words[:i]
			break
		}
	}
	words = slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		return slices.Contains([]string{"All", "The", "Batch", "Many", "One", "DB"}, word)
	})
	return withoutGeneric(singular(strings.ToLower(strings.Join(words, "-"))))
}

// singular returns the singular of an English noun in lower case, as well as its ending tells.
func singular(noun string) string {
	switch {
	case strings.HasSuffix(noun, "ies") && len(noun) > 4:
		return strings.TrimSuffix(noun, "ies") + "y"
	case strings.HasSuffix(noun, "sses"), strings.HasSuffix(noun, "xes"), strings.HasSuffix(noun, "ches"), strings.HasSuffix(noun, "shes"):
		return strings.TrimSuffix(noun, "es")
	case strings.HasSuffix(noun, "ss"), strings.HasSuffix(noun, "us"), strings.HasSuffix(noun, "is"), len(noun) < 3:
		return noun
	}
	return strings.TrimSuffix(noun, "s")
}

// noteKeys asks about the keys.
func (s *Suggestion) noteKeys(add func(text, class string, about func(*SuggestedMethod) bool)) {
	var guesses []string
	for _, key := range s.Keys {
		guesses = append(guesses, key.short())
	}
	for _, m := range s.Methods {
		if m.Key != nil {
			guesses = append(guesses, m.Key.short()+" ("+m.Name+")")
		}
	}
	if len(guesses) > 0 {
		s.Notes = append(s.Notes, Note{Text: keysNote, Names: guesses})
	}
	add(keylessNote, "", func(m *SuggestedMethod) bool {
		return m.Class == "destructive" && m.Key == nil && !s.carriesKey(m)
	})
}

// carriesKey reports whether the method has one of the dependency's keys.
func (s *Suggestion) carriesKey(m *SuggestedMethod) bool {
	return slices.ContainsFunc(s.Keys, func(key Key) bool { return key.param(m.Func.Signature()) != nil })
}
