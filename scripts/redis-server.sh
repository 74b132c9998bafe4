#!/bin/sh
# Makes sure that redis-server is there, for the integration tests. Installs it on Debian and Ubuntu as root; elsewhere it
# says what to install. The tests start and stop their own servers.
set -eu

if command -v redis-server >/dev/null 2>&1; then
	exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "installing redis-server for the integration tests"
	apt-get update -qq
	# No service is wanted, only the program.
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server >/dev/null
	exit 0
fi
cat >&2 <<'TEXT'
The integration tests need redis-server on the PATH:
  Debian, Ubuntu   sudo apt-get install redis-server
  Fedora           sudo dnf install redis
  macOS            brew install redis
`make test-unit` runs all tests that do without it.
TEXT
exit 1
