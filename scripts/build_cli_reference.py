"""Writes the reference in docs/CLI.md: every command with its arguments, options, examples and exit codes.

    python scripts/build_cli_reference.py [--check] [PAGE]

What it says comes from the commands themselves, as `--help` shows it; what stands in the page above the mark is written
by hand. PAGE is docs/CLI.md where left out. --check writes nothing and fails where the page is out of date.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Final

import typer

from arner.cli.app import app
from arner.cli.epilog import EXIT_CODES

PAGE: Final = Path(__file__).parents[1] / "docs" / "CLI.md"
MARK: Final = "<!-- From here on, scripts/build_cli_reference.py writes this page. -->\n"


def reference() -> str:
    """The part of the page below the mark."""
    commands = "\n".join(_commands(typer.main.get_command(app), "arner"))
    codes = "\n".join(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    return f"{MARK}\n## Exit codes\n\n| code | means |\n|---|---|\n{codes}\n\n## Reference\n\n{commands}"


def _commands(command: Any, path: str) -> Iterator[str]:
    """A command and those below it, from the inside out of the tree that typer makes."""
    if hasattr(command, "commands"):
        for name, member in command.commands.items():
            yield from _commands(member, f"{path} {name}")
        return
    yield f"### `{path}`\n"
    yield re.sub(r"\n {4,}(arner .*)", r"\n`\1`", command.help.strip()).replace(r"\[", "[") + "\n"
    rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
    if rows:
        yield "| | default | |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    examples = re.findall(r"^  \$ (.*)", command.epilog or "", re.M)
    if examples:
        yield "```console\n" + "\n".join(examples) + "\n```\n"


def _row(parameter: Any) -> str:
    metavar = parameter.metavar or ""
    if not metavar and not getattr(parameter, "is_flag", False):
        metavar = _kind(parameter.type_descriptor.annotation)
    if parameter.param_type_name == "argument":
        names = parameter.metavar or parameter.name.upper()
    else:
        flags = [*reversed(parameter.opts), *parameter.secondary_opts]
        names = ", ".join(flags) + (f" {metavar}" if metavar else "")
    default = getattr(parameter.default, "value", parameter.default)
    shown = f"`{default}`" if isinstance(default, str | int | float) and not isinstance(default, bool) else ""
    return f"| `{_cell(names)}` | {shown} | {_cell(parameter.help or '')} |"


def _kind(annotation: Any) -> str:
    """What stands for a value: the members of a choice, else the name of its type."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return "|".join(member.value for member in annotation)
    return getattr(annotation, "__name__", "value").upper()


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace(r"\[", "[")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path, nargs="?", default=PAGE)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    page = args.page.read_text(encoding="utf-8")
    written, mark, _ = page.partition(MARK)
    if not mark:
        sys.exit(f"{args.page}: the mark {MARK!r} is missing")
    new = written + reference()
    if args.check:
        if page != new:
            sys.exit(f"{args.page} is out of date: run python scripts/build_cli_reference.py")
        return 0
    args.page.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
