"""The modules of benchmarks/ for its tests."""

import sys

from support.locations import REPOSITORY

sys.path.insert(0, str(REPOSITORY / "benchmarks"))
