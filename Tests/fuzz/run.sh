#!/bin/sh
# Fuzzes what reads the words of strangers: frames from rooms, webhooks, replies.
#
#   Tests/fuzz/run.sh SECONDS      each target for so long, against build/fuzz, whose code guides the fuzzer
#   Tests/fuzz/run.sh --reduced    each target a few thousand times, against build/asan
#
# The library is built first.
#
# The corpora are in Tests/fuzz/corpus. An input that breaks something is kept in build/fuzz-findings: a copy of it
# belongs into the corpus, beside the fix. The last line is `fuzz: N passed, N failed`.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

case "${1:-}" in
  --reduced) library=$root/build/asan kind=--sanitize=address limit=-runs=3000 ;;
  '' | *[!0-9]*) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d' && exit 2 ;;
  *) library=$root/build/fuzz kind=--fuzz limit=-max_total_time=$1 ;;
esac
"$root/scripts/build_lib.sh" "$kind" >/dev/null || { echo "fuzz: the library cannot be built" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
findings=$root/build/fuzz-findings
mkdir -p "$findings"
# Swift keeps marks in pointers, which leak checkers do not understand.
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=0:strict_string_checks=1}"
clang=$(dirname "$(readlink -f "$(command -v swift)")")/clang

passed=0
failed=0
for target in decode webhook reply; do
  mkdir -p "$work/$target.corpus"
  if ! "$clang" -g -O1 -fsanitize=fuzzer,address -fuse-ld=lld -pthread -I"$root/include" "$here/$target.c" "$here/fuzz.c" \
    -o "$work/$target" -L"$library" -Wl,-rpath,"$library" -lakool -lcrypto; then
    echo "$target: cannot be built"
    failed=$((failed + 1))
    continue
  fi
  "$work/$target" "$limit" -timeout=25 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 \
    -artifact_prefix="$findings/$target-" "$work/$target.corpus" "$here/corpus/$target" >"$work/output" 2>&1
  status=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/output")
  if [ "$status" -eq 0 ] && [ "${runs:-0}" -gt 0 ]; then
    passed=$((passed + 1))
    echo "ok $target: $runs inputs"
  else
    failed=$((failed + 1))
    tail -n 40 "$work/output"
    echo "not ok $target: exit status $status"
  fi
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
