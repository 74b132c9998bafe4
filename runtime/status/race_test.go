//go:build race

package status

// The load that the tests of load put on a handler: less than without the race detector, which makes it ten times as slow.
const loadClients, loadDependencies = 40, 600
