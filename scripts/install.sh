#!/bin/sh
# Installs headers, library, pkg-config file and the program akool; build the library and the program first.
#
#   PREFIX=/usr/local LIBDIR=$PREFIX/lib DESTDIR= scripts/install.sh
#
# DESTDIR is for packages: it is put before every path and appears in no file.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
prefix=${PREFIX:-/usr/local}
libdir=${LIBDIR:-$prefix/lib}
destination=${DESTDIR:-}
library=$root/build/lib/libakool.so.1
command=$root/build/bin/akool

case "$prefix$libdir" in
  *'
'* | *'|'* | *' '*) echo "install.sh: PREFIX and LIBDIR must not contain blanks, line ends or |" >&2 && exit 2 ;;
esac
case "$prefix:$libdir" in
  /*:/*) ;;
  *) echo "install.sh: PREFIX and LIBDIR must be absolute" >&2 && exit 2 ;;
esac
[ -f "$library" ] || { echo "install.sh: $library is not there; run make lib first" >&2 && exit 1; }
[ -f "$command" ] || { echo "install.sh: $command is not there; run make command first" >&2 && exit 1; }

# Where the loader looks anyway, a program needs no hint.
case "$libdir" in
  /lib | /lib/* | /lib64 | /usr/lib | /usr/lib/* | /usr/lib64) rpath= ;;
  *) rpath=' -Wl,-rpath,${libdir}' ;;
esac
version=$(sed -n 's/^#define AKOOL_VERSION "\(.*\)"$/\1/p' "$root/include/akool.h")

install -d "$destination$prefix/include" "$destination$prefix/bin" "$destination$libdir/pkgconfig"
install -m 644 "$root/include/akool.h" "$destination$prefix/include/akool.h"
install -m 644 "$root/include/akool.hpp" "$destination$prefix/include/akool.hpp"
install -m 755 "$command" "$destination$prefix/bin/akool"
install -m 755 "$library" "$destination$libdir/libakool.so.1"
ln -sf libakool.so.1 "$destination$libdir/libakool.so"
sed -e "s|@PREFIX@|$prefix|" -e "s|@LIBDIR@|$libdir|" -e "s|@VERSION@|$version|" -e "s|@RPATH@|$rpath|" \
  "$root/scripts/akool.pc.in" >"$destination$libdir/pkgconfig/akool.pc"
chmod 644 "$destination$libdir/pkgconfig/akool.pc"

echo "installed libakool $version: $destination$prefix/include/akool.h, $destination$libdir/libakool.so.1"
