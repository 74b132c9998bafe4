package random

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A helper is a package whose types the signatures of a draw use; the package of the draw itself is one, too.
type helper struct {
	path, dir string   // import path, and directory under the draw's
	name      string   // of the package clause
	prefix    string   // of all names it declares
	lower     bool     // its names are unexported where it helps only itself
	redefines []string // words of Go to which the package gives another meaning
}

// n returns the helper's name of a thing.
func (h *helper) n(thing string) string {
	if h.lower {
		return strings.ToLower(thing[:1]) + thing[1:]
	}
	return h.prefix + thing
}

// aliased are the words for types.
func aliased() []string { return append(slices.Clone(typeWords), "any", "error") }

// words is the text of a package that gives every type of Go another name, for packages that redefine one.
func words() string {
	text := "package words\n\ntype (\n"
	for _, word := range aliased() {
		text += "\t" + strings.ToUpper(word[:1]) + word[1:] + " = " + word + "\n"
	}
	return text + ")\n"
}

// text returns the declarations. In the template the helper's names stand behind @, so that it does not depend on how the
// draw calls them.
func (h *helper) text() string {
	const always = `
type hidden struct{ N struct{} }
type @Item struct {
	ID @ID "json:\"id\""
	next *@Item
	@inner
	_ int
}
type @inner struct{ n int }
type @ID string
func (id @ID) String() string { return string(id) }
type @Kind int
const (
	@KindA @Kind = iota
	@KindB
)
const @Size = 3
type @Text = string
type @List[T any] []T
type @Box[T any] struct{ V T }
type @Pair[K comparable, V any] struct { K K; V V }
type @Set[T comparable] = map[T]struct{}
type @Opt[T any] = *@Box[T]
type @Row[T any] = []T
type @Fn func(int) error
type @Num interface{ ~int | ~int64 | ~float64 }
type @Key interface{ comparable; String() string }
type @PtrTo[T any] interface{ *T; Reset() }
type @Node[T any] interface{ Less(T) bool }
type @Sum[T @Num] struct{ T T }
type @Cmd struct{ err error; args []any; done chan int }
func (c *@Cmd) SetErr(err error) { c.err = err }
func (c *@Cmd) Err() error { return c.err }
type @Of[T any] struct{ @Cmd; v T }
type @Many[K comparable, V any] struct{ *@Cmd; M map[K]V }
type @Fault struct{ Code int; cause error }
func (*@Fault) Error() string { return "fault" }
func (f *@Fault) Unwrap() error { return f.cause }
func @NewFault(err error) *@Fault { return &@Fault{cause: err} }
type @Errno int
func (@Errno) Error() string { return "errno" }
func (e @Errno) Is(error) bool { return e == 77 }
func @NewErrno(error) @Errno { return 77 }
type @Failure interface{ error; Code() int }
type @Failed struct{ cause error }
func (@Failed) Error() string { return "failed" }
func (@Failed) Code() int { return 1 }
func (f @Failed) Unwrap() error { return f.cause }
func @NewFailure(err error) @Failure { return @Failed{err} }
type @Err = error
type @Ctx = pcontext.Context
type @MyCtx interface{ pcontext.Context; More() }
type @Seq[T any] piter.Seq2[T, error]
type @Base interface{
	// Base@ reads.
	BaseGet@(ctx pcontext.Context, id string) (*@Item, error)
	BasePut@(pcontext.Context, @ID, ...*@Item) error
	BaseLen@() int
}
type @Twin interface{
	BaseGet@(c pcontext.Context, name string) (*@Item, error)
	BaseRun@(f func(), err error) (n int, ok bool, _ error)
}
type @Repo[K comparable, V any] interface{
	RepoGet@(ctx pcontext.Context, key K) (V, error)
	RepoPut@(key K, g V, call ...@Pair[K, V]) (err error)
	RepoAll@() piter.Seq2[K, V]
}
type @Group interface{ @Base; @Twin }
type @Sealed interface{
	Open@() error
	seal()
}
type @Closed interface{ Peek@(ctx pcontext.Context) (*@Hidden, error) }
type @Arg int
func (@Arg) String() string { return "arg" }
func (a @Arg) Less(@Arg) bool { return a > 0 }
func (*@Arg) Reset() {}
type @ArgS string
func (@ArgS) String() string { return "arg" }
func (a @ArgS) Less(@ArgS) bool { return a > "" }
func (*@ArgS) Reset() {}
type @ArgL int64
func (@ArgL) String() float64 { return 1 }
type @ArgB uint8
type @WInt = int
type @WLong = int64
type @WByte = uint8
type @WString = string
type @WFloat = float64
`
	text := strings.NewReplacer("Base@", "Base"+h.tag(), "BaseGet@", "BaseGet"+h.tag(), "BasePut@", "BasePut"+h.tag(), "BaseLen@", "BaseLen"+h.tag(),
		"BaseRun@", "BaseRun"+h.tag(), "RepoGet@", "RepoGet"+h.tag(), "RepoPut@", "RepoPut"+h.tag(), "RepoAll@", "RepoAll"+h.tag(),
		"Open@", "Open"+h.tag(), "Peek@", "Peek"+h.tag(), "@Hidden", "hidden").Replace(always)
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\nimport (\n\tpcontext \"context\"\n\tpiter \"iter\"\n", h.name)
	used := false
	for _, word := range h.redefines {
		if other := regexp.MustCompile(`\b` + word + `\b`); slices.Contains(aliased(), word) && other.MatchString(text) {
			used = true
			text = other.ReplaceAllString(text, "pwords."+strings.ToUpper(word[:1])+word[1:])
		}
	}
	if used {
		fmt.Fprintf(&b, "\tpwords %q\n", h.path+"/words")
	}
	b.WriteString(")\n")
	for {
		before, after, ok := strings.Cut(text, "@")
		b.WriteString(before)
		if !ok {
			break
		}
		word := after
		for i, c := range after {
			if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
				word = after[:i]
				break
			}
		}
		if word == "inner" {
			b.WriteString(strings.ToLower(h.prefix) + "inner")
		} else {
			b.WriteString(h.n(word))
		}
		text = after[len(word):]
	}
	return b.String()
}

// guards says of each method of an interface whether a wrapper has to guard it; elem is what the interface is instantiated
// with.
func (h *helper) guards(thing string, elem typ) map[string]bool {
	tag := h.tag()
	switch thing {
	case "Base":
		return map[string]bool{"BaseGet" + tag: true, "BasePut" + tag: true, "BaseLen" + tag: false}
	case "Twin":
		return map[string]bool{"BaseGet" + tag: true, "BaseRun" + tag: true}
	case "Group":
		return map[string]bool{"BaseGet" + tag: true, "BasePut" + tag: true, "BaseLen" + tag: false, "BaseRun" + tag: true}
	default: // Repo
		return map[string]bool{"RepoGet" + tag: true, "RepoPut" + tag: true, "RepoAll" + tag: elem.role == isError}
	}
}

// tag keeps the methods of two helpers apart, which an interface may embed together.
func (h *helper) tag() string {
	var b strings.Builder
	for _, c := range h.dir {
		if 'a' <= c && c <= 'z' {
			b.WriteRune(c)
		}
	}
	return strings.ToUpper(b.String())
}
