// Writefakes writes fakes_test.go: a fake of each annotated interface of the package in the current directory, for tests
// with package exercise.
//
//	//go:generate go run ../../internal/exercise/writefakes
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/guardgen/guardgen/annotations"
	"github.com/guardgen/guardgen/internal/exercise/fakes"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	packages, found := annotations.Load(ctx, annotations.Config{Dir: "."}, ".")
	if found.HasErrors() {
		return fmt.Errorf("%v", found)
	}
	for _, pkg := range packages {
		if strings.HasSuffix(pkg.Name, "_test") {
			continue // it needs no fake
		}
		path, text, err := fakes.Options{Bare: true}.File(pkg)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
