// pkg_main: an interface in package main, with a client that is made by the generated constructor.
// verdict: guarded
package main

import (
	"context"
	"fmt"

	guard "github.com/guardgen/guardgen/runtime"
)

//guard:dependency
type Dep interface {
	Get(ctx context.Context, k string) (string, error)
}

func main() {
	registry := guard.NewHealthRegistry()
	defer registry.Close()
	client, err := NewGuardedDep(registry, nil)
	fmt.Println(client, err)
}
