// Package noise has mistakes that are reported once: what only follows from them is not reported.
package noise

import "context"

/* want "unknown directive //guard:dependancy: did you mean dependency\\?" */ //guard:dependancy name=misspelt
type Misspelt interface {
	//guard:probe
	Ping(ctx context.Context) error
	//guard:destructive budget=1/1m key=id
	Drop(ctx context.Context, id string) error
}

/* want "not a directive as it is spelt: write //guard:dependency" */ // guard:dependency name=blank
//guard:heavy F
type Blank interface {
	F(ctx context.Context) error
}

/* want "not a directive as it is spelt: write //guard:dependency" */ //gaurd:dependency name=swapped
type Swapped interface {
	F(ctx context.Context) error //guard:heavy
}

/* want "quote without its end" */ //guard:dependency name="open
type Unclosed interface {
	F(ctx context.Context) error //guard:heavy
}

// Other is annotated in no spelling at all.
//
/* want "//guard:heavy has no effect here: Other has no //guard:dependency" */ //guard:heavy F
type Other interface {
	F(ctx context.Context) error
}

/* want "key tpic:tpic: no guarded method has a parameter tpic: did you mean topic\\?" */ //guard:dependency name=wrong-key key=tpic
type WrongKey interface {
	//guard:destructive budget=1/1m
	Drop(ctx context.Context, topic string) error
}

/* want "unknown option keys= of //guard:dependency: did you mean key\\?" */ //guard:dependency name=wrong-option keys=topic
type WrongOption interface {
	//guard:destructive budget=1/1m
	Drop(ctx context.Context, topic string) error
}

/* want "key: a path with fields needs a kind in front" */ //guard:dependency name=wrong-form key=req.Topic
type WrongForm interface {
	//guard:destructive budget=1/1m
	Drop(ctx context.Context, req Request) error
}

// Request is what Drop is about.
type Request struct{ Topic string }

//guard:dependency name=wrong-budget
type WrongBudget interface {
	/* want "unknown option buget= of //guard:destructive: did you mean budget\\?" */ //guard:destructive buget=1/1m key=topic
	Drop(ctx context.Context, topic string) error
	//guard:destructive budget=1/1m
	Erase(ctx context.Context, topic string) error // want "warning: destructive without a key: Erase"
}

//guard:dependency name=right key=topic
type Right interface {
	Get(ctx context.Context, topic string) error
	//guard:destructive budget=1/1m
	Drop(ctx context.Context) error // want "warning: destructive without a key: Drop"
}
