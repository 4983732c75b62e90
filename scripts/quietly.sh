#!/bin/sh
# Runs a long command and prints its name and duration instead of its output.
#
#   scripts/quietly.sh NAME SECONDS COMMAND...
#
# SECONDS is the usual duration on two cores. The output goes to build/logs/NAME.log; its end is printed on failure.
set -eu
name=$1 usual=$2
shift 2
root=$(cd "$(dirname "$0")/.." && pwd)
log="$root/build/logs/$(echo "$name" | tr ' ' '-').log"
mkdir -p "$root/build/logs"
echo "Building the $name (usually $usual s on two cores) …"
began=$(date +%s)
status=0
"$@" >"$log" 2>&1 || status=$?
seconds=$(($(date +%s) - began))
if [ "$status" -ne 0 ]; then
  tail -n 60 "$log"
  echo "Building the $name failed after $seconds s; all of its output: $log" >&2
  exit "$status"
fi
echo "Built the $name in $seconds s."
