// test_file: an interface in a test file.
// verdict: guarded
package test_file

// Item is one.
type Item struct{ N int }
