#!/bin/sh
# Makes the wheel, dist/libakool-VERSION-py3-none-linux_x86_64.whl, with the library ready-made. Fetches nothing.
#
#   AKOOL_LIB=build/lib/libakool.so.1 PYTHON=.venv-wheel/bin/python scripts/make_wheel.sh [FOLDER]
#
# Run `make lib` first. Needs a Python with pip and setuptools 77 or newer: `make wheel` makes one in .venv-wheel, and
# that of the tests in .venv will do.
# The same sources and library make the same wheel, byte for byte.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
library=${AKOOL_LIB:-$root/build/lib/libakool.so.1}
default=$root/.venv-wheel/bin/python
[ -x "$default" ] || default=$root/.venv/bin/python
python=${PYTHON:-$default}
folder=${1:-$root/dist}

fail() { echo "make_wheel.sh: $*" >&2 && exit 1; }

"$python" -c 'import setuptools; assert int(setuptools.__version__.split(".")[0]) >= 77' 2>/dev/null ||
  fail "$python has no setuptools 77 or newer; run scripts/setup.sh wheel, or set PYTHON"
[ -f "$library" ] || fail "$library is not there; run make lib first, or set AKOOL_LIB"
version=$(sed -n 's/^#define AKOOL_VERSION "\(.*\)"$/\1/p' "${AKOOL_INCLUDE:-$root/include}/akool.h")
grep -q "^version = \"$version\"\$" "$root/bindings/python/pyproject.toml" ||
  fail "bindings/python/pyproject.toml has another version than akool.h, $version"
grep -q "^VERSION = \"$version\"\$" "$root/bindings/python/akool/_catalogue.py" ||
  fail "bindings/python/akool was generated for another version than akool.h, $version; run make header"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/package" "$work/package/akool" "$work/made"
for part in pyproject.toml setup.py README.md; do cp "$root/bindings/python/$part" "$work/package/"; done
for file in "$root/bindings/python/akool/"*.py "$root/bindings/python/akool/"*.pyi "$root/bindings/python/akool/py.typed"; do
  cp "$file" "$work/package/akool/"
done
cp "$root/LICENSE" "$work/package/"
cp -L "$library" "$work/package/akool/libakool.so.1"
find "$work/package" -type f -exec chmod 644 {} +

# One date for all files, and none of the installer's settings.
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-1767225600}" PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1
"$python" -m pip wheel --quiet --no-build-isolation --no-deps --no-index --wheel-dir "$work/made" "$work/package"
mkdir -p "$folder"
mv "$work/made/"*.whl "$folder/"
echo "made $folder/libakool-$version-py3-none-linux_x86_64.whl"
