#!/bin/sh
# Runs the C tests, each round with a simulator of its own over TLS.
#
#   scripts/test_c.sh lib        against build/lib
#   scripts/test_c.sh asan       against build/asan, with AddressSanitizer (built first)
#   scripts/test_c.sh tsan       against build/tsan, with ThreadSanitizer (built first)
#   scripts/test_c.sh valgrind   against build/lib, under valgrind
#
# Names of tests may follow: only those run.
#
# FULL=1 runs every round of the repeated tests (300 exits under load); otherwise a tenth.
set -eu
cd "$(dirname "$0")/.."

folder=build/lib
option=
case "${1:-}" in
  lib) ;;
  asan) folder=build/asan option=--sanitize=address && scripts/build_lib.sh --sanitize=address >/dev/null ;;
  tsan) folder=build/tsan option=--sanitize=thread && scripts/build_lib.sh --sanitize=thread >/dev/null ;;
  valgrind) option=--valgrind ;;
  *) echo "usage: $0 lib|asan|tsan|valgrind [NAME...]" >&2 && exit 2 ;;
esac
shift
[ -n "${FULL:-}" ] || option="$option --reduced"

work=$(mktemp -d)
trap 'kill $simulators 2>/dev/null || true; rm -rf "$work"' EXIT
simulators=

# Starts a simulator; its first lines are then in $work/NAME.
simulate() {
  name=$1 && shift
  simulator/.build/debug/akool-simulator --port 0 --api-key simulator "$@" >"$work/$name" 2>/dev/null &
  simulators="$simulators $!"
  until grep -q "$expected" "$work/$name"; do sleep 0.1; done
}
expected='^ca certificate' && simulate tls --tls
expected=listening && simulate plain --time-scale 10

AKOOL_SIMULATOR_URL=$(sed -n 's/.* listening on //p' "$work/tls")
AKOOL_SIMULATOR_CA=$(sed -n 's/^ca certificate: //p' "$work/tls")
AKOOL_SIMULATOR_PLAIN_URL=$(sed -n 's/.* listening on //p' "$work/plain")
export AKOOL_SIMULATOR_URL AKOOL_SIMULATOR_CA AKOOL_SIMULATOR_PLAIN_URL

# shellcheck disable=SC2086 # a list of options
Tests/c/run.sh "$folder" $option "$@"
