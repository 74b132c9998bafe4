// Package methods holds mistakes in what is said about methods.
package methods

import (
	"context"
	"database/sql/driver"
	"io"
	"net/url"
)

//guard:dependency
type Contradictions interface {
	//guard:heavy
	/* want "//guard:destructive contradicts //guard:heavy for A at .*methods.go:13:2: remove one" */ //guard:destructive budget=1/1m key=id
	A(ctx context.Context, id string) error
	//guard:skip
	/* want "//guard:destructive contradicts //guard:skip for B" */ //guard:destructive budget=1/1m key=id
	B(ctx context.Context, id string) error
	//guard:probe
	/* want "//guard:destructive contradicts //guard:probe for C" */ //guard:destructive budget=1/1m
	C(ctx context.Context) error                                     /* want "//guard:safe contradicts //guard:destructive for C" "warning: destructive without a key: C" */ //guard:safe
	//guard:heavy
	/* want "//guard:heavy is given twice for D, first at" */ //guard:heavy
	D(ctx context.Context) error
	//guard:heavy
	E(ctx context.Context) error /* want "//guard:skip contradicts //guard:heavy for E" */ //guard:skip
	//guard:skip
	/* want "//guard:call contradicts //guard:skip for F" */ //guard:call timeout=1s
	F(ctx context.Context) error
	//guard:call timeout=1s
	/* want "timeout is given twice for G, first at" */ //guard:call timeout=2s
	G(ctx context.Context) error
	//guard:destructive budget=1/1m key=id
	/* want "key is given twice for H, first at" */ //guard:call key=id
	H(ctx context.Context, id string) error
}

//guard:dependency
type Probes interface {
	//guard:probe
	Ping(ctx context.Context) (string, error)
	/* want "Probes already has the probe Ping at .*methods.go:40:2: a dependency has one" */ //guard:probe
	Again(ctx context.Context) error
}

//guard:dependency
type ProbeShape interface {
	/* want "a probe has the form \\(ctx context.Context\\) error or \\(T, error\\), or \\*T with SetErr and Err: Ping has not; .*, or pass guard.WithProbe to the constructor$" */ //guard:probe
	Ping() error
}

// Request is what requests are made of.
type Request struct {
	Topic   string
	Name    *url.URL
	Inner   *Inner
	Options map[string]string
	Body    Body
	hidden  int
}

// Inner has a field and a method.
type Inner struct{ ID int }

// Method is not a field.
func (*Inner) Method() string { return "" }

// Body is a slice of bytes that is no text.
type Body []byte

//guard:dependency key=id
type Keys interface {
	/* want "key topic:topc: A has no parameter topc: did you mean topic\\?" */ //guard:call key=topic:topc
	A(ctx context.Context, topic string) error
	/* want "key t:req.Topik: B: req \\(\\*Request\\) has no field Topik: did you mean Topic\\?" */ //guard:call key=t:req.Topik
	B(ctx context.Context, req *Request) error
	/* want "key m:req.Inner.Method: C: Method of req.Inner is a method: a key is a path of fields" */ //guard:call key=m:req.Inner.Method
	C(ctx context.Context, req Request) error
	/* want "key o:req.Options: D: req.Options is of type map\\[string\\]string: a key is a string" */ //guard:call key=o:req.Options
	D(ctx context.Context, req Request) error
	/* want "key b:req.Body: E: req.Body is of type Body" */ //guard:call key=b:req.Body
	E(ctx context.Context, req Request) error
	/* want "key r:reqs.Topic: F: reqs is variadic: a key can be the list itself" */ //guard:call key=r:reqs.Topic
	F(ctx context.Context, reqs ...Request) error
	//guard:call key=topic:req.Topic,inner:req.Inner.ID,name:req.Name,h:req.hidden
	G(ctx context.Context, req *Request) error
	H(ctx context.Context, id int) error
	/* want "key c:ctx: I: ctx is of type context.Context: a key is a string" "key e:cause: I: cause is of type error: a key is a string" */ //guard:call key=c:ctx,e:cause
	I(ctx context.Context, cause error) error
}

// KeyFields has a path that only one of the matching parameters has.
//
/* want "key topic:req.Topic: B: req \\(string\\) has no field Topic: there is none to name" */ //guard:dependency key=topic:req.Topic
type KeyFields interface {
	A(ctx context.Context, req Request) error
	B(ctx context.Context, req string) error
}

//guard:dependency
type When interface {
	//guard:destructive budget=1/1m key=id when=isDelete
	A(ctx context.Context, id string, args ...any) error
	/* want "when: isDelete must have the method's own parameters: func\\(ctx context.Context, id int\\) bool" */ //guard:destructive budget=1/1m key=id when=isDelete
	B(ctx context.Context, id int) error
	/* want "when: package methods has no function isDelet: did you mean isDelete\\?" */ //guard:destructive budget=1/1m key=id when=isDelet
	C(ctx context.Context, id int) error
}

func isDelete(ctx context.Context, id string, args ...any) bool { return false }

// Closers close otherwise than io.Closer does, or say what becomes of it.
//
//guard:dependency
type Closers interface {
	Close(ctx context.Context) error // want "warning: destructive by its name, but not annotated: Close; write //guard:destructive, //guard:safe or //guard:skip$"
	CloseAll() error                 // want "warning: destructive by its name, but not annotated: CloseAll; write //guard:destructive"
}

//guard:dependency
type Skipped interface {
	io.Closer //guard:skip Close
	F(ctx context.Context) error
}

//guard:dependency
type Embedded interface {
	io.Closer // want "warning: destructive by its name, but not annotated: Close; a guarded Close is refused"
}

//guard:dependency
type Contextless interface {
	//guard:destructive budget=1/1m key=name
	DropAll(name string) error // want "warning: destructive without a context: DropAll; it cannot belong to a scope, and neither guard.UserConfirmed nor guard.BreakGlass reach it: add ctx context.Context"
	//guard:destructive budget=1/1m key=name
	Last(name string, ctx context.Context) error
	//guard:destructive budget=1/1m key=name when=isDrop
	Do(name string) error // want "warning: destructive without a context: Do"
	Get(name string) error
}

func isDrop(name string) bool { return true }

//guard:dependency
type ContextlessTx interface {
	driver.Tx /* want "warning: destructive without a context: Commit, Rollback; it cannot" "warning: destructive without a key: Commit, Rollback" */ //guard:destructive Commit Rollback budget=1/1m
}

//guard:dependency
type Warned interface {
	//guard:destructive key=id
	A(ctx context.Context, id string) error // want "warning: destructive without budget=: A; at most 10 calls in 1m run, write budget=20/1m or budget=none"
	//guard:destructive budget=none
	B(ctx context.Context, id string) error          // want "warning: destructive without a key: B; the gate cannot tell its targets apart"
	DeleteTopic(ctx context.Context, t string) error // want "warning: destructive by its name, but not annotated: DeleteTopic; write //guard:destructive, //guard:safe or //guard:skip"
	EndSession(ctx context.Context, t string) error  // want "warning: destructive by its name, but not annotated: EndSession"
	Endpoint(ctx context.Context) (string, error)
	Reset(ctx context.Context) error //guard:safe
	Close() error                    // want "warning: destructive by its name, but not annotated: Close; a guarded Close is refused in an outage, and what it should close leaks: write //guard:skip$"
	flush() error                    // want "warning: destructive by its name, but not annotated: flush"
}
