#!/bin/sh
# Makes sure that the programs named are there, which tests need beside Go: gcc, for the race detector; redis-server, which
# the tests of the Redis client and the acceptance tests start and stop themselves; tmux, for guardctl in a terminal;
# chromium, for the page. Installs what is missing on Debian and Ubuntu as root; elsewhere it says what to install.
set -eu

missing= packages=
need() { # PROGRAM [PACKAGE…]
	program=$1
	shift
	command -v "$program" >/dev/null 2>&1 && return
	missing="$missing $program"
	packages="$packages ${*:-$program}"
}
for program; do
	case $program in
	gcc) need "${CC:-gcc}" gcc libc6-dev ;;
	chromium) need chromium chromium fonts-dejavu-core ;;
	*) need "$program" ;;
	esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "installing$packages for the tests"
	apt-get update -qq
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
	exit 0
fi
cat >&2 <<TEXT
The tests need programs that are not on the PATH here:$missing
  Debian, Ubuntu   sudo apt-get install$packages
  Fedora           sudo dnf install$(echo "$missing" | sed 's/redis-server/redis/')
  macOS            brew install$(echo "$missing" | sed 's/redis-server/redis/; s/gcc//; s/chromium/--cask chromium/') (and xcode-select --install for a C compiler)
'make test-unit' needs gcc and redis-server alone; 'go test ./...' needs redis-server in runtime/goredis, and no C compiler.
TEXT
exit 1
