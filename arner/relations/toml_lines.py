"""The line on which each key, table and list item of a TOML file stands; the TOML library itself does not say."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["Path", "toml_lines"]

Path = tuple[str | int, ...]
"""Where a value stands: ``("rule", 0, "patterns", 2)`` is the third item of `patterns` of the first ``[[rule]]``."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*+")
_SPACE: Final = re.compile(r"[ \t]*+")
_STRING: Final = re.compile(
    "|".join(
        (
            r'"""(?:\\.|(?!""")[^\\])*+"""("{0,2})',
            r"'''(?:(?!''').)*+'''('{0,2})",
            r'"(?:\\.|[^"\\\n])*+"',
            r"'[^'\n]*+'",
        )
    ),
    re.DOTALL,
)
_BARE: Final = re.compile(r"[^\s,\]}=.#\[{\"']++")
_SCALAR: Final = re.compile(r"[^,\]}\n#]++")


def toml_lines(text: str) -> dict[Path, int]:
    r"""The line, from 1, of everything in a text that is TOML. Linear in its length.

    >>> lines = toml_lines('[macros]\na = "x"\n\n[[rule]]\nid = "a.b"\npatterns = [\n  "x",\n  "y",\n]\n')
    >>> lines["macros", "a"], lines["rule", 0], lines["rule", 0, "id"], lines["rule", 0, "patterns", 1]
    (2, 4, 5, 8)
    """
    # The library reads \r\n as \n, and a lone \r only within comments and strings of one line: lines are those of \n.
    return _Scanner(text).run()


class _Scanner:
    """Walks through a text that is known to be TOML, and so need not look for mistakes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.counted = 0
        self.lines: dict[Path, int] = {}
        self.tables: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        table: Path = ()
        self.skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(_BLANK)
        return self.lines

    def here(self) -> int:
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        assert match is not None  # these patterns match the empty string
        self.at = match.end()

    def header(self) -> Path:
        line = self.here()
        double = self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        path = self.inside(self.keys())
        self.at += 2 if double else 1
        if double:
            number = self.tables.get(path, -1) + 1
            self.tables[path] = number
            self.lines.setdefault(path, line)
            path = (*path, number)
        self.lines.setdefault(path, line)
        return path

    def inside(self, keys: list[str]) -> Path:
        """The path of a header's table: below a list of tables, it is the last of them that is meant."""
        path: Path = ()
        for n, key in enumerate(keys):
            path = (*path, key)
            if n < len(keys) - 1 and path in self.tables:
                path = (*path, self.tables[path])
        return path

    def keys(self) -> list[str]:
        found: list[str] = []
        while True:
            self.skip(_SPACE)
            match = _STRING.match(self.text, self.at)
            if match is not None:
                found.append(match[0][1:-1])
            else:
                match = _BARE.match(self.text, self.at)
                if match is None:
                    raise ValueError(f"no key at {self.at}: the text is not TOML")
                found.append(match[0])
            self.at = match.end()
            self.skip(_SPACE)
            if self.text[self.at : self.at + 1] != ".":
                return found
            self.at += 1

    def pair(self, table: Path) -> None:
        line = self.here()
        path = table
        for key in self.keys():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self.at += 1  # the sign of equality
        self.value(path)

    def value(self, path: Path) -> None:
        self.skip(_SPACE)
        opening = self.text[self.at : self.at + 1]
        if opening in ('"', "'"):
            match = _STRING.match(self.text, self.at)
            assert match is not None
            self.at = match.end()
        elif opening == "[":
            self.items(path)
        elif opening == "{":
            self.at += 1
            self.skip(_BLANK)
            while self.text[self.at : self.at + 1] not in ("}", ""):
                self.pair(path)
                self.separator()
            self.at += 1
        else:
            match = _SCALAR.match(self.text, self.at)
            self.at = match.end() if match is not None else self.at + 1

    def items(self, path: Path) -> None:
        self.at += 1
        self.skip(_BLANK)
        number = 0
        while self.text[self.at : self.at + 1] not in ("]", ""):
            self.lines[(*path, number)] = self.here()
            self.value((*path, number))
            number += 1
            self.separator()
        self.at += 1

    def separator(self) -> None:
        self.skip(_BLANK)
        if self.text[self.at : self.at + 1] == ",":
            self.at += 1
            self.skip(_BLANK)
