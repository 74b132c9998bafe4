// no_ctx: methods without a context.
// verdict: guarded
package no_ctx

//guard:dependency
type Dep interface {
	Get(key string) (string, error)
	Sync() error
	//guard:destructive key=key budget=none
	Drop(key string) error
	//guard:heavy
	Scan(a, b int) ([]string, error)
}
