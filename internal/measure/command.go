package main

// command is one of the programs that are compared.
type command struct {
	name string // as the table has it
	own  bool   // it works in a copy of the module without what guardgen writes, because it writes files of its own

	// runs returns the processes that it takes to do all packages of a module, one after the other.
	runs func(module) []process
	// files are those that the module must have for it, beside its source.
	files func(module) map[string]string

	recompiles bool // it reads what guardgen writes, which must be up to date
	built      bool // with an empty build cache it would be measured how long guardgen takes to compile
}

// process is one run of a program.
type process struct {
	dir  string   // in the module
	args []string // the program first: ./guardgen is the one that was built for the measurement
}

// atOnce is a command that does all packages in one process.
func atOnce(args ...string) func(module) []process {
	return func(module) []process { return []process{{".", append(args[:len(args):len(args)], "./...")}} }
}

// eachPackage is a command that does one package in a process, as go generate runs it.
func eachPackage(args func(target) []string) func(module) []process {
	return func(m module) (list []process) {
		for _, t := range m.targets {
			list = append(list, process{t.dir, args(t)})
		}
		return list
	}
}

// fields are what a generator must know of a package. Others are dear to compute, so that the floor would be none.
const fields = "ImportPath,Name,Dir,Export,DepOnly,GoFiles,CgoFiles,IgnoredGoFiles,Imports,ImportMap,Module,Error"

// The go command alone. What has the export data of every package compiles what is edited.
var (
	list   = command{name: "go list -deps", runs: atOnce("go", "list", "-e", "-deps", "-pgo=off", "-json="+fields), recompiles: true}
	export = command{name: "go list -export -deps", runs: atOnce("go", "list", "-e", "-deps", "-export", "-pgo=off", "-json="+fields), recompiles: true}
)

var (
	generate = command{name: "guardgen", runs: atOnce("./guardgen")}
	check    = command{name: "guardgen check", runs: atOnce("./guardgen", "check")}
	asTool   = command{name: "go tool guardgen", runs: atOnce("go", "tool", "guardgen"), built: true}
	oneByOne = command{name: "guardgen, a run for each package", runs: eachPackage(func(target) []string { return []string{"./guardgen"} })}
)

// The ways to load that guardgen does not go.
var (
	syntax = command{name: "packages.LoadSyntax", runs: atOnce("./load", "syntax"), recompiles: true}
	all    = command{name: "packages.LoadAllSyntax", runs: atOnce("./load", "all"), recompiles: true}
)

// commands are those that need nothing but this module, in the order of the tables.
var commands = []command{list, export, generate, check, asTool, oneByOne, syntax, all}
