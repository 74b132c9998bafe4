package random

import "strings"

// shrink takes types and methods away while the package still fails in the same way.
func (b *bench) shrink(f failure) failure {
	kind := func(f failure) string { return strings.SplitN(f.words[0], ":", 2)[0] }
	want := kind(f)
	try := func(smaller *Package) bool {
		if _, errs := b.checker.Check(smaller, nil); len(errs) > 0 {
			return false
		}
		again := b.run([]*Package{smaller})
		if len(again) == 0 || kind(again[0]) != want {
			return false
		}
		f = again[0]
		return true
	}
	for i := len(f.pkg.Clients) - 1; i >= 0 && len(f.pkg.Clients) > 1; i-- {
		try(f.pkg.withoutClient(i))
	}
	for i := len(f.pkg.Clients) - 1; i >= 0; i-- {
		for k := len(f.pkg.Clients[i].Methods) - 1; k >= 0 && len(f.pkg.Clients[i].Methods)+len(f.pkg.Clients[i].embeds) > 1; k-- {
			try(f.pkg.withoutMethod(i, k))
		}
		for k := len(f.pkg.Clients[i].embeds) - 1; k >= 0 && len(f.pkg.Clients[i].Methods)+len(f.pkg.Clients[i].embeds) > 1; k-- {
			try(f.pkg.withoutEmbed(i, k))
		}
	}
	return f
}
