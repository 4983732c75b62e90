#!/bin/sh
# Builds libakool.so.1 with the Swift runtime inside.
#
#   scripts/build_lib.sh                      build/lib:  stripped release
#   scripts/build_lib.sh --sanitize=address   build/asan: with AddressSanitizer, not stripped
#   scripts/build_lib.sh --sanitize=thread    build/tsan: with ThreadSanitizer, not stripped
#   scripts/build_lib.sh --fuzz               build/fuzz: as asan, with the counters that guide libFuzzer
#   scripts/build_lib.sh --debug              build/debug: not optimised, from the build that `swift test` runs
#
# A program that loads a sanitized library has to be linked with the same sanitizer by the clang of the Swift
# toolchain: clang -fsanitize=address; for threads, whose sanitizer knows libdispatch,
# clang -fsanitize=thread -fuse-ld=lld -L TOOLCHAIN/usr/lib/swift_static/linux -ldispatch -lBlocksRuntime -lstdc++ -lm
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"

name=lib
sanitizer=
case "${1:-}" in
  '') ;;
  --sanitize=address) name=asan sanitizer=address ;;
  --sanitize=thread) name=tsan sanitizer=thread ;;
  --fuzz) name=fuzz sanitizer=address ;;
  --debug)
    swift build --build-tests
    mkdir -p build/debug
    # A copy, since SwiftPM links again if its own file is touched.
    install -m 755 .build/debug/libakool.so build/debug/libakool.so.1
    ln -sf libakool.so.1 build/debug/libakool.so
    exit
    ;;
  *)
    echo "usage: $0 [--sanitize=address|--sanitize=thread|--fuzz|--debug]" >&2
    exit 2
    ;;
esac

# --static-swift-stdlib of SwiftPM does nothing for dynamic libraries; the compiler's own option works. lld, because
# gold leaves local symbols in the dynamic symbol table.
set -- --configuration release --product akool --scratch-path ".build-$name" --disable-local-rpath \
  -Xswiftc -static-stdlib -Xswiftc -Xclang-linker -Xswiftc -fuse-ld=lld -Xswiftc -file-prefix-map -Xswiftc "$root=." \
  -Xlinker -soname=libakool.so.1 -Xlinker "--version-script=$root/scripts/libakool.map"

# Regular expressions are imported into every module unasked, and would be a sixth of the library.
set -- "$@" -Xswiftc -Xfrontend -Xswiftc -disable-implicit-string-processing-module-import

# Names of fields are for reflection, which nothing here uses.
set -- "$@" -Xswiftc -Xfrontend -Xswiftc -disable-reflection-metadata

# The debug build, which the Swift tests run, traps on overlapping access; here the checks would only cost.
set -- "$@" -Xswiftc -enforce-exclusivity=unchecked

# A section for each function lets the linker drop what nothing calls.
set -- "$@" -Xswiftc -Xfrontend -Xswiftc -function-sections

# nodelete: the runtime cannot be unloaded. now and relro: no writable function pointers after loading.
set -- "$@" -Xlinker -z -Xlinker nodelete -Xlinker -z -Xlinker now -Xlinker -z -Xlinker relro

case "$sanitizer" in
  '')
    # icf: functions that came out the same are one. Nothing here compares the addresses of functions.
    set -- "$@" -Xlinker -z -Xlinker defs -Xlinker --gc-sections -Xlinker --icf=all -Xlinker -s
    # The linker turns look-ups of characters' names into calls of a function that knows none.
    names="$root/.build-$name/no_scalar_names.o"
    set -- "$@" -Xlinker --wrap=_swift_stdlib_getScalarName -Xlinker "$names"
    # Packed relocations take 0.6 MB off. glibc reads them since 2.36; older ones say so and refuse to load them.
    glibc_minor=$(getconf GNU_LIBC_VERSION | sed 's/.*\.//')
    [ "$glibc_minor" -lt 36 ] || set -- "$@" -Xlinker -z -Xlinker pack-relative-relocs
    ;;
  address)
    set -- "$@" --sanitize=address
    # Of the compiler alone: the linker would add libFuzzer itself, with its main.
    [ "$name" != fuzz ] || set -- "$@" -Xswiftc -Xfrontend -Xswiftc -sanitize=fuzzer
    ;;
  thread)
    # The linker turns calls of swift_once into calls of its wrapper there.
    once="$root/.build-$name/tsan_once.o"
    set -- "$@" --sanitize=thread -Xlinker -ldispatch -Xlinker -lBlocksRuntime
    set -- "$@" -Xlinker --wrap=swift_once -Xlinker "$once"
    ;;
esac

# SwiftPM does not notice when options change, and does not link again when the version script does.
[ "$*" = "$(cat ".build-$name/options" 2>/dev/null)" ] || rm -rf ".build-$name"
mkdir -p ".build-$name"
echo "$*" >".build-$name/options"
rm -f ".build-$name/release/libakool.so"
clang=$(dirname "$(readlink -f "$(command -v swift)")")/clang
case "$sanitizer" in
  '') "$clang" -O1 -fPIC -c scripts/no_scalar_names.c -o "$names" ;;
  thread) "$clang" -O1 -g -fPIC -fsanitize=thread -c scripts/tsan_once.c -o "$once" ;;
esac
swift build "$@"

mkdir -p "build/$name"
install -m 755 ".build-$name/release/libakool.so" "build/$name/libakool.so.1"
ln -sf libakool.so.1 "build/$name/libakool.so"
ls -l "build/$name/libakool.so.1"
