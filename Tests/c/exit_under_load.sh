#!/bin/sh
# Starts PROGRAM some hundred times and reports each end that is not a clean one, in TAP.
#
#   exit_under_load.sh PROGRAM [COUNT]        300 unless COUNT says otherwise
#
# Needs AKOOL_SIMULATOR_URL (https) and AKOOL_SIMULATOR_CA. `timeout` ends what hangs, with status 124.
set -u
program=$1
count=${2:-300}
crashed=0
hung=0
failed=0

run=1
while [ "$run" -le "$count" ]; do
  timeout -k 1 20 "$program" "$run"
  status=$?
  case $status in
    0) ;;
    124 | 137) hung=$((hung + 1)) ;;
    *) if [ "$status" -gt 128 ]; then crashed=$((crashed + 1)); else failed=$((failed + 1)); fi ;;
  esac
  run=$((run + 1))
done

echo "1..1"
echo "# $count exits under TLS load: $crashed crashed, $hung hung, $failed could not do their work"
if [ $((crashed + hung + failed)) -eq 0 ]; then
  echo "ok 1 - exits_under_tls_load"
else
  echo "not ok 1 - exits_under_tls_load"
  exit 1
fi
