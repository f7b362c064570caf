"""What `arner` exports is what it says it exports."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import arner

SOURCE = Path(arner.__file__)


def test_all_is_sorted_and_complete():
    assert arner.__all__ == sorted(arner.__all__)
    assert dir(arner) == arner.__all__
    for name in arner.__all__:
        assert getattr(arner, name) is not None
    assert set(arner.errors.__all__) <= set(arner.__all__)


def test_the_types_that_checkers_see_are_those_loaded_lazily():
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name: node.module for node in block.body for alias in node.names}
    assert seen == arner._LAZY


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Extracter'"):
        _ = arner.Extracter


@pytest.mark.parametrize("path", sorted(SOURCE.parent.rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE.parent)))
def test_every_module_lists_what_it_exports(path):
    """`__all__` names things that exist; nothing else in a module is meant for others."""
    if path.name in ("__main__.py", "_version.py"):
        return
    parts = path.relative_to(SOURCE.parent.parent).with_suffix("").parts
    module = importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    assert module.__doc__, "a module says its job"
    for name in getattr(module, "__all__", ()):
        assert hasattr(module, name), name
