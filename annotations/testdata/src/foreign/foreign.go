// Package foreign embeds what only another package can implement.
package foreign

import (
	"github.com/guardgen/guardgen/annotations/testdata/src/foreign/sealed"
)

//guard:dependency
type Client interface {
	sealed.Sealed // want "seal is unexported in another package, so that no wrapper can have it"
}

//guard:dependency
type Hidden interface {
	sealed.Hidden /* want "Argument has the type sealed.hidden in its signature, which package foreign cannot name: leave the method out of the interface" "Anonymous has the type struct{x int} in its signature" "Result has the type \\*?sealed.hidden" "Sealing has the type interface{seal\\(\\)}" */ //guard:call Fine timeout=1s
}
