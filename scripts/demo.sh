#!/bin/sh
# Runs the whole job in C, simulated.
#
#   scripts/demo.sh          the simulator runs inside the program
#   scripts/demo.sh --http   the program speaks HTTP with akool-simulator
#
# Every AKOOL_* variable is removed first: the demo can never spend money.
set -eu
cd "$(dirname "$0")/.."

for name in $(env | sed -n 's/^\(AKOOL_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$name"; done

root=$PWD
mkdir -p build/examples
"${CC:-gcc}" -std=c99 -Wall -Wextra -O2 -Iinclude examples/c/whole_job.c -o build/examples/whole_job \
  -Lbuild/lib -lakool -Wl,-rpath,"$root/build/lib"
cd build/examples # The ledger is written here.

if [ "${1:-}" != --http ]; then
  ./whole_job
  echo
  echo "The same job over HTTP, against akool-simulator: make demo-http (builds that first, about 4 minutes)"
  exit
fi

pipe=$(mktemp -u)
mkfifo "$pipe"
trap 'kill "$simulator" 2>/dev/null || true; rm -f "$pipe"' EXIT
"$root/simulator/.build/debug/akool-simulator" --port 0 --time-scale 10 --api-key simulator >"$pipe" 2>/dev/null &
simulator=$!
read -r line <"$pipe"
./whole_job --base-url "${line##* }"
