// Package options holds mistakes in the options of //guard:dependency.
package options

import (
	"context"
	str "strings"

	guard "github.com/guardgen/guardgen/runtime"
)

/* want "unknown option treshold= of //guard:dependency: did you mean threshold\\?" */ //guard:dependency treshold=3
type Unknown interface {
	F(ctx context.Context) error
}

/* want "unknown option optionel of //guard:dependency: did you mean optional\\?" */ //guard:dependency optionel
type UnknownWord interface {
	F(ctx context.Context) error
}

/* want "optional takes no value: write optional or leave it out" */ //guard:dependency optional=true
type OptionalValue interface {
	F(ctx context.Context) error
}

/* want "threshold needs a value, such as threshold=5" */ //guard:dependency threshold
type NoValue interface {
	F(ctx context.Context) error
}

/* want "hold needs a value, such as hold=60s" */ //guard:dependency hold=
type EmptyValue interface {
	F(ctx context.Context) error
}

/* want "hold is given twice, first at .*options.go:36:82" */ //guard:dependency hold=70s hold=80s
type Twice interface {
	F(ctx context.Context) error
}

// TwiceAcross is said in two places that are combined.
//
//guard:dependency name=across
/* want "name is given twice" */ //guard:dependency name=across max-age=3s
type TwiceAcross interface {
	F(ctx context.Context) error
}

/* want "reconnect=1m30s is longer than hold, which is 1m by default: write hold=1m30s or more" */ //guard:dependency reconnect=90s
type DefaultHold interface {
	F(ctx context.Context) error
}

/* want "hold=10s is below reconnect=45s" */ //guard:dependency hold=10s reconnect=45s
type ShortHold interface {
	F(ctx context.Context) error
}

/* want "key topc:topc: no guarded method has a parameter topc: did you mean topic\\?" */ //guard:dependency key=topc
type NoKey interface {
	F(ctx context.Context, topic string) error
}

/* want "classify: package options has no function clasify: did you mean classify\\?" */ //guard:dependency classify=clasify
type NoClassifier interface {
	F(ctx context.Context) error
}

/* want "classify: wrongClassify must be a func\\(context.Context, error\\) guard.Outcome" */ //guard:dependency classify=wrongClassify
type WrongClassifier interface {
	F(ctx context.Context) error
}

/* want "classify: variable is not a function" */ //guard:dependency classify=variable
type VariableClassifier interface {
	F(ctx context.Context) error
}

/* want "classify: genericClassify is generic" */ //guard:dependency classify=genericClassify
type GenericClassifier interface {
	F(ctx context.Context) error
}

//guard:dependency classify=classify
type GoodClassifier interface {
	F(ctx context.Context) error
}

func classify(context.Context, error) guard.Outcome               { return guard.OutcomeSuccess }
func wrongClassify(context.Context, error) bool                   { return false }
func genericClassify[T any](context.Context, T) (o guard.Outcome) { return }

var variable = classify

//guard:dependency wrapper=Taken
type Wrapped /* want "the wrapper of Wrapped needs the name Taken, which is the package's own, at .*options.go:\\d+:6: write wrapper=" */ interface {
	F(ctx context.Context) error
}

// Taken is there already.
type Taken struct{}

//guard:dependency
type Constructed /* want "needs the name NewGuardedConstructed, which is the package's own" */ interface {
	F(ctx context.Context) error
}

// NewGuardedConstructed is there already.
func NewGuardedConstructed() {}

//guard:dependency wrapper=Same
type First interface {
	F(ctx context.Context) error
}

//guard:dependency wrapper=Same
type Second /* want "needs the name Same, which is that of the wrapper of First" */ interface {
	F(ctx context.Context) error
}

/* want "wrapper: len is a word of Go: write another name" */ //guard:dependency name=len wrapper=len
type Predeclared interface {
	F(ctx context.Context) error
}

/* want "wrapper: init can only be a function: write another name" */ //guard:dependency name=init wrapper=init
type Init interface {
	F(ctx context.Context) error
}

//guard:dependency wrapper=context
type Imported /* want "the wrapper of Imported needs the name context, which is that of an import: write wrapper=" */ interface {
	F(ctx context.Context) error
}

//guard:dependency wrapper=str
type Aliased /* want "the wrapper of Aliased needs the name str, which is that of an import" */ interface {
	F(ctx context.Context) error
}

var _ = str.ToLower

//guard:dependency
type Größe /* want "Größe gives no name in lower-kebab for its dependency: write //guard:dependency name=" */ interface {
	F(ctx context.Context) error
}
