// Package foreign embeds what only another package can implement.
package foreign

import (
	"github.com/guardgen/guardgen/annotations/testdata/src/foreign/sealed"
)

//guard:dependency
type Client interface {
	sealed.Sealed // want "unexported in package sealed, so that no wrapper can have it: seal; annotate an interface with the methods that you call"
}

//guard:dependency
type Hidden interface {
	sealed.Hidden /* want "Argument has the type sealed.hidden in its signature, which package foreign cannot name: annotate an interface with the methods that you call" "Anonymous has the type struct{x int} in its signature" "Result has the type \\*?sealed.hidden" "Sealing has the type interface{seal\\(\\)}" */ //guard:call Fine timeout=1s
}
