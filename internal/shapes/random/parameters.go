package random

// parameters draws them: a context first, elsewhere, none or several.
func (s *scope) parameters(taken map[string]bool) (list []variable, variadic bool) {
	context := func() variable {
		if s.one(15) {
			if text, ok := s.helped("Ctx"); ok {
				return variable{"", typ{text: text, role: isContext}}
			}
		}
		if s.one(6) {
			if text, ok := s.helped("MyCtx"); ok {
				return variable{"", typ{text: text, role: isForeignContext}}
			}
		}
		if text, ok := s.of("context", "Context"); ok {
			return variable{"", typ{text: text, role: isContext}}
		}
		return variable{"", s.value(0)}
	}
	rest := func(limit int) {
		for range s.IntN(limit + 1) {
			list = append(list, variable{"", s.any(3)})
		}
	}
	switch n := s.IntN(100); {
	case n < 65:
		list = append(list, context())
		rest(4)
	case n < 75:
		rest(3)
		list = append(list, context())
		rest(2)
	case n < 79:
		list = append(list, context(), context())
		rest(2)
	default:
		rest(4)
	}
	if word, ok := s.word("bool"); ok && s.one(6) {
		list = append(list, variable{"", typ{text: word, comparable: true}})
	}
	variadic = len(list) > 0 && s.one(18)
	s.nameAll(list, taken, 75)
	return list, variadic
}

// nameAll gives all of the list a name, or none.
func (s *scope) nameAll(list []variable, taken map[string]bool, percent int) {
	if !s.one(percent) {
		return
	}
	for i := range list {
		if list[i].role == isContext && s.one(60) && !taken["ctx"] {
			list[i].name = "ctx"
			taken["ctx"] = true
			continue
		}
		list[i].name = unused(taken, s.parameterName)
	}
}
