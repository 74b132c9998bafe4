package unread

import "context"

//guard:dependency
type InTest interface { // want "warning: no probe"
	F(ctx context.Context) error
}
