#!/bin/sh
# Builds libakool.so.1 with the Swift runtime inside.
#
#   scripts/build_lib.sh                      build/lib:  stripped release
#   scripts/build_lib.sh --sanitize=address   build/asan: with AddressSanitizer, not stripped
#   scripts/build_lib.sh --sanitize=thread    build/tsan: with ThreadSanitizer, not stripped
#
# A program that loads a sanitized library has to be linked with the same sanitizer by clang of the Swift
# toolchain.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"

name=lib
sanitizer=
case "${1:-}" in
  '') ;;
  --sanitize=address) name=asan sanitizer=address ;;
  --sanitize=thread) name=tsan sanitizer=thread ;;
  *)
    echo "usage: $0 [--sanitize=address|--sanitize=thread]" >&2
    exit 2
    ;;
esac

# --static-swift-stdlib of SwiftPM does nothing for dynamic libraries; the compiler's own option works.
set -- --configuration release --product akool --scratch-path ".build-$name" --disable-local-rpath \
  -Xswiftc -static-stdlib -Xswiftc -Xclang-linker -Xswiftc -fuse-ld=lld -Xswiftc -file-prefix-map -Xswiftc "$root=." \
  -Xlinker -soname=libakool.so.1 -Xlinker "--version-script=$root/scripts/libakool.map"

# Regular expressions are imported into every module unasked, and would be a sixth of the library.
set -- "$@" -Xswiftc -Xfrontend -Xswiftc -disable-implicit-string-processing-module-import

# nodelete: the runtime cannot be unloaded. now and relro: no writable function pointers after loading.
set -- "$@" -Xlinker -z -Xlinker nodelete -Xlinker -z -Xlinker now -Xlinker -z -Xlinker relro

case "$sanitizer" in
  '') set -- "$@" -Xlinker -z -Xlinker defs -Xlinker --gc-sections -Xlinker --icf=safe -Xlinker -s ;;
  address) set -- "$@" --sanitize=address ;;
  thread) set -- "$@" --sanitize=thread -Xlinker -ldispatch -Xlinker -lBlocksRuntime ;;
esac

swift build "$@"

mkdir -p "build/$name"
install -m 755 ".build-$name/release/libakool.so" "build/$name/libakool.so.1"
ln -sf libakool.so.1 "build/$name/libakool.so"
ls -l "build/$name/libakool.so.1"
