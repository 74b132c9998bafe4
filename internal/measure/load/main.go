// Command load reads packages in one of the ways that package packages offers, and does nothing with them: what a
// generator pays before it begins that leaves the loading to them.
//
//	load syntax ./...
package main

import (
	"fmt"
	"os"

	"golang.org/x/tools/go/packages"
)

// modes are what LoadSyntax and LoadAllSyntax were called before the package took their parts apart: the packages that
// are named with their syntax and types, what they depend on from export data or from source.
var modes = map[string]packages.LoadMode{
	"syntax": packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedModule | packages.NeedTypes |
		packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedTypesSizes,
	"all": packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedModule | packages.NeedTypes |
		packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedTypesSizes | packages.NeedDeps,
}

func main() {
	if len(os.Args) < 3 || modes[os.Args[1]] == 0 {
		fmt.Fprintln(os.Stderr, "usage: load syntax|all patterns...")
		os.Exit(2)
	}
	found, err := packages.Load(&packages.Config{Mode: modes[os.Args[1]]}, os.Args[2:]...)
	if err != nil || len(found) == 0 {
		fmt.Fprintln(os.Stderr, "load:", err, len(found), "packages")
		os.Exit(1)
	}
	// Errors in them are none here: where a dependency is not compiled there is nothing to be done about it.
}
