#!/bin/sh
# Makes the Debian packages libakool1, libakool-dev and akool, in dist/.
#
#   AKOOL_LIB=build/lib/libakool.so.1 MAINTAINER="You <you@your.org>" LINTIAN=lintian scripts/make_deb.sh [FOLDER]
#
# Run `make lib` first. Needs debhelper and libjansson-dev, but not root. The same sources and library give the same
# bytes: the date in the packages is SOURCE_DATE_EPOCH, or else that of the last commit. What lintian calls an error or
# a warning is a failure; LINTIAN= does without it.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
library=${AKOOL_LIB:-$root/build/lib/libakool.so.1}
folder=${1:-$root/dist}

fail() { echo "make_deb.sh: $*" >&2 && exit 1; }

command -v dh >/dev/null 2>&1 || fail "no debhelper: apt-get install -y debhelper dpkg-dev libjansson-dev"
[ -f "$library" ] || fail "$library is not there; run make lib first, or set AKOOL_LIB"
# Sources that are no clone have no commits; their changelog is as old as they are.
age=$(git -C "$root" log -1 --format=%ct 2>/dev/null || stat -c %Y "$root/CHANGELOG.md")
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$age}"

# dpkg-buildpackage writes beside the tree that it builds in.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/libakool
mkdir -p "$tree/scripts" "$tree/build/lib" "$tree/docs" "$tree/examples"
cp -R "$root/include" "$root/command" "$tree/"
cp "$root/docs/errors.md" "$root/docs/operations.md" "$tree/docs/"
for language in c cpp; do
  [ ! -d "$root/examples/$language" ] || cp -R "$root/examples/$language" "$tree/examples/"
done
cp "$root"/scripts/install.sh "$root"/scripts/akool*.in "$tree/scripts/"
cp -L "$library" "$tree/build/lib/libakool.so.1"
ln -s libakool.so.1 "$tree/build/lib/libakool.so"
"$root/scripts/generate_debian.py" "$tree/debian" --epoch "$SOURCE_DATE_EPOCH" \
  ${MAINTAINER:+--maintainer "$MAINTAINER"}

start=$PWD
cd "$tree"
umask 022
LC_ALL=C dpkg-buildpackage --build=binary --no-sign >"$work/log" 2>&1 || {
  cat "$work/log" >&2
  fail "the packages could not be built; the reason is above"
}

lintian=${LINTIAN-lintian}
if [ -z "$lintian" ]; then
  echo "lintian was not asked"
elif command -v "$lintian" >/dev/null 2>&1; then
  "$lintian" --allow-root --fail-on error,warning "$work"/*.deb || fail "lintian is not content with the packages"
  echo "lintian has neither errors nor warnings"
else
  echo "lintian is not installed, so that nothing looked at the packages (apt-get install -y lintian)"
fi
cd "$start"
mkdir -p "$folder"
for package in "$work"/*.deb; do
  mv "$package" "$folder/"
  echo "made $(cd "$folder" && pwd)/${package##*/}"
done
