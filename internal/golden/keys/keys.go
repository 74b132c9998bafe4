// Package keys is a golden for what names a target: several kinds, slices, fields, and fields behind pointers.
package keys

import "context"

// ID names a session.
type ID int64

// Target is where a request goes.
type Target struct {
	Topic string
	IDs   []ID
}

// Request is what clients send.
type Request struct {
	Target
	Parent *Target
}

// Broker ends sessions.
//
//guard:dependency name=broker key=session:id,topic:req.Topic
type Broker interface {
	//guard:probe
	Ping(ctx context.Context) error

	Touch(ctx context.Context, id ID) error
	Send(ctx context.Context, id ID, req Request) error
	SendTo(ctx context.Context, id ID, req *Request) error

	//guard:destructive budget=10/1m key=session:ids
	EndAll(ctx context.Context, ids []ID) error

	//guard:destructive budget=10/1m key=session:target.Parent.IDs
	EndIn(ctx context.Context, target Request) error
}
