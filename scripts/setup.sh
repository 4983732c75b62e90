#!/bin/sh
# Installs what is missing: Debian's packages and, with --test, a Python environment in .venv.
#
#   scripts/setup.sh              for the library
#   scripts/setup.sh --packages   also for the packages of `make packages`
#   scripts/setup.sh --test       also for the tests, which make packages too
#   scripts/setup.sh --consumers  also for `make consumer-test`
#
# Needs nothing but Swift 6.2 or newer beforehand; says so when that is missing.
set -eu
cd "$(dirname "$0")/.."

packages="libcurl4-openssl-dev libjansson-dev libsqlite3-dev libssl-dev gcc libc6-dev make pkg-config"
tests=
case "${1:-}" in
  --test | --consumers) tests=yes ;;
esac
[ -z "$tests" ] || packages="$packages g++ libcmocka-dev nginx-light valgrind openssl binutils python3-venv node-typescript libjemalloc2"
[ -z "$tests" ] || packages="$packages cmake"
[ "${1:-}" != --consumers ] || packages="$packages debootstrap"
if [ -n "${1:-}" ]; then
  packages="$packages debhelper dpkg-dev lintian python3-venv"
  command -v node >/dev/null 2>&1 || packages="$packages nodejs npm libnode-dev"
fi

if ! command -v swift >/dev/null 2>&1; then
  echo "Swift is missing: install 6.2 or newer from https://www.swift.org/install/linux/ and put it on the PATH." >&2
  exit 1
fi

missing=
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done

if [ -n "$missing" ]; then
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "Please install the equivalents of these Debian packages:$missing" >&2
    exit 1
  fi
  sudo=
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  echo "Installing:$missing"
  $sudo apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

if [ -n "$tests" ] && ! cmp -s Tests/requirements.txt .venv/requirements.txt; then
  echo "Making the Python environment in .venv"
  python3 -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -r Tests/requirements.txt
  cp Tests/requirements.txt .venv/requirements.txt
fi
