// Package status shows people and programs what a [guard.HealthRegistry] knows: what is unhealthy, since when, when it is
// tried again, what is protected meanwhile, and what was not done. One line mounts it:
//
//	go status.Serve(ctx, "127.0.0.1:9090", status.Handler(registry))
//
// or, in a server that the program has already, below a path of its own:
//
//	mux.Handle("/guard/", http.StripPrefix("/guard", status.Handler(registry)))
//
// # What it answers
//
//	GET /          the page: one file, which asks nobody but this handler
//	GET /livez     200 as long as the process answers, whatever its dependencies do
//	GET /readyz    200, or 503 while a critical dependency is unhealthy or unknown; ?verbose, ?exclude=name, /readyz/name
//	GET /status    a [Report], as application/health+json: 200 for pass and warn, 503 for fail; always 200 with Accept: application/json
//	GET /events    an event stream of [Entry], with replay behind Last-Event-ID (or ?since=); a list with Accept: application/json
//	GET /denials   a list of [Denial]: what was not done, why, how often
//	GET /explain   a [guard.Decision]: what the gate would say now; ?operation=name, ?key=kind:value, ?confirmed
//	POST /control/isolate, restore, probe, enforce, observe    see [WithControl]
//
// Reading runs no probe and waits for none. What is shown is at most a tenth of a second old.
//
// # Who may see it
//
// Everybody who can reach it: the texts of errors are shown, and with them the addresses of dependencies. Serve it on
// loopback or on a unix socket, or behind what your service has for logging in. Acting needs an [Authoriser] besides.
package status
