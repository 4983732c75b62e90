#!/bin/sh
# Builds a newer libcurl than the system's from Debian's sources, for tests. Keeps it in build/curl.
#
#   scripts/build_curl.sh          prints the folder with libcurl.so.4, building it first if it is not there
#   scripts/build_curl.sh --force  builds it again
#
# Takes the pinned version, checked by its SHA-256, if the mirror still has it, and otherwise the newest of Debian, whose
# signature apt checks. Tests find the library through LD_LIBRARY_PATH; it has the symbol versions of Debian's.
#
# Needs gcc, make, libssl-dev, libnghttp2-dev and zlib1g-dev. AKOOL_DEBIAN_MIRROR replaces Debian's own mirror.
set -eu
version=8.14.1
sha256=6766ada7101d292b42b8b15681120acd68effa4a9660935853cf6d61f0d984d4
suites="trixie sid"

root=$(cd "$(dirname "$0")/.." && pwd)
mirror=${AKOOL_DEBIAN_MIRROR:-http://deb.debian.org/debian}
target=$root/build/curl
library=$target/lib

fail() { echo "build_curl.sh: $*" >&2 && exit 1; }

if [ -e "$library/libcurl.so.4" ] && [ "${1:-}" != --force ]; then
  echo "$library"
  exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/source"

fetch_pinned() {
  /usr/lib/apt/apt-helper -qq download-file "$mirror/pool/main/c/curl/curl_$version.orig.tar.gz" "$work/curl.tar.gz" \
    "SHA256:$sha256" >"$work/reason" 2>&1 && tar -xzf "$work/curl.tar.gz" -C "$work/source"
}

# Package lists of its own: those of the machine stay as they are.
fetch_newest() { # SUITE
  state=$work/apt-$1
  mkdir -p "$state/lists/partial" "$state/archives/partial"
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $1 main" >"$state/sources.list"
  set -- -qq -o Dir::State="$state" -o Dir::Cache="$state" -o Dir::Etc::sourcelist="$state/sources.list" \
    -o Dir::Etc::sourceparts=- -o Dir::Etc::preferencesparts=- -o Acquire::Languages=none -o APT::Sandbox::User=root
  apt-get "$@" update >>"$work/reason" 2>&1 &&
    (cd "$work/source" && apt-get "$@" source --only-source curl >>"$work/reason" 2>&1)
}

if ! fetch_pinned; then
  for suite in $suites; do
    echo "build_curl.sh: the mirror has no curl $version any more; trying the newest of $suite" >&2
    if fetch_newest "$suite"; then break; fi
  done
fi
cd "$work"/source/curl-* 2>/dev/null || fail "no source can be fetched: $(tail -n 5 "$work/reason")"

{
  ./configure --prefix="$target" --enable-versioned-symbols --with-openssl --with-nghttp2 --with-zlib \
    --without-brotli --without-zstd --without-libidn2 --without-libpsl --without-librtmp --without-libssh2 \
    --enable-threaded-resolver --disable-static --disable-ldap --disable-manual --disable-docs --disable-dict \
    --disable-file --disable-ftp --disable-gopher --disable-imap --disable-mqtt --disable-pop3 --disable-rtsp \
    --disable-smb --disable-smtp --disable-telnet --disable-tftp --disable-ipfs \
    --with-ca-bundle=/etc/ssl/certs/ca-certificates.crt
  make -j"$(nproc)" -C lib
  make -C lib install
} >"$work/log" 2>&1 || {
  tail -n 40 "$work/log" >&2
  fail "libcurl cannot be built"
}
echo "$library"
