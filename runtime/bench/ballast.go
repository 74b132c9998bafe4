package main

// ballast makes the collector run as often as in a service that has 16 MB in use. Without it a call that allocates would pay
// for a collection of an empty heap at every 4 MB, most of which is stopping the world. It has no pointers, so that
// marking it costs nothing, which is generous to whoever allocates.
var ballast = make([]byte, 16<<20)
