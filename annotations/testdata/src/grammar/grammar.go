// Package grammar holds comments that mean to be directives and are not.
package grammar

import "context"

//guard:dependency
type Spelling interface {
	/* want "unknown directive //guard:destuctive: did you mean destructive\\?" */ //guard:destuctive
	A(ctx context.Context) error
	/* want "not a directive as it is spelt: write //guard:heavy, in lower case and without blanks" */ // guard:heavy
	B(ctx context.Context) error
	/* want "not a directive as it is spelt: write //guard:destructive" */ //guard:Destructive
	C(ctx context.Context) error
	/* want "not a directive as it is spelt: write //guard:probe" */ // GUARD : Probe
	D(ctx context.Context) error
	/* want "names no directive: write one of dependency, destructive, heavy, probe, call, safe and skip" */ //guard:
	E(ctx context.Context) error
	/* want "not a directive as it is spelt: write //guard:skip" */ //guard: skip
	F(ctx context.Context) error
	/*guard:heavy*/              // want "a directive is a line comment: write //guard:heavy"
	G(ctx context.Context) error /* want "unknown directive //guard:nonsense-altogether: there are dependency, destructive" */ //guard:nonsense-altogether
	H(ctx context.Context) error /* want "a directive has its comment to itself" */                                            //guard:heavy // because it is
	I(ctx context.Context) error /* want "a directive has its comment to itself" */                                            //guard:heavy //guard:safe
	/* want "unexpected quote: only a value is quoted" */ //guard:call "key"=a
	J(ctx context.Context, a string) error                /* want "quote without its end" */                //guard:call key="a
	K(ctx context.Context, a string) error                /* want "a blank must follow the quoted value" */ //guard:call key="a"b
	/* want "key: \"two words\" is not a Go identifier" */ //guard:call key="two words"
	L(ctx context.Context) error                           /* want "//guard:call has no option: write timeout=, key= or refuse=" */ //guard:call
	M(ctx context.Context) error                           /* want "//guard:heavy has no options: remove loud=" */         //guard:heavy loud=yes
	/* want "timeout= does not belong to //guard:heavy: write it behind //guard:call" */ //guard:heavy timeout=2s
	N(ctx context.Context) error
	/* want "unknown option bugdet= of //guard:destructive: did you mean budget\\?" */ //guard:destructive bugdet=1/1m budget=1/1m key=a
	O(ctx context.Context, a string) error
	/* want "timeout needs a value: write timeout=" */ //guard:heavy timeout
	P(ctx context.Context) error
}
