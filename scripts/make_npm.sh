#!/bin/sh
# Makes the npm package, dist/libakool-VERSION.tgz, with the addon and the library ready-made. Fetches nothing.
#
#   AKOOL_LIB=build/lib/libakool.so.1 scripts/make_npm.sh [FOLDER]
#
# Run `make lib` first. Needs npm, gcc and Node's headers: see scripts/build_node.sh.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
library=${AKOOL_LIB:-$root/build/lib/libakool.so.1}
folder=${1:-$root/dist}

fail() { echo "make_npm.sh: $*" >&2 && exit 1; }

command -v npm >/dev/null 2>&1 || fail "no npm: apt-get install -y npm"
[ -f "$library" ] || fail "$library is not there; run make lib first, or set AKOOL_LIB"
version=$(sed -n 's/^#define AKOOL_VERSION "\(.*\)"$/\1/p' "${AKOOL_INCLUDE:-$root/include}/akool.h")
grep -q "\"version\": \"$version\"" "$root/bindings/node/package.json" ||
  fail "bindings/node/package.json has another version than akool.h, $version"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/package"
for part in lib types package.json README.md; do cp -R "$root/bindings/node/$part" "$work/package/"; done
cp "$root/LICENSE" "$work/package/"
"$root/scripts/build_node.sh" "$work/package/prebuilt"
cp -L "$library" "$work/package/prebuilt/libakool.so.1"
strip --strip-unneeded "$work/package/prebuilt/akool.node" "$work/package/prebuilt/bridge.so"

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
cd "$work/package"
# No scripts run, neither ours (there are none) nor npm's look for a newer npm.
npm pack --ignore-scripts --offline --no-update-notifier --silent --pack-destination "$folder" >"$work/name"
echo "made $folder/$(cat "$work/name")"
