"""Where the things are that are tested."""

import os
import pathlib

ROOT = pathlib.Path(os.environ.get("AKOOL_ROOT", pathlib.Path(__file__).resolve().parents[2])).resolve()
LIBRARY = pathlib.Path(os.environ.get("AKOOL_LIB", ROOT / "build/lib/libakool.so.1")).resolve()
BUILD = pathlib.Path(os.environ.get("AKOOL_BUILD", ROOT / ".build-lib/release")).resolve()
HEADER = ROOT / "include/akool.h"
