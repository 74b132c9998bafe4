package annotations

import (
	"go/token"
	"go/types"
	"time"
)

// Package is one Go package that holds annotated types.
type Package struct {
	Path  string // import path
	Name  string // name in the package clause
	Dir   string // absolute directory
	Types *types.Package
	Files []*File // the source files with annotated types, sorted by name

	// Tested is the package itself, if the Files of this one are its tests and it has annotated types, too: its wrappers are
	// declared beside those of the tests.
	Tested *Package

	// Unread are the names that the package declares in files outside of this build: tests, and those of other build
	// tags. A generated file must not give them another meaning.
	Unread []string
}

// File is one source file with annotated types. Their wrappers go into one generated file beside it.
type File struct {
	Path     string            // absolute
	BuildTag string            // the //go:build expression of the source, "" without one
	Aliases  map[string]string // import path to the name that the source gives the package, where it gives one
	Clients  []*Client
}

// Client is one annotated type, by which a program talks to a dependency: an interface, or a struct.
type Client struct {
	Name       string
	Struct     bool     // its wrapper holds a pointer to it, and has its exported methods
	Doc        []string // documentation without directives, line by line, without the comment marker
	Pos        token.Position
	Type       *types.TypeName
	Dependency Dependency
	Methods    []*Method // every method, embedded ones included, in the order of the source
}

// Dependency is what //guard:dependency says. A zero value means that the annotation does not say it, so
// that the runtime's default holds.
type Dependency struct {
	Name          string // never empty: the type's name in lower-kebab by default
	Wrapper       string // never empty: Guarded<Name> by default
	Optional      bool
	Threshold     Threshold
	Backoff       Backoff
	Timeout       time.Duration
	ProbeTimeout  time.Duration
	ProbeInterval time.Duration
	MaxAge        time.Duration
	Hold          time.Duration
	Reconnect     time.Duration
	Quiet         time.Duration
	Classify      string // name of a function in the scope of the package, "" for the runtime's own
	Refuse        string // name of a function in the scope of the package that makes a custom error of a refusal
	Keys          []Key  // as written; each method carries those that match it
}

// Threshold says when the breaker opens. Exactly one of the three forms is set, or none.
type Threshold struct {
	Failures int           // consecutive failures; with Period, failures in that period
	Period   time.Duration // of the second and the third form
	Percent  int           // third form: rate of failures, 1 to 100
	MinCalls int           // third form: calls in Period below which the rate says nothing
}

// Backoff is the range of the open delay.
type Backoff struct{ Min, Max time.Duration }

// Budget bounds the calls of one destructive method: at most Limit in any Window.
type Budget struct {
	Limit  int
	Window time.Duration
	None   bool // budget=none: unbounded, and said so
}

// Key names a target of a call: a kind, and the path of a parameter that holds the name.
type Key struct {
	Kind string   // "session"
	Path []string // parameter, then fields: ["req", "Topic"]
	Pos  token.Position
	// Pointer says that the path goes through a pointer, so that reading it may panic.
	Pointer bool
}

// Class decides what the guard does with a method.
type Class uint8

const (
	Regular     Class = iota // runs unless the dependency is unhealthy
	Heavy                    // shed while the dependency is not healthy
	Destructive              // runs only through the safety gate
	Skip                     // passed through unguarded
)

// Method is one method of an annotated type.
type Method struct {
	Name        string
	Doc         []string // as Client.Doc
	Pos         token.Position
	Func        *types.Func
	Class       Class
	Probe       bool
	Safe        bool   // the author says that the destructive-looking name is harmless
	Keys        []Key  // the keys that this method's parameters carry
	Budget      Budget // destructive: as written; zero means the runtime's default
	Observe     bool   // destructive: mode=observe
	When        string // destructive: name of a predicate in the scope of the package
	Timeout     time.Duration
	NoTimeout   bool // timeout=none
	Outlives    bool // a result outlives the call (closer, function, channel, iterator …): no deadline may cut it
	Context     int  // index of the parameter that is the context of the call, -1 without one
	OwnContext  bool // that parameter has a type of its own, so that no other context can be put in its place
	Errors      ErrorShape
	ErrorResult int    // index of the result that carries a refusal, -1 without one; the last of several, but of ErrorInside each in Reports does
	Reports     []int  // indices of the results that say how the call went, ErrorResult among them
	Refuse      string // ErrorCustom: name of a function in the scope of the package that makes the result of a refusal
}

// Passes reports whether calls of the method pass unguarded: its author wants that, or no error of it could be a refusal.
func (m *Method) Passes() bool { return m.Class == Skip || m.Errors == NoError }

// ErrorShape says how a method reports an error.
type ErrorShape uint8

const (
	NoError      ErrorShape = iota // cannot be refused and cannot be observed
	ErrorValue                     // a result of type error, or of another interface that every error has
	ErrorInside                    // a result *N with SetErr(error) and Err() error
	ErrorCustom                    // a result of a type of its own that implements error, and a function that makes one
	ErrorYielded                   // the only result is an iterator, such as iter.Seq2[T, error]
)
