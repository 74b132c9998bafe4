package random

// embed draws embedded interfaces. Two of them may share a method.
func (s *scope) embed(c *client) {
	seen := make(map[string]bool)
	for s.one(25) && len(c.embeds) < 4 {
		outer := s.uses
		s.uses = nil
		text, guards, ok := s.embedded(c, seen, c.names)
		if ok && !seen[text] {
			seen[text] = true
			c.embeds = append(c.embeds, embed{"\t" + text + "\n", s.uses, guards})
		}
		s.uses = outer
	}
}

func (s *scope) embedded(c *client, seen, methods map[string]bool) (text string, guards map[string]bool, ok bool) {
	switch s.IntN(6) {
	case 0:
		if methods["String"] {
			return "", nil, false
		}
		text, ok = s.of("fmt", "Stringer")
		return text, map[string]bool{"String": false}, ok
	case 1:
		if seen["repo"] {
			return "", nil, false
		}
		h := pick(s.rng, s.file.pkg.helpers...)
		if seen["repo"+h.path] {
			return "", nil, false
		}
		seen["repo"+h.path] = true
		text, ok = s.helpedBy(h, "Repo")
		elem := s.any(2)
		text += "[" + s.key(2).text + ", " + elem.text + "]"
		switch {
		case c.timeout:
			text += " //guard:call RepoGet" + h.tag() + " timeout=none"
		case s.one(30):
			text += " //guard:heavy RepoGet" + h.tag()
		}
		return text, h.guards("Repo", elem), ok
	case 2:
		seen["twin"] = true
		h := pick(s.rng, s.file.pkg.helpers...)
		text, ok = s.helpedBy(h, "Group")
		return text, h.guards("Group", typ{}), ok
	case 3:
		seen["twin"] = true
		h := pick(s.rng, s.file.pkg.helpers...)
		text, ok = s.helpedBy(h, "Twin")
		return text, h.guards("Twin", typ{}), ok
	case 4:
		if methods["Read"] {
			return "", nil, false
		}
		text, ok = s.of("io", "Reader")
		return text, map[string]bool{"Read": true}, ok
	default:
		h := pick(s.rng, s.file.pkg.helpers...)
		text, ok = s.helpedBy(h, "Base")
		if ok = ok && !seen["base"+h.path]; ok {
			seen["base"+h.path] = true
		}
		switch s.IntN(5) {
		case 0:
			text += " //guard:destructive BasePut" + h.tag() + " BaseGet" + h.tag() + " budget=3/1s"
		case 1:
			if !seen["twin"] { // which names the parameter otherwise
				text += " //guard:destructive BaseGet" + h.tag() + " key=thing:id"
			}
		case 2:
			text += " //guard:skip BaseLen" + h.tag()
		}
		return text, h.guards("Base", typ{}), ok
	}
}
