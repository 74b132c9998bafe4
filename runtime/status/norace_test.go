//go:build !race

package status

// The load that the tests of load put on a handler, over sockets of this machine.
const loadClients, loadDependencies = 200, 1000
