package unread

import "context"

/* want "warning: this build leaves the file out, and its annotations with it" */ //guard:dependency
type Elsewhere interface {
	F(ctx context.Context) error
}
