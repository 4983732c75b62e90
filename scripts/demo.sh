#!/bin/sh
# Runs the whole job in C twice: with the simulator in its own process, then over HTTP with akool-simulator.
# Every AKOOL_* variable is taken away first, so that this can never spend money.
set -eu
cd "$(dirname "$0")/.."

for name in $(env | sed -n 's/^\(AKOOL_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$name"; done

root=$PWD
mkdir -p build/examples
"${CC:-gcc}" -std=c99 -Wall -Wextra -O2 -Iinclude examples/c/whole_job.c -o build/examples/whole_job \
  -Lbuild/lib -lakool -Wl,-rpath,"$root/build/lib"
cd build/examples # The ledger is written here.

echo "== In process =="
./whole_job

echo
echo "== Over HTTP =="
pipe=$(mktemp -u)
mkfifo "$pipe"
trap 'kill "$simulator" 2>/dev/null || true; rm -f "$pipe"' EXIT
"$root/simulator/.build/debug/akool-simulator" --port 0 --time-scale 10 --api-key simulator >"$pipe" 2>/dev/null &
simulator=$!
read -r line <"$pipe"
./whole_job --base-url "${line##* }"
