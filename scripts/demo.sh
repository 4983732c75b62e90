#!/bin/sh
# Runs the quick start in C twice: with the simulator in its own process, then over HTTP with akool-simulator.
# Every AKOOL_* variable is taken away first, so that this can never spend money.
set -eu
cd "$(dirname "$0")/.."

for name in $(env | sed -n 's/^\(AKOOL_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$name"; done

mkdir -p build/examples
"${CC:-gcc}" -std=c99 -Wall -Wextra -O2 -Iinclude examples/c/quickstart.c -o build/examples/quickstart \
  -Lbuild/lib -lakool -Wl,-rpath,"$PWD/build/lib"

echo "== In process =="
build/examples/quickstart

echo
echo "== Over HTTP =="
pipe=$(mktemp -u)
mkfifo "$pipe"
trap 'kill "$simulator" 2>/dev/null || true; rm -f "$pipe"' EXIT
simulator/.build/debug/akool-simulator --port 0 --time-scale 10 --api-key simulator >"$pipe" 2>/dev/null &
simulator=$!
read -r line <"$pipe"
build/examples/quickstart --base-url "${line##* }"
