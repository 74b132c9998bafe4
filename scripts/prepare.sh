#!/bin/sh
# Makes sure that what the tests need beside Go is there: a C compiler for the race detector, and redis-server for the
# tests of the Redis client and the acceptance tests, which start and stop their own servers. Installs what is missing on
# Debian and Ubuntu as root; elsewhere it says what to install.
set -eu

missing=
command -v "${CC:-gcc}" >/dev/null 2>&1 || missing="$missing gcc libc6-dev"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "installing$missing for the tests"
	apt-get update -qq
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
	exit 0
fi
cat >&2 <<TEXT
The tests need a C compiler, for the race detector, and redis-server on the PATH. Missing here:$missing
  Debian, Ubuntu   sudo apt-get install$missing
  Fedora           sudo dnf install gcc redis
  macOS            xcode-select --install; brew install redis
'go test ./...' runs the unit tests without a C compiler; those of runtime/goredis need redis-server all the same.
TEXT
exit 1
