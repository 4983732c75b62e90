"""The benchmark of libakool: what `run.py` is made of."""
