// Package unixhttp is a client for an HTTP API behind a unix socket, or on TCP, that fails soon and says why; a server's side
// that passes the guard's refusals on; and a guard for programs that have an [http.Client] and no interface.
//
// A program that builds its own http.Transport today changes one line for the client and adds one for the guard:
//
//	transport, err := unixhttp.NewTransport("unix:///run/sessions.sock", unixhttp.Options{})
//	…
//	err = unixhttp.Guard(registry, transport, unixhttp.Rules{Name: "sessions"})
//	…
//	client := &http.Client{Transport: transport}
//
// A program with an annotated interface has its generated wrapper instead of [Guard], and says classify=unixhttp.Classify,
// or a function of its own that calls [Classify]. Its client checks each answer:
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
