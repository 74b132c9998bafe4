package main

func Example() {
	main()
	// Output:
	// in health:    <nil>
	// in an outage: System unhealthy; retry in 1s (DeleteTopic denied: store unhealthy: connection refused)
}
