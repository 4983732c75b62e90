#!/bin/sh
# Installs headers, library, the files for pkg-config and CMake, and the program akool with its manual page; build the
# library and the program first.
#
#   PREFIX=/usr/local LIBDIR=$PREFIX/lib DESTDIR= RELOCATABLE= scripts/install.sh
#
# DESTDIR is for packages: it is put before every path and appears in no file. With RELOCATABLE=1 no file has PREFIX in
# it either, so that it may be moved anywhere; LIBDIR has to be PREFIX/lib then.
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

# The way from the CMake files to the headers.
case "$libdir" in
  "$prefix"/*) includedir=$(echo "${libdir#"$prefix"/}/cmake/akool/" | sed 's|[^/]*/|../|g')include ;;
  *) includedir=$prefix/include ;;
esac
if [ -n "${RELOCATABLE:-}" ]; then
  [ "$libdir" = "$prefix/lib" ] || { echo "install.sh: RELOCATABLE wants LIBDIR to be PREFIX/lib" >&2 && exit 2; }
  prefix_in_pc='${pcfiledir}/../..' libdir_in_pc='${prefix}/lib'
else
  prefix_in_pc=$prefix libdir_in_pc=$libdir
fi

# Writes a file from its template, scripts/NAME.in.
fill() {
  sed -e "s|@PREFIX@|$prefix_in_pc|" -e "s|@LIBDIR@|$libdir_in_pc|" -e "s|@VERSION@|$version|" -e "s|@RPATH@|$rpath|" \
    -e "s|@INCLUDEDIR@|$includedir|" -e "s|@MAJOR@|${version%%.*}|" "$root/scripts/$1.in" >"$2/$1"
  chmod 644 "$2/$1"
}

install -d "$destination$prefix/include" "$destination$prefix/bin" "$destination$prefix/share/man/man1" \
  "$destination$libdir/pkgconfig" "$destination$libdir/cmake/akool"
for header in "$root"/include/*.h "$root"/include/*.hpp; do
  [ ! -f "$header" ] || install -m 644 "$header" "$destination$prefix/include/"
done
install -m 755 "$command" "$destination$prefix/bin/akool"
install -m 644 "$root/command/akool.1" "$destination$prefix/share/man/man1/akool.1"
install -m 755 "$library" "$destination$libdir/libakool.so.1"
ln -sf libakool.so.1 "$destination$libdir/libakool.so"
fill akool.pc "$destination$libdir/pkgconfig"
fill akool-config.cmake "$destination$libdir/cmake/akool"
fill akool-config-version.cmake "$destination$libdir/cmake/akool"

echo "installed libakool $version: $destination$prefix/include/akool.h, $destination$libdir/libakool.so.1"
