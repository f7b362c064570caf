"""``python -m arner``: the command line without the console script."""

from __future__ import annotations

from arner.cli import main

if __name__ == "__main__":
    main()
