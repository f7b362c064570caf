"""The command line: thin wrappers over the library."""

from __future__ import annotations

from arner.cli.app import main

__all__ = ["main"]
