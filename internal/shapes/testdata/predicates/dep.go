// predicates: when= on methods of every form, and keys of every kind beside it.
// verdict: guarded
package predicates

import (
	"context"
	"iter"
	"net/url"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/exercise"
)

// APIError is an error of its own type.
type APIError struct{ Cause error }

// Error is its text.
func (e *APIError) Error() string { return "api" }

// Unwrap is its cause.
func (e *APIError) Unwrap() error { return e.Cause }

func refused(err error) *APIError { return &APIError{err} }

func really(_ context.Context, really bool, _ string) bool { return really }

func reallyAny(_ any, really bool, _ any) bool { return really }

func anyOf(_ context.Context, really bool, names ...string) bool { return really && len(names) > 0 }

func bare(really bool, _ Name) bool { return really }

func manyKeys(_ context.Context, really bool, _ []Name, _ map[string]int, _ time.Duration, _ *url.URL, _ []byte) bool {
	return really
}

// Name is a name.
type Name string

// String is another text than the name.
func (n Name) String() string { return "name " + string(n) }

// Target is one.
type Target struct {
	*Inner
	Name string
	Next *Target
}

// Inner is embedded by pointer.
type Inner struct{ ID uint8 }

//guard:dependency refuse=refused
type Dep interface {
	//guard:destructive budget=none key=k when=really
	Seq(ctx context.Context, really bool, k string) iter.Seq2[string, error]
	//guard:destructive budget=none key=k when=reallyAny
	Carry(ctx context.Context, call bool, k string) *redis.IntCmd
	//guard:destructive budget=none key=k when=reallyAny
	Pair(ctx context.Context, g bool, k int64) (*redis.IntCmd, *redis.StringCmd)
	//guard:destructive budget=none key=k when=really
	Custom(ctx context.Context, refused bool, k string) (int, *APIError)
	//guard:destructive budget=none key=k when=really
	Both(ctx context.Context, err bool, k string) (error, error)
	//guard:destructive budget=none key=name:names when=anyOf
	Many(ctx context.Context, really bool, names ...string) error
	//guard:destructive budget=none key=k when=bare
	Bare(bare bool, k Name) error
	//guard:destructive budget=none key=names,wait,url,raw when=manyKeys
	Keys(ctx context.Context, really bool, names []Name, m map[string]int, wait time.Duration, url *url.URL, raw []byte) error
	//guard:destructive budget=none key=t:t.ID,next:t.Next.Name
	Deep(ctx context.Context, t *Target) error
	//guard:call key=t:t.ID
	Embedded(ctx context.Context, t Target) error
	//guard:call key=k
	Iterate(k, ctx string) iter.Seq2[string, error]
}

//guard:dependency name=struct
type Struct struct{ r *exercise.Recorder }

func fakeStruct(r *exercise.Recorder) *Struct { return &Struct{r} }

// Do does.
//
//guard:destructive budget=none key=k when=really
func (s *Struct) Do(ctx context.Context, really bool, k string) (err error) {
	s.r.Called("Do", ctx, really, k).Into(&err)
	return
}
