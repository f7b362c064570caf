"""The exception tree: what is drawn is what is there."""

from __future__ import annotations

import re

import pytest

from arner import errors


def test_the_tree_in_the_docstring_is_the_tree():
    drawn = []
    above: list[str] = []
    for line in errors.__doc__.splitlines():
        match = re.match(r"    ([│├└─ ]*)(\w+Error)\b", line)
        if match:
            depth = len(match[1]) // 4
            above[depth:] = [match[2]]
            drawn.append((match[2], above[depth - 1] if depth else "Exception"))
    actual = [(name, getattr(errors, name).__mro__[1].__name__) for name in errors.__all__]
    assert sorted(drawn) == sorted(actual)


def test_every_error_is_an_arner_error():
    assert all(issubclass(getattr(errors, name), errors.ArnerError) for name in errors.__all__)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({}, "no such relation"),
        ({"path": "my.toml"}, "my.toml: no such relation"),
        ({"path": "my.toml", "line": 7}, "my.toml:7: no such relation"),
    ],
)
def test_a_data_file_error_says_where(place, message):
    assert str(errors.RuleError("no such relation", **place)) == message


def test_a_missing_extra_names_the_command():
    error = errors.MissingExtraError("the torch backend", "train")
    assert "pip install 'arner[train]'" in str(error)
    assert isinstance(error, ImportError)
