package random

import "strings"

// directives draws what is said about a method, and says whether its calls are guarded then.
func (s *scope) directives(c *client, m *Method, params, results []variable, variadic, can bool, by role) (list []string, guarded bool) {
	if c.silent {
		return nil, false
	}
	if s.one(7) {
		return []string{"//guard:skip"}, false
	}
	if count := customErrors(results); !can && len(count) == 1 && by == plain && s.one(60) && count[0].maker != "" {
		list = append(list, "//guard:call refuse="+s.refusing(m, count[0]))
		if c.timeout || s.one(10) {
			list[0] += " timeout=none"
		}
		if s.one(20) {
			list = append(list, "//guard:heavy")
		}
		return list, true
	}
	if !can {
		if s.one(20) {
			return []string{pick(s.rng, "//guard:skip", "//guard:safe")}, false
		}
		return nil, false
	}
	var options []string
	if key := s.keyFor(params, variadic); key != "" && s.one(60) {
		options = append(options, "key="+key)
	}
	hasContext, foreign, outlives := false, false, false
	for i, p := range params {
		foreign = foreign || p.role == isForeignContext
		hasContext = hasContext || (p.role == isContext || p.role == isForeignContext) && !(variadic && i == len(params)-1)
	}
	for _, r := range results {
		outlives = outlives || r.outlives
	}
	var call []string
	switch {
	case c.timeout && hasContext && outlives, s.one(4):
		call = append(call, "timeout=none")
	case hasContext && !foreign && !outlives && s.one(6):
		call = append(call, "timeout="+pick(s.rng, "1s", "250ms", "2m30s"))
	}
	switch n := s.IntN(100); {
	case n < 25 && m.Name != "Err": // which every command has, too, so that each would be a client handed out
		options = append(options, pick(s.rng, "budget=20/1m", "budget=none", "budget=5/10s"))
		if s.one(15) {
			options = append(options, "mode=observe")
		}
		if len(s.params) == 0 && !s.file.pkg.declared["bool"] {
			if when := s.predicate(m, params, variadic); when != "" {
				options = append(options, "when="+when)
			}
		}
		list = append(list, "//guard:destructive "+strings.Join(options, " "))
		options = nil
	case n < 37:
		list = append(list, "//guard:heavy")
	case n < 45 && !c.probe && by != isErrorSeq && isProbe(params, results, variadic):
		c.probe = true
		list = append(list, "//guard:probe")
	case n < 50:
		list = append(list, "//guard:safe")
	}
	if call = append(call, options...); len(call) > 0 {
		list = append(list, "//guard:call "+strings.Join(call, " "))
	}
	return list, true
}

// isProbe reports whether a method can be the probe of its dependency.
func isProbe(params, results []variable, variadic bool) bool {
	if len(params) != 1 || variadic || params[0].role != isContext {
		return false
	}
	return len(results) == 1 && results[0].role == isError || len(results) == 2 && results[1].role == isError
}

// keyFor returns a key that one of the parameters can be, "" if none can.
func (s *scope) keyFor(params []variable, variadic bool) string {
	for i, p := range params {
		if p.name == "" || p.name == "_" || variadic && i == len(params)-1 {
			continue
		}
		if s.hidden[strings.Trim(p.text, "*[]")] {
			continue // a type parameter
		}
		switch h := s.file.pkg.helpers[0]; p.text {
		case "string", "int", "[]string", "int64", "any":
			if s.one(50) {
				return "kind:" + p.name
			}
			if strings.Trim(p.name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" && !strings.Contains(p.name, "_") {
				return p.name
			}
		case h.n("ID"), h.n("Kind"), "[]" + h.n("ID"):
			return "thing:" + p.name
		case h.n("Item"), "*" + h.n("Item"):
			return pick(s.rng, "item:"+p.name+".ID", "item:"+p.name+".next.ID")
		}
	}
	return ""
}
