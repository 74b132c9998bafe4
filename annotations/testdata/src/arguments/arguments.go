// Package arguments holds mistakes in how the arguments of directives are written.
package arguments

import "context"

/* want "no blank stands around an equals sign: write name=value" */ //guard:dependency name = redis
type BlanksAround interface {
	F(ctx context.Context) error
}

/* want "no blank stands around an equals sign: write name=value" */ //guard:dependency name= redis
type BlankBehind interface {
	F(ctx context.Context) error
}

/* want "no blank stands around an equals sign: write name=value" */ //guard:dependency name =redis
type BlankBefore interface {
	F(ctx context.Context) error
}

/* want "name needs a value, such as name=redis" */ //guard:dependency name= hold=60s
type NoValue interface {
	F(ctx context.Context) error
}

/* want "name needs a value, such as name=redis" */ //guard:dependency name="" optional
type Quoted interface {
	F(ctx context.Context) error
}

/* want "unknown directive //guard:dependency,: did you mean dependency\\?" */ //guard:dependency, name=redis
type Comma interface {
	F(ctx context.Context) error
}

/* want "unknown option Name= of //guard:dependency: did you mean name\\?" "unknown option Hold= of //guard:dependency: did you mean hold\\?" */ //guard:dependency Name=x Hold=60s
type Capitals interface {
	F(ctx context.Context) error
}

/* want "name: \"two words\" is not lower-kebab: write name=two-words" */ //guard:dependency name="two words"
type QuotedBlank interface {
	F(ctx context.Context) error
}

//guard:dependency name="in-quotes" hold="60s" key="session:id,topic"
type WellQuoted interface {
	/* want "no blank stands around an equals sign: write budget=value" */ //guard:destructive budget = 1/1m key=id
	A(ctx context.Context, id, topic string) error
	/* want "unknown directive //guard:destructive:: did you mean destructive\\?" */ //guard:destructive: budget=1/1m
	B(ctx context.Context, id string) error
	/* want "unknown directive //guard:haevy: did you mean heavy\\?" */ //guard:haevy
	C(ctx context.Context, id string) error
	/* want "budget= does not belong to //guard:heavy: write it behind //guard:destructive" */ //guard:heavy budget=1/1m
	D(ctx context.Context, id string) error
	/* want "timeout= does not belong to //guard:destructive: write it behind //guard:call" */ //guard:destructive budget=1/1m timeout=3s
	E(ctx context.Context, id string) error
	/* want "key= does not belong to //guard:safe: write it behind //guard:destructive" */ //guard:safe key=id
	F(ctx context.Context, id string) error
	/* want "timeout= does not belong to //guard:probe: write it behind //guard:call" */ //guard:probe timeout=1s
	G(ctx context.Context) error
	/* want "//guard:skip on H is about H already: remove because" */ //guard:skip because it is
	H(ctx context.Context) error
	/* want "mode: \"observed\" is no mode: write mode=enforce \\(which holds anyway\\) or mode=observe" */ //guard:destructive budget=1/1m mode=observed
	I(ctx context.Context, id string) error
	/* want "budget: \"20\" is no budget: write budget=20/1m" */ //guard:destructive budget=20
	J(ctx context.Context, id string) error
	/* want "key: \" other\" is not a Go identifier" */ //guard:call key="id, other"
	K(ctx context.Context, id string) error
	/* want "not a directive as it is spelt: write //guard:heavy, in lower case and without blanks" */ //	guard:heavy
	L(ctx context.Context, id string) error
	/* want "not a directive as it is spelt: write //guard:heavy, in lower case and without blanks" */ //guard :heavy
	M(ctx context.Context, id string) error
	/* want "not a directive as it is spelt: write //guard:heavy, in a line comment" */ // TODO guard:heavy
	N(ctx context.Context, id string) error
	/* want "not a directive as it is spelt: write //guard:heavy, in lower case and without blanks" */ // guard: heavy
}
