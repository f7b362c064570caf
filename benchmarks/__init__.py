"""Scripts that measure quality and speed; `run.py` measures arner against what could be used instead."""
