"""Runs files of tests that need no pytest, with any version of Python: `plain.py FILE...`"""

import importlib
import os
import sys
import traceback
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
warnings.simplefilter("error", ResourceWarning)


def main(names):
    failed = 0
    for name in names:
        module = importlib.import_module(name)
        for test in [value for key, value in vars(module).items() if key.startswith("test_")]:
            try:
                test()
                print("passed", test.__name__)
            except Exception:
                failed += 1
                print("failed", test.__name__, traceback.format_exc(), flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
