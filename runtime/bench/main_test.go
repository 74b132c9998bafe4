package main

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks for goroutines that are left behind, other than those of peers that offer no way to end them.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/afex/hystrix-go/hystrix.(*metricExchange).Monitor"),
		goleak.IgnoreAnyFunction("github.com/afex/hystrix-go/hystrix.(*poolMetrics).Monitor"),
		goleak.IgnoreAnyFunction("github.com/eapache/go-resiliency/breaker.(*Breaker).timer"), // while it is open
		goleak.IgnoreAnyFunction("github.com/mercari/go-circuitbreaker.(*stateClosed).onEntry.func1"),
		goleak.IgnoreAnyFunction("github.com/slok/goresilience/circuitbreaker.(*bucketWindow).windowSlider"),
	)
}
