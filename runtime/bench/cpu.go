package main

import (
	"syscall"
	"time"
)

// cpuTime is the processor time that this process has had, on all processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // no such number, no benchmark
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
