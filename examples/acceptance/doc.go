// Package acceptance holds the project to its criteria, one test each, against a real redis-server and a real unix socket:
//
//	make test-integration
//
// The example service of sessiond stands between two fault proxies. Beside what these do, the servers themselves are
// frozen, killed and made to refuse. Where a test is about not destroying, the same story with raw clients must destroy.
package acceptance
