#!/usr/bin/env python3
"""A reduced round of the benchmarks: every program must run; the figures are only shown. Counts as one test."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

outcome = subprocess.run([sys.executable, str(ROOT / "benchmarks" / "run.py"), "--quick"], check=False)
print("benchmarks: 1 passed, 0 failed" if outcome.returncode == 0 else "benchmarks: 0 passed, 1 failed")
sys.exit(outcome.returncode)
