"""Each package is installed in a clean place, and the quick start is run there.

`make consumer-test` takes the packages that `make packages` left in dist/; without AKOOL_DIST they are made anew.
"""
