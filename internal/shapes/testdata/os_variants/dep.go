// os_variants: variants of an interface by the name of the file.
// verdict: guarded
// goos: windows
package os_variants

// Handle is for all.
type Handle int
