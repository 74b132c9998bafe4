package unixhttp

import "context"

// outer reports whether a guarded call of the same dependency, around this request, accounts for its outcome.
func outer(context.Context, string) bool { return false }
