package random

import "slices"

// withoutClient returns the package without one of its annotated types.
func (p *Package) withoutClient(i int) *Package {
	smaller := *p
	smaller.Clients = slices.Delete(slices.Clone(p.Clients), i, i+1)
	return &smaller
}

// withoutMethod returns the package without one method of an annotated type.
func (p *Package) withoutMethod(i, k int) *Package {
	c := *p.Clients[i]
	c.Methods = slices.Delete(slices.Clone(c.Methods), k, k+1)
	return p.with(i, &c)
}

// withoutEmbed returns the package without one embedded line of an annotated type.
func (p *Package) withoutEmbed(i, k int) *Package {
	c := *p.Clients[i]
	c.embeds = slices.Delete(slices.Clone(c.embeds), k, k+1)
	return p.with(i, &c)
}

func (p *Package) with(i int, c *Client) *Package {
	smaller := *p
	smaller.Clients = slices.Clone(p.Clients)
	smaller.Clients[i] = c
	return &smaller
}
