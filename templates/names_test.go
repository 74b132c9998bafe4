package templates

import (
	"go/types"
	"testing"
)

func TestPickedNameIsFreeHereAndAround(t *testing.T) {
	outer := newScope(universe(), "call")
	inner := newScope(outer, "attempt")
	for _, test := range []struct {
		candidates []string
		want       string
	}{
		{[]string{"g", "guarded"}, "g"},
		{[]string{"g", "guarded"}, "guarded"},
		{[]string{"g", "guarded"}, "guarded2"},
		{[]string{"g", "guarded"}, "guarded3"},
		{[]string{"call", "attempt"}, "attempt2"},
		{[]string{"type"}, "type2"},
		{[]string{"len"}, "len2"},
		{[]string{"any", "v"}, "v"},
	} {
		if got := inner.pick(test.candidates...); got != test.want {
			t.Errorf("pick(%q) = %q, want %q", test.candidates, got, test.want)
		}
	}
	if outer.visible("g") {
		t.Error("a name of the inner scope is visible in the outer one")
	}
}

func TestAuthorsNameIsKeptUnlessItIsNeeded(t *testing.T) {
	names := newScope(newScope(universe(), "outside"), "guard")
	for name, want := range map[string]string{"outside": "outside", "len": "len", "guard": "guardArg", "topic": "topic"} {
		if got := names.keep(name, "Arg"); got != want {
			t.Errorf("keep(%q) = %q, want %q", name, got, want)
		}
	}
	if got := names.keep("guard", "Arg"); got != "guardArg2" {
		t.Errorf("keep of a name that is taken twice = %q, want guardArg2", got)
	}
}

func TestFieldName(t *testing.T) {
	for method, want := range map[string]string{
		"Ping": "ping", "DeleteTopic": "deleteTopic", "HTTPGet": "httpGet", "ID": "id", "SAdd": "sAdd", "X": "x",
		"BRPopLPush": "brPopLPush", "Type": "typeMethod", "Range": "rangeMethod", "Len": "len", "ping": "ping", "Öffnen": "öffnen",
	} {
		if got := fieldName(method); got != want {
			t.Errorf("fieldName(%q) = %q, want %q", method, got, want)
		}
	}
}

func TestNameForIsShortAndByType(t *testing.T) {
	pkg := checkSource(t, `package world
import ("context"; "net/url"; "time")
type (
	DeleteTopicRequest struct{}
	SessionID string
	HTTPClient struct{}
	Status struct{}
	Entry struct{}
	HandlerFunc func()
	Type struct{}
	String string
)
type types[K comparable] struct {
	ctx     context.Context
	request *DeleteTopicRequest
	id      SessionID
	client  **HTTPClient
	url     *url.URL
	handler HandlerFunc
	t       time.Time
	d       *time.Duration
	err     error
	s       string
	n       uint16
	f       float64
	ok      bool
	data    []byte
	values  []string
	entries []*Entry
	statuses []Status
	ids     [2]SessionID
	ks      []K
	k       K
	m       map[string]int
	ch      <-chan int
	fn      func()
	v       any
	reader  Reader
	list    List[int]
}
type odd struct {
	a Type
	b *String
	c struct{}
	d interface{ Close() error }
	e complex128
	f [][]byte
}
`)
	fields := func(name string) *types.Struct {
		return pkg.Scope().Lookup(name).Type().Underlying().(*types.Struct)
	}
	for field := range fields("types").Fields() {
		want := field.Name()
		if want == "handler" {
			want = "func"
		}
		if got := nounFor(field.Type()); got != want {
			t.Errorf("name for %s is %s, want %s", field.Type(), got, want)
		}
	}
	for field := range fields("odd").Fields() {
		want := "v"
		if field.Name() == "f" {
			want = "values"
		}
		if got := nameFor(field.Type()); got != want {
			t.Errorf("name for %s is %s, want %s", field.Type(), got, want)
		}
	}
}

func TestImportIsNamedAfterItsPackageWhereThatIsFree(t *testing.T) {
	im := newImports(newScope(universe(), "redis", "context"), map[string]string{
		"net/url": "neturl", "net/http": "context", "example.com/go/redis": "redis",
	})
	for _, test := range []struct{ path, real, want string }{
		{"text/template", "template", "template"},
		{"html/template", "template", "htmltemplate"},
		{"example.com/html/template", "template", "template2"},
		{"text/template", "template", "template"},
		{"context", "context", "stdcontext"},
		{"github.com/redis/go-redis/v9", "redis", "goredis"},
		{"github.com/guardgen/guardgen/runtime", "guard", "guard"},
		{"example.com/any", "any", "examplecomany"},
		{"net/url", "url", "neturl"},
		{"net/http", "http", "http"},
		{"example.com/go/redis", "redis", "redis2"},
	} {
		if got := im.name(test.path, test.real); got != test.want {
			t.Errorf("%s is imported as %s, want %s", test.path, got, test.want)
		}
	}
}
