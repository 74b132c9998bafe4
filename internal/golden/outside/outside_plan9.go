package outside

// guard keeps the generated file from importing a package under this name.
const guard = "plan9"

var _ = guard
