#!/bin/sh
# Compiles the C tests and the whole job, links them to libakool in LIBDIR, and runs them.
#
#   Tests/c/run.sh LIBDIR [--sanitize=address|--sanitize=thread] [--valgrind] [--reduced] [NAME...]
#
#   LIBDIR               where libakool.so is
#   --sanitize=address   with clang's AddressSanitizer (clang of the Swift toolchain, else of the system)
#   --sanitize=thread    with its ThreadSanitizer, for a library that is built with that
#   --valgrind           under valgrind, with fewer rounds
#   --reduced            a tenth of the rounds of every repeated test
#   NAME...              only these tests: test_wait, exit_under_load, ...
#
# Environment:
#   AKOOL_INCLUDE        where akool.h is; include/ of this tree when unset
#   AKOOL_SIMULATOR_URL  an akool-simulator that nobody else uses meanwhile: the main job then runs over HTTP.
#                        With https:// and AKOOL_SIMULATOR_CA, exit_under_load runs too.
#   AKOOL_SIMULATOR_PLAIN_URL  another one, without TLS, where time runs ten times faster: the whole job and the
#                        races then run over HTTP too. AKOOL_SIMULATOR_URL serves the whole job as well when it is
#                        http://.
#   AKOOL_TEST_RACES     how many requests test_races makes, and how long test_submit_races tries
#   AKOOL_TEST_SEED      repeats the choices of a run of test_races
#   CC                   the compiler; gcc when unset
#
# The last line is `c: N passed, N failed`, and `, N skipped` when some could not be run.
set -u

usage() {
  sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d'
  exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
library=
sanitize=
valgrind=
names=
for argument in "$@"; do
  case $argument in
    --sanitize=address) sanitize=address ;;
    --sanitize=thread) sanitize=thread ;;
    --valgrind) valgrind=yes ;;
    --reduced) export AKOOL_TEST_REDUCED=1 ;;
    -*) usage ;;
    *) if [ -z "$library" ]; then library=$argument; else names="$names $argument"; fi ;;
  esac
done
[ -n "$library" ] || usage
[ -e "$library/libakool.so" ] || { echo "c: there is no libakool.so in $library" >&2; exit 2; }
library=$(cd "$library" && pwd)
include=${AKOOL_INCLUDE:-$root/include}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# ---------------------------------------------------------------- compiling

compiler=${CC:-gcc}
linker=
flags="-std=c99 -Wall -Wextra -pedantic -Werror -O1 -g -pthread -I$include"
libraries=
if [ -n "$sanitize" ]; then
  swift=$(command -v swift) && compiler=$(dirname "$(readlink -f "$swift")")/clang
  [ -x "$compiler" ] || compiler=clang
  # The gold linker, which some toolchains default to, warns about every symbol of the sanitizer.
  [ -x "$(dirname "$compiler")/ld.lld" ] && linker=-fuse-ld=lld
  flags="$flags -fsanitize=$sanitize -fno-omit-frame-pointer"
fi
case $sanitize in
  address)
    # Swift keeps marks in the upper bits of pointers to strings and enums, so leak checkers take whatever lives in
    # a global for lost. test_memory measures leaks instead.
    export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=0:detect_stack_use_after_return=1:strict_string_checks=1}"
    export AKOOL_TEST_SLOWNESS="${AKOOL_TEST_SLOWNESS:-4}"
    ;;
  thread)
    # The sanitizer of the Swift toolchain knows libdispatch.
    libraries="-L$(dirname "$compiler")/../lib/swift_static/linux -ldispatch -lBlocksRuntime -lstdc++ -lm"
    export AKOOL_TEST_SLOWNESS="${AKOOL_TEST_SLOWNESS:-10}"
    ;;
esac

# shellcheck disable=SC2086
compile() { # SOURCE [OBJECT OR LIBRARY...]
  source=$1
  shift
  "$compiler" $flags $linker "$source" "$@" -o "$work/$(basename "$source" .c)" \
    -L"$library" -Wl,-rpath,"$library" -lakool $libraries
}

# shellcheck disable=SC2086
for part in support support_process; do
  "$compiler" $flags -c "$here/$part.c" -o "$work/$part.o" || exit 1
done

# ------------------------------------------------------------------ running

runner=
if [ -n "$valgrind" ]; then
  runner="valgrind --quiet --fair-sched=yes --error-exitcode=99 --leak-check=no --num-callers=40"
  [ -e "$here/valgrind.supp" ] && runner="$runner --suppressions=$here/valgrind.supp"
  export AKOOL_TEST_REDUCED=1
  export AKOOL_TEST_RACES="${AKOOL_TEST_RACES:-1000}"
  export AKOOL_TEST_SLOWNESS="${AKOOL_TEST_SLOWNESS:-20}"
fi
export CMOCKA_MESSAGE_OUTPUT=TAP
for variable in AKOOL_API_KEY AKOOL_TOKEN AKOOL_CLIENT_ID AKOOL_CLIENT_SECRET AKOOL_BASE_URL; do
  unset "$variable"
done
# How long a program may take: many times what it needs, on a machine that is busy with other things.
limit_s=$((120 + 20 * ${AKOOL_TEST_SLOWNESS:-1}))
[ -n "${AKOOL_TEST_REDUCED:-}" ] || limit_s=$((limit_s * 10))
passed=0
failed=0
left_out=0

count() { grep -c "$1" "$work/output"; }

# Whatever ends without having told of every planned test has failed in those.
judge() { # NAME STATUS
  planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$work/output" | head -n 1)
  good=$(count '^ok ')
  skipped=$(count '^not ok .*# SKIP')
  bad=$(($(count '^not ok ') - skipped))
  missing=$((${planned:-1} - good - bad - skipped))
  [ "$missing" -gt 0 ] && bad=$((bad + missing))
  [ "$2" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
  passed=$((passed + good))
  failed=$((failed + bad))
  left_out=$((left_out + skipped))
  note=
  [ "$skipped" -gt 0 ] && note=", $skipped skipped"
  if [ "$bad" -gt 0 ]; then
    head -n 200 "$work/output"
    [ "$(wc -l <"$work/output")" -gt 200 ] && tail -n 40 "$work/output"
    note="$note, exit status $2"
  fi
  printf '%-22s %3d passed, %d failed%s\n' "$1" "$good" "$bad" "$note"
  sed -n 's/^figures: /  /p' "$work/output"
}

# What hangs is aborted, so that it counts as failed and the others still run; gdb, where there is one, tells first
# where its threads stand. Programs may leave files in the folder where they run.
run() { # NAME COMMAND...
  name=$1
  shift
  (cd "$work" && exec "$@") >"$work/output" 2>&1 &
  program=$!
  (
    sleep "$limit_s" &
    trap 'kill $! 2>/dev/null; exit 0' TERM
    wait $!
    echo "not ok $name stopped after $limit_s s" >>"$work/output"
    command -v gdb >/dev/null && gdb -p "$program" -batch -ex "thread apply all backtrace 20" >>"$work/output" 2>/dev/null
    kill -KILL "$program"
  ) 2>/dev/null &
  watchdog=$!
  wait "$program"
  status=$?
  kill -TERM "$watchdog" 2>/dev/null
  wait "$watchdog" 2>/dev/null
  judge "$name" "$status"
}

wanted() {
  [ -z "$names" ] && return 0
  case " $names " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

does_not_compile() {
  failed=$((failed + 1))
  echo "$1 does not compile"
}

compile "$root/examples/c/whole_job.c" || does_not_compile whole_job
export AKOOL_WHOLE_JOB="$runner $work/whole_job"

for program in "$here"/test_*.c; do
  name=$(basename "$program" .c)
  wanted "$name" || continue
  if compile "$program" "$work/support.o" "$work/support_process.o" -lcmocka; then
    # shellcheck disable=SC2086
    run "$name" $runner "$work/$name"
  else
    does_not_compile "$name"
  fi
done

if wanted exit_under_load && [ -n "${AKOOL_SIMULATOR_CA:-}" ]; then
  rounds=300
  [ -n "${AKOOL_TEST_REDUCED:-}" ] && rounds=30
  if compile "$here/exit_under_load.c"; then
    run exit_under_load "$here/exit_under_load.sh" "$work/exit_under_load" "$rounds"
  else
    does_not_compile exit_under_load
  fi
fi

note=
[ "$left_out" -gt 0 ] && note=", $left_out skipped"
echo "c: $passed passed, $failed failed$note"
[ "$failed" -eq 0 ]
