// Package unixhttp is a client for an HTTP API behind a unix socket, or on TCP, that fails soon and says why; a server's side
// that passes the guard's refusals on; and a guard for programs that have an [http.Client] and no interface.
//
// A program that builds its own http.Transport today changes one line for the client and adds one for the guard:
//
//	registry := guard.NewHealthRegistry() // one for the program
//	defer registry.Close()
//
//	transport, err := unixhttp.NewTransport("unix:///run/sessions.sock", unixhttp.Options{})
//	…
//	err = unixhttp.Guard(registry, transport, unixhttp.Rules{Name: "sessions"})
//	…
//	client := &http.Client{Transport: transport}
//
// From then on every request runs through the circuit breaker of the dependency "sessions", which a GET of /healthz probes, and
// a DELETE through the safety gate. [Rules] say so of other requests that destroy. What is refused is not sent: the error that
// http.Client returns wraps a [*guard.DependencyUnhealthyError] or a [*guard.DestructiveDeniedError].
//
// A program with an annotated interface has its generated wrapper instead of [Guard], and says classify=classify, which is a
// function of its own package that calls [Classify]. Its client checks each answer:
//
//	response, err := client.Get("http://sessions/sessions/42") // the host is a dummy
//	if err != nil {
//		return err
//	}
//	if err := unixhttp.Check(response); err != nil {
//		return err // *StatusError, which for a refusal of the server's guard is the guard's own error
//	}
//	defer response.Body.Close()
//
// # What the program notices
//
// Destructive requests are denied for 60 s after its start, and after an outage: clients of before may still be on their way
// back. They are denied, too, while any critical dependency of the registry is unhealthy, and where something has failed in the
// same unit of work: begin one with guard.NewScope, or on a server with [Scope]. Such an error matches
// guard.ErrDestructiveDenied, and has a RetryAfter: keep the record, and ask again then. What a person asks for need not wait
// for those 60 s, if the program says so with guard.UserConfirmed. To roll out, make the registry with
// guard.WithMode(guard.Observe): the gate logs what it would deny, and denies nothing. The breaker refuses requests as always.
//
// # A refusal crosses the socket
//
// On the server [Scope] gives each request a scope, and [Error] answers with what the guard refused: 503 or 429, problem
// details and Retry-After. [Check] on the client makes the same error of it: [errors.Is] finds guard.ErrUnhealthy or
// guard.ErrDestructiveDenied, [errors.As] the types, and Error passes them on again, through as many services as there are.
//
// Such an answer is no failure of the API: its server works, and says that something behind it does not. It does not open
// the client's breaker. But nobody knows what became of the call, so its scope and its keys are marked, and it is no proof
// of health either.
//
// # What ends when
//
// A response body outlives its call: no deadline of a call's cuts it. Dialling, waiting for the headers, and a silence
// within the body each have their own bound; see [Options]. A total is the caller's to set, by a context or by
// http.Client.Timeout, which covers the body too.
package unixhttp
