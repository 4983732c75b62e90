#!/bin/sh
# Runs the C tests, each round with a simulator of its own over TLS.
#
#   scripts/test_c.sh lib        against build/lib
#   scripts/test_c.sh asan       against build/asan, with AddressSanitizer (built first)
#   scripts/test_c.sh valgrind   against build/lib, under valgrind
#
# FULL=1 runs every round of the repeated tests (300 exits under load); otherwise a tenth.
set -eu
cd "$(dirname "$0")/.."

folder=build/lib
option=
case "${1:-}" in
  lib) ;;
  asan) folder=build/asan option=--sanitize=address && scripts/build_lib.sh --sanitize=address >/dev/null ;;
  valgrind) option=--valgrind ;;
  *) echo "usage: $0 lib|asan|valgrind" >&2 && exit 2 ;;
esac
[ -n "${FULL:-}" ] || option="$option --reduced"

work=$(mktemp -d)
mkfifo "$work/out" "$work/in"
trap 'kill "$simulator" 2>/dev/null || true; rm -rf "$work"' EXIT
simulator/.build/debug/akool-simulator --port 0 --tls --api-key simulator --exit-with-stdin <"$work/in" >"$work/out" 2>/dev/null &
simulator=$!
exec 8>"$work/in" 9<"$work/out"
read -r listening <&9
read -r certificate <&9

# shellcheck disable=SC2086 # a list of options
AKOOL_SIMULATOR_URL=${listening##* } AKOOL_SIMULATOR_CA=${certificate#*: } Tests/c/run.sh "$folder" $option
