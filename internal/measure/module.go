package main

import (
	"fmt"
	"path"
	"strings"
)

// module is one that guardgen is measured on.
type module struct {
	name    string // as the table has it
	path    string
	targets []target                 // its packages
	edition func(n int) string       // the text of the file of the first target, another one for each number
	files   func() map[string]string // the files of the others, by name
	large   bool                     // it is not compiled with an empty build cache, again and again
}

// target is a package with interfaces, all of them in one file.
type target struct {
	dir        string // in the module
	file       string // in the directory
	interfaces []string
}

// source is the file that is edited.
func (m module) source() string { return path.Join(m.targets[0].dir, m.targets[0].file) }

var modules = []module{
	{"one interface of 6 methods", "example.com/small", []target{{".", "transport.go", []string{"Transport"}}}, small, nothing, false},
	{"`redis.UniversalClient`, 630 methods", "example.com/universal", []target{{".", "client.go", []string{"Client"}}}, universal, nothing, true},
	{"20 packages of 3 interfaces", "example.com/twenty", twenty(), func(n int) string { return three(0, n) }, nineteen, false},
	{"one interface of 6 methods among 200 packages", "example.com/many", []target{{"small", "transport.go", []string{"Transport"}}}, small, others, true},
}

func nothing() map[string]string { return make(map[string]string) }

// comment and method are what an edit changes: the comment always, the method with every other number.
func comment(n int) string { return fmt.Sprintf("// This is edition %d.", n) }

func method(n int) string {
	if n%2 == 0 {
		return ""
	}
	return fmt.Sprintf("\n\tEdition%d(ctx context.Context) error", n)
}

func small(n int) string {
	return `package small

import (
	"context"
	"time"
)

// Message is what was published.
type Message struct {
	Topic string
	Body  []byte
	At    time.Time
}

// Transport moves messages between sessions.
` + comment(n) + `
//
//guard:dependency name=redis reconnect=45s key=topic
type Transport interface {
	// Ping asks for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) error

	// Publish returns the message's ID.
	Publish(ctx context.Context, topic string, body []byte) (id string, err error)

	// Topics lists what there is.
	Topics(ctx context.Context, prefix string) ([]string, error)

	// History returns the last messages.
	//
	//guard:heavy
	History(ctx context.Context, topic string, limit int) ([]Message, error)

	// Expire sets when a topic ends.
	Expire(ctx context.Context, topic string, at time.Time) error

	// DeleteTopic ends a topic now.
	//
	//guard:destructive budget=20/1m
	DeleteTopic(ctx context.Context, topic string) error` + method(n) + `
}
`
}

func universal(n int) string {
	imports := `import "github.com/redis/go-redis/v9"`
	if method(n) != "" {
		imports = "import (\n\t\"context\"\n\n\t\"github.com/redis/go-redis/v9\"\n)"
	}
	return `package universal

` + imports + `

// Client is every command of go-redis.
` + comment(n) + `
//
//guard:dependency name=redis
type Client interface {
	//guard:destructive Del Unlink DelExArgs FlushAll FlushAllAsync FlushDB FlushDBAsync budget=20/1m
	//guard:safe Watch Pipelined TxPipelined Shutdown ShutdownSave ShutdownNoSave
	//guard:safe AutoPipeline AutoPipelineWithOptions AsyncAutoPipeline AsyncAutoPipelineWithOptions
	//guard:skip Pipeline TxPipeline Close AddHook Subscribe PSubscribe SSubscribe PoolStats
	redis.UniversalClient` + method(n) + `
}
`
}

// twenty are p00 and those beside it.
func twenty() (targets []target) {
	for i := range 20 {
		targets = append(targets, target{fmt.Sprintf("p%02d", i), "clients.go", []string{"Store", "Queue", "Front"}})
	}
	return targets
}

// nineteen are the packages beside p00.
func nineteen() map[string]string {
	files := make(map[string]string)
	for i := 1; i < 20; i++ {
		files[fmt.Sprintf("p%02d/clients.go", i)] = three(i, 0)
	}
	return files
}

// others are packages without interfaces, each of which imports the one before.
func others() map[string]string {
	const text = `package qNNN

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
IMPORT
)

// Entry is kept by a Handler.
type Entry struct {
	ID   string
	Tags []string
}

// Handler serves entries.
type Handler struct {
	entries map[string]Entry
	next    http.Handler
}

FUNCTIONS`
	const function = `
// ServeNN serves an entry.
func (h *Handler) ServeNN(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimPrefix(r.URL.Path, "/NN/")
	entry, ok := h.entries[id]
	if !ok && h.next != nil {
		h.next.ServeHTTP(w, r)
		return
	}
	if err := json.NewEncoder(w).Encode(entry); err != nil {
		http.Error(w, fmt.Sprintf("%s: %v", id, err), http.StatusInternalServerError)
	}
}
`
	functions := ""
	for i := range 10 {
		functions += strings.ReplaceAll(function, "NN", fmt.Sprintf("%02d", i))
	}
	files := make(map[string]string)
	for i := range 199 {
		imported := ""
		if i > 0 {
			imported = fmt.Sprintf("\n\t_ \"example.com/many/q%03d\"", i-1)
		}
		files[fmt.Sprintf("q%03d/handler.go", i)] = strings.NewReplacer("NNN", fmt.Sprintf("%03d", i), "\nIMPORT", imported, "FUNCTIONS", functions).Replace(text)
	}
	return files
}

// three returns a package with three interfaces, which speak of types of package p00, of the standard library and of the
// package itself.
func three(i, n int) string {
	const text = `package pNN

import (
	"context"
	"net/http"
	"time"
IMPORT
)

RECORD

// Store keeps records.
COMMENT
//
//guard:dependency name=store key=id
type Store interface {
	//guard:probe
	Ping(ctx context.Context) error
	Get(ctx context.Context, id string) (*QRecord, error)
	Put(ctx context.Context, record *QRecord, ttl time.Duration) error
	//guard:destructive budget=20/1m
	Delete(ctx context.Context, id string) errorMETHOD
}

// Queue hands out work.
//
//guard:dependency name=queue key=job:id
type Queue interface {
	//guard:probe
	Ping(ctx context.Context) error
	Push(ctx context.Context, records ...QRecord) (ids []string, err error)
	//guard:heavy
	Pending(ctx context.Context) (map[string][]QRecord, error)
	//guard:destructive budget=20/1m
	Drop(ctx context.Context, id string) error
}

// Front talks to another service.
//
//guard:dependency name=front optional
type Front interface {
	Do(ctx context.Context, request *http.Request) (*http.Response, error)
	Watch(ctx context.Context, id string) (<-chan QRecord, error)
}
`
	qualifier, imported, record := "p00.", "\n\t\"example.com/twenty/p00\"", ""
	if i == 0 {
		qualifier, imported = "", ""
		record = "// Record is what all packages speak of.\ntype Record struct {\n\tID   string\n\tBody []byte\n\tAt   time.Time\n}"
	}
	return strings.NewReplacer(
		"NN", fmt.Sprintf("%02d", i), "\nIMPORT", imported, "\nRECORD\n", record,
		"COMMENT", comment(n), "METHOD", method(n), "QRecord", qualifier+"Record",
	).Replace(text)
}
