package bad

import "context"

//guard:dependency nme=bad treshold=5 hold=1s hold=2s key=a:x,b:y
type Bad interface {
	//guard:destuctive
	A(ctx context.Context, id string) error
	//guard:heavy
	//guard:skip
	B(ctx context.Context, id Undefined) error
	C(ctx context.Context, id none.T) error
	Name() string
}

//guard:dependency reconnect=90s
type Other interface {
	//guard:destructive key=id:nothing when=nothing
	A(ctx context.Context, id string) error
	DeleteAll()
}
