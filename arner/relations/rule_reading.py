"""One rule file read: TOML to checked tables, with every problem of form and the line on which it stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from arner.relations.rule_file import LexiconTable, RuleFile, RuleTable
from arner.relations.toml_lines import Path as TomlPath
from arner.relations.toml_lines import toml_lines
from arner.schema import RelationType

__all__ = ["Problem", "ReadFile", "read_rule_file"]

_TABLES: Final = ("rule", "lexicon", "macros", "kinds")
_TOP: Final = "a rule file holds [[rule]], [lexicon.NAME], [macros] and [kinds] tables"
_SHOWN: Final = 60
"""Characters of a wrong value that an error shows."""

_EXPECTED: Final[dict[str, str]] = {
    "id": 'small letters, digits and points, such as id = "visited.verb_subject"',
    "type": "one of " + ", ".join(member.value for member in RelationType),
    "pattern": "a text",
    "patterns": "a text or a list of texts",
    "head": "the name of a slot in small letters, or several with blanks between them",
    "claims": '"slot TYPE slot" or a list of such texts',
    "score": "a number above 0 and up to 1",
    "examples": '"sentence with [name PER] => subject > object", or => nothing, or a list of such texts',
    "off": "true or false",
    "note": "a text",
    "verbs": "past/present (زار/يزور) or a list of such texts",
    "nouns": "a text or a list of texts of at most 8 words, without a slash",
    "adjectives": "a text or a list of texts of at most 8 words, without a slash",
    "words": "a text or a list of texts of at most 8 words, without a slash",
}
_SECTIONS: Final[dict[str, tuple[str, str]]] = {
    "rule": ("'rule' must be a list of tables: write [[rule]]", ""),
    "lexicon": ("'lexicon' must be tables: write [lexicon.NAME]", "the name of a class: small letters and digits"),
    "macros": ('[macros] holds lines of the form name = "piece of a pattern"', "the name of a macro: small letters"),
    "kinds": ("[kinds] holds lines of the form name = [first words of names]", "the name of a kind: small letters"),
}


class Problem(NamedTuple):
    """Something wrong in a rule file: what, where, and what is expected instead."""

    path: Path
    line: int | None
    message: str


class ReadFile:
    """One rule file: the tables that are well-formed, and the problems of the others.

    Attributes:
        path: the file.
        rules: the well-formed ``[[rule]]`` tables, each with its index in the file.
        lexicons: the well-formed lexicon tables by name.
        macros: pieces of patterns by name.
        kinds: first words of names by kind.
        problems: what is wrong, in no order.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rules: list[tuple[int, RuleTable]] = []
        self.lexicons: dict[str, LexiconTable] = {}
        self.macros: dict[str, str] = {}
        self.kinds: dict[str, list[str]] = {}
        self.problems: list[Problem] = []
        self._lines: dict[TomlPath, int] = {}

    def problem(self, where: TomlPath, message: str) -> None:
        """Note a problem of the key, item or table at that place."""
        self.problems.append(Problem(self.path, self.line(where), message))

    def line(self, where: TomlPath) -> int | None:
        """The line of that place, or of the table around it."""
        while where and where not in self._lines:
            where = where[:-1]
        return self._lines.get(where)

    def fill(self, data: dict[str, Any], lines: dict[TomlPath, int]) -> None:
        """Take what is well-formed of the file's data; note the problems of the rest."""
        self._lines = lines
        try:
            read = RuleFile.model_validate(data)
        except ValidationError as error:
            broken: set[TomlPath] = set()
            for where, message in _complaints(error, data):
                broken.add(where[:2])
                self.problem(where, message)
            sound = {name: _without(data[name], name, broken) for name in _TABLES if name in data}
            read = RuleFile.model_validate({name: part for name, part in sound.items() if part is not None})
            tables = data.get("rule")
            kept = [n for n in range(len(tables)) if ("rule", n) not in broken] if isinstance(tables, list) else []
        else:
            kept = list(range(len(read.rule)))
        self.rules = list(zip(kept, read.rule, strict=True))
        self.lexicons, self.macros, self.kinds = read.lexicon, read.macros, read.kinds


def read_rule_file(path: Path) -> ReadFile:
    """The file's tables and its problems of form; a file that cannot be read at all is a problem too."""
    file = ReadFile(path)
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        file.problem((), f"the rule file is not UTF-8 text: byte 0x{error.object[error.start]:02x} at {error.start}")
        return file
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        file.problem((), f"cannot read the rule file: {getattr(error, 'strerror', None) or error}")
        return file
    try:
        data = tomllib.loads(text)
        lines = toml_lines(text)
    except RecursionError:
        file.problem((), "not a rule file: brackets are nested too deeply")
    except ValueError as error:  # TOMLDecodeError is one; so is what Python says of a number of thousands of digits
        where = re.search(r"at line (\d+)", str(error))
        line = int(where[1]) if where else text.count("\n") + 1 if "end of document" in str(error) else None
        file.problems.append(Problem(path, line, f"not TOML: {error}"))
    else:
        file.fill(data, lines)
    return file


def _without(section: Any, name: str, broken: set[TomlPath]) -> Any:
    """The section without its broken parts; None where the section itself is broken."""
    if (name,) in broken:
        return None
    if isinstance(section, list):
        return [part for n, part in enumerate(section) if (name, n) not in broken]
    return {key: part for key, part in section.items() if (name, key) not in broken}


def _complaints(error: ValidationError, data: dict[str, Any]) -> Iterator[tuple[TomlPath, str]]:
    for found in error.errors(include_url=False, include_context=False):
        where = found["loc"]
        key = where[0] in ("lexicon", "macros", "kinds") and where[2:3] == ("[key]",)
        where = where[:2] if key else where
        yield where, _message(where, found["type"], found["input"], data, key=key)


def _message(where: TomlPath, kind: str, value: Any, data: dict[str, Any], *, key: bool) -> str:
    section = str(where[0])
    if section not in _TABLES:
        return f"unknown table {_short(section)}: {_TOP}"
    if len(where) == 1 or (section == "rule" and len(where) == 2):
        return _SECTIONS[section][0]
    if key:
        return f"{_short(where[1])} is not {_SECTIONS[section][1]}"
    if section in ("macros", "kinds"):
        return f"[{section}]: {where[1]!r} must be {'a text' if section == 'macros' else 'a text or a list of words'}"
    if section == "rule":
        rule = data["rule"][where[1]]
        owner, allowed = f"rule {_short(rule.get('id', f'number {int(where[1]) + 1}'))}", RuleTable.model_fields
    else:
        owner, allowed = f"lexicon {_short(where[1])}", LexiconTable.model_fields
        if len(where) == 2:
            return f"{owner} must be a table: write [lexicon.{where[1]}]"
    name = str(where[2])
    if kind == "extra_forbidden":
        return f"{owner}: unknown key {_short(name)}: use {', '.join(sorted(allowed))}"
    if kind == "missing":
        return f"{owner} needs an {name}: {_EXPECTED[name]}"
    if section == "rule" and name == "type" and isinstance(value, str):
        return f"{owner}: unknown relation type {_short(value)}: use {_EXPECTED[name]}"
    expected = _EXPECTED.get(name) or "one of " + ", ".join(_choices(name))
    return f"{owner}: {name} {_short(value)} is not {expected}"


def _choices(name: str) -> Sequence[str]:
    schema = RuleTable.model_json_schema()["properties"][name]
    options = schema.get("enum") or next(part["enum"] for part in schema["anyOf"] if "enum" in part)
    return [str(option) for option in options]


def _short(value: Any) -> str:
    shown = (
        repr(value) if not isinstance(value, (list, dict)) else f"a {'list' if isinstance(value, list) else 'table'}"
    )
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
