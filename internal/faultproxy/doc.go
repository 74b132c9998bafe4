// Package faultproxy puts a proxy with a mind of its own between a client and a server, for tests and demos of outages.
//
//	proxy, err := faultproxy.Start("tcp", "127.0.0.1:0", redisAddr)
//	if err != nil { … }
//	defer proxy.Close()
//	client := dial(proxy.Addr())
//	err = proxy.Set(faultproxy.Fault{BlackHole: true}) // nothing is answered from here on
//	err = proxy.Set(faultproxy.Fault{})                // and here the server is back
//
// It works on bytes, for TCP and for unix sockets, and knows no protocol: what it calls a chunk is what one read from a
// socket returned, which for clients that write a request at once is a request.
package faultproxy
