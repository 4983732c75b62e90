#!/bin/sh
# Builds the Node addon: akool.node and bridge.so (see bindings/node/src/bridge.c) in build/node.
#
#   NODE=node CC=gcc scripts/build_node.sh [--sanitize=address] [FOLDER]
#
# Needs Node's headers, which belong to Node or to Debian's libnode-dev, and a C compiler. AKOOL_INCLUDE is the folder
# of akool.h, include/ unless set. The addon uses N-API 8 only: it works with every newer Node.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
source=$root/bindings/node/src
include=${AKOOL_INCLUDE:-$root/include}
node=${NODE:-node}
cc=${CC:-gcc}
sanitize=
folder=$root/build/node
for argument; do
  case $argument in
    --sanitize=*) sanitize="-fsanitize=${argument#--sanitize=} -g -O1" folder=$root/build/node-asan ;;
    *) folder=$argument ;;
  esac
done

fail() { echo "build_node.sh: $*" >&2 && exit 1; }

command -v "$cc" >/dev/null 2>&1 || fail "no C compiler: apt-get install -y gcc libc6-dev"
command -v "$node" >/dev/null 2>&1 || fail "no Node on the PATH: install Node 20 or newer, or set NODE to its program"
[ -f "$include/akool.h" ] || fail "no akool.h in $include; set AKOOL_INCLUDE"

headers=
for candidate in "${NODE_INCLUDE:-}" "$("$node" -p 'require("path").resolve(process.execPath, "../../include/node")')" \
  /usr/include/node /usr/include/nodejs/src /usr/local/include/node; do
  [ -n "$candidate" ] && [ -f "$candidate/node_api.h" ] && [ -f "$candidate/uv.h" ] && headers=$candidate && break
done
[ -n "$headers" ] || fail "no headers of Node (node_api.h, uv.h): apt-get install -y libnode-dev," \
  "or set NODE_INCLUDE to the folder include/node of the Node that you have"

mkdir -p "$folder"
work=$(mktemp -d "$folder/.work-XXXXXX")
trap 'rm -rf "$work"' EXIT
flags="-shared -fPIC -O2 -std=gnu11 -Wall -Wextra -Werror -Wl,-z,relro,-z,now"
# What is written appears under its name only when it is whole: tests of several processes may build at once.
# shellcheck disable=SC2086 # lists of words
"$cc" $flags $sanitize -fvisibility=hidden -DNAPI_VERSION=8 -I"$include" -isystem "$headers" \
  "$source/addon.c" "$source/client.c" "$source/library.c" -o "$work/akool.node" -ldl -lpthread

# The bridge is linked against a stand-in: the library itself is found when it is loaded.
: >"$work/empty.c"
"$cc" -shared -Wl,-soname,libakool.so.1 "$work/empty.c" -o "$work/libakool.so.1"
# shellcheck disable=SC2086
"$cc" $flags -fno-builtin "$source/bridge.c" -o "$work/bridge.so" -Wl,-rpath,'$ORIGIN' \
  -Wl,--no-as-needed -L"$work" -l:libakool.so.1 -ldl

mv "$work/bridge.so" "$folder/bridge.so"
mv "$work/akool.node" "$folder/akool.node"
echo "built $folder/akool.node (N-API 8) with the headers in $headers"
