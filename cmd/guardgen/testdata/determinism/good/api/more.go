package api

import "context"

//guard:dependency name=more
type More interface {
	//guard:probe
	Ping(ctx context.Context) error
}
