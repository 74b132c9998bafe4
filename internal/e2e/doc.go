// Package e2e proves by real faults that timeouts never terminate a session:
//
//	make faults
//
// A service with raw clients and one with the generated wrappers live through the same fault of the same real redis-server,
// behind toxiproxy, and of the same session API at a real unix socket. Their clients heartbeat and back off, their handlers
// destroy at the first error, their reapers end whoever is silent for a TTL, and some clients really die. What raw clients
// lose the guarded ones must not, and what is dead must go in the end.
//
// A fault is a row of the catalogue; see rows and the table in docs/reliability.md.
package e2e
