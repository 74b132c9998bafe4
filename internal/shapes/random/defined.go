package random

import "strings"

// definedClient goes on with an alias, or a type that another defines.
func (s *scope) definedClient(c *client, parameters string) *Client {
	equals := pick(s.rng, "", "= ")
	s.uses = nil
	text := until(s, func() (string, bool) {
		h, thing := pick(s.rng, s.file.pkg.helpers...), pick(s.rng, "Base", "Group", "Repo", "Repo")
		text, ok := s.helpedBy(h, thing)
		var elem typ
		if thing == "Repo" {
			elem = s.any(1)
			text += "[" + s.key(2).text + ", " + elem.text + "]"
		}
		c.inherits = h.guards(thing, elem)
		return text, ok
	})
	c.before = strings.Replace(c.before, " timeout=2s", "", 1)
	c.head = append(c.head, s.uses...)
	c.open, c.close = "type "+c.Name+parameters+" "+equals+text+"\n", ""
	return c.Client
}
