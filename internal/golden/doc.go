// Package golden holds annotated interfaces beside the files that guardgen writes for them, one package for each reason
// to have one. The reason is its first line.
//
// The tests hold three things about each: it is what guardgen writes today, byte for byte; it compiles against the
// runtime; and a wrapper made by it passes on what it is called with and what comes back, refuses where the guard
// refuses, and reports what failed. After a change of package templates
//
//	go test ./templates -update
//
// writes them anew, and the review of the change is the review of their diff.
package golden
