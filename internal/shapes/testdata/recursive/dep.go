// recursive: interfaces that name themselves, each other and their wrappers.
// verdict: guarded
package recursive

import "context"

// Tree names itself.
//
//guard:dependency
type Tree interface {
	//guard:safe
	Child(ctx context.Context, name string) (Tree, error)
	//guard:safe
	Walk(ctx context.Context, fn func(Tree) error) error
	Insert(ctx context.Context, other Tree, g *GuardedTree) error
}

type tree struct{ Tree }

func samples() []any { return []any{&tree{}, &tree{}} }
