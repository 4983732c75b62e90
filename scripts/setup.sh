#!/bin/sh
# Installs what the named targets of make need and the machine lacks: Debian packages and Python environments.
#
#   scripts/setup.sh TARGET...
#
# Needs Swift 6.2 or newer beforehand, for every target that builds the library. Uses sudo only if packages are missing
# and the user is not root, and says so first. Set AKOOL_SETUP=check to install nothing: missing packages are an error.
set -eu
cd "$(dirname "$0")/.."

packages=
environments=
needs_swift=

need() { packages="$packages $*"; }

library() {
  needs_swift=yes
  need libcurl4-openssl-dev libjansson-dev libsqlite3-dev libssl-dev gcc libc6-dev make pkg-config
}

node() {
  command -v node >/dev/null 2>&1 || need nodejs npm libnode-dev
}

python() { # ENVIRONMENT
  need python3-venv
  environments="$environments $1"
}

lint() {
  need shellcheck node-typescript
  python .venv
}

debian_packages() { need debhelper dpkg-dev lintian; }

tests() {
  library
  lint
  node
  debian_packages
  need g++ libcmocka-dev nginx-light valgrind openssl binutils cmake libjemalloc2 libnghttp2-dev zlib1g-dev
}

for target in "$@"; do
  case $target in
    lib | asan | tsan | demo | simulator | command | install | tarball) library ;;
    header) library && need python3 ;;
    lint | format) needs_swift=yes && lint ;;
    node | npm) library && node ;;
    wheel) library && python .venv-wheel ;;
    deb) library && debian_packages && need python3 ;;
    packages) library && node && debian_packages && python .venv-wheel ;;
    bench) library && node && need nginx-light openssl && python .venv ;;
    bench-instructions) library && need nginx-light valgrind && python .venv ;;
    test) tests ;;
    nightly | consumer-test) tests && python .venv-wheel && need debootstrap ;;
    *) echo "setup.sh: there is no target $target" >&2 && exit 2 ;;
  esac
done

if [ -n "$needs_swift" ] && ! command -v swift >/dev/null 2>&1; then
  echo "Swift is missing: install 6.2 or newer from https://www.swift.org/install/linux/ and put it on the PATH." >&2
  exit 1
fi

missing=
for package in $packages; do
  case " $missing " in *" $package "*) continue ;; esac
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done

if [ -n "$missing" ]; then
  if [ "${AKOOL_SETUP:-}" = check ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Please install these Debian packages, or your system's equivalents:$missing" >&2
    exit 1
  fi
  sudo=
  if [ "$(id -u)" -ne 0 ]; then
    sudo=sudo
    echo "make $1 needs these Debian packages:$missing"
    echo "They are installed with sudo apt-get, which may ask for your password. Ctrl-C stops here."
  fi
  echo "Installing:$missing"
  # The package lists may be absent or old: fetch them only if the installation fails without.
  # shellcheck disable=SC2086 # lists of words
  install_missing() {
    # Another apt may be at work, such as unattended upgrades.
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=900 \
      install -y -qq --no-install-recommends $missing
  }
  if ! install_missing >/dev/null 2>&1; then
    # apt-get update itself does not wait for its lock.
    for _ in 1 2 3 4 5 6; do
      $sudo apt-get update -qq && break
      sleep 10
    done
    install_missing >/dev/null
  fi
fi

for environment in $environments; do
  case $environment in
    .venv) requirements=Tests/requirements.txt ;;
    .venv-wheel) requirements=packaging/requirements.txt ;;
  esac
  cmp -s "$requirements" "$environment/requirements.txt" && continue
  echo "Making the Python environment $environment"
  python3 -m venv "$environment"
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
  cp "$requirements" "$environment/requirements.txt"
done
