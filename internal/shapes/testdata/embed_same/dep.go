// embed_same: embedded interfaces of the same package.
// verdict: guarded
package embed_same

import "context"

// Reader reads.
type Reader interface {
	Read(ctx context.Context, name string) ([]byte, error)
}

// Writer writes.
type Writer interface {
	Write(ctx context.Context, name string, data []byte) error
	//guard:destructive budget=none key=name
	Drop(ctx context.Context, name string) error
}

//guard:dependency
type Dep interface {
	Reader
	Writer
	Stat(ctx context.Context, name string) (size int64, err error)
}
