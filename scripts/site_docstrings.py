"""What griffe runs on docstrings for the documentation site.

Examples and drawings become blocks of code: docstrings end in a bare doctest, which Markdown would take for a
quotation, and ``.. code-block::`` is not Markdown. The description of a pydantic field becomes its docstring, its
default its value.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from griffe import Attribute, Docstring, ExprCall, ExprKeyword, Extension, Object

__all__ = ["Docstrings", "fenced"]


def fenced(docstring: str) -> str:
    r"""The docstring with each doctest in a fence.

    >>> print(fenced("Adds.\n\n>>> add(1,\n...     2)\n3\n\nMore.").replace("`", "~"))
    Adds.
    <BLANKLINE>
    ~~~pycon
    >>> add(1,
    ...     2)
    3
    ~~~
    <BLANKLINE>
    More.
    """
    docstring = re.sub(
        r"^\.\. code-block:: (\w+)\n\n((?:(?:    .*)?\n)+)", _drawing, docstring + "\n", flags=re.MULTILINE
    )
    return re.sub(r"^(>>> .*(?:\n(?!\n).+)*)", r"```pycon\n\1\n```", docstring, flags=re.MULTILINE).rstrip("\n")


def _drawing(match: re.Match[str]) -> str:
    body = re.sub(r"^ {4}", "", match[2].rstrip("\n"), flags=re.MULTILINE)
    return f"```{match[1]}\n{body}\n```\n\n"


class Docstrings(Extension):
    """Changes the docstring of every object before it is read."""

    def on_instance(self, *, obj: Object, **_: Any) -> None:
        """Called for each module, class, function and attribute."""
        if isinstance(obj, Attribute) and isinstance(obj.value, ExprCall) and str(obj.value.function) == "Field":
            _field(obj, obj.value)
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)


def _field(attribute: Attribute, call: ExprCall) -> None:
    options = {option.name: option.value for option in call.arguments if isinstance(option, ExprKeyword)}
    if "description" in options and attribute.docstring is None:
        words = ast.literal_eval(str(options["description"]))
        attribute.docstring = Docstring(f"{words[:1].upper()}{words[1:]}.", parent=attribute)
    attribute.value = options.get("default")
