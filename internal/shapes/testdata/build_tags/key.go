package build_tags

// Key is for both.
type Key string
