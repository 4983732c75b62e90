#!/bin/sh
# Makes dist/libakool-VERSION-linux_x86_64.tar.gz: what `make install` installs, to be unpacked anywhere.
#
#   scripts/make_tarball.sh [FOLDER]
#
# Run `make lib command` first. pkg-config, CMake and the program akool find everything from where they are. The same
# sources and library give the same bytes: the date is SOURCE_DATE_EPOCH, or else that of the last commit.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root/dist}

version=$(sed -n 's/^#define AKOOL_VERSION "\(.*\)"$/\1/p' "$root/include/akool.h")
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || stat -c %Y "$root/CHANGELOG.md")}
name=libakool-$version-linux_x86_64

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
# One folder of the archive is the prefix; under which name it is built appears nowhere.
PREFIX=/opt/libakool DESTDIR=$work RELOCATABLE=1 "$root/scripts/install.sh" >/dev/null
mv "$work/opt/libakool" "$work/$name"
cp "$root/LICENSE" "$root/CHANGELOG.md" "$work/$name/"

mkdir -p "$folder"
tar -C "$work" --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner -cf - "$name" |
  gzip -9n >"$folder/$name.tar.gz"
echo "made $(cd "$folder" && pwd)/$name.tar.gz"
