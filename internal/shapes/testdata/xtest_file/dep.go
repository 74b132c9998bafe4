// xtest_file: an interface in a test file of the external test package.
// verdict: guarded
package xtest_file

// Item is one.
type Item struct{ N int }
