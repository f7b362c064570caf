"""Writes what users of arner can lean on, a line for each promise: names and signatures, commands and options, paths.

    python scripts/public_surface.py [--write]

Without `--write` it compares with `tests/golden/` and exits with 1 where they differ. A line that goes or changes
breaks somebody's program: it needs a line under "Changed" or "Removed" in CHANGELOG.md.
"""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import enum
import importlib
import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
GOLDEN: Final = ROOT / "tests" / "golden"
MODULES: Final = (
    "arner",
    "arner.schema",
    "arner.export",
    "arner.kg",
    "arner.bridges",
    "arner.serve",
    "arner.text",
    "arner.knowledge",
)
"""Packages whose `__all__` is documented (docs/API.md); what is elsewhere may change at any time."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write tests/golden/ anew")
    options = parser.parse_args()
    differing = [name for name, text in surfaces().items() if not kept(name, text, write=options.write)]
    if differing:
        sys.exit(
            f"the public surface differs from tests/golden/{', '.join(differing)}. Where that is meant: "
            "python scripts/public_surface.py --write, and say so in CHANGELOG.md"
        )


def kept(name: str, text: str, *, write: bool) -> bool:
    """Whether the file holds the text; prints the difference. With `write` it holds it afterwards."""
    path = GOLDEN / name
    if write:
        path.write_text(text, "utf-8")
    old = path.read_text("utf-8") if path.exists() else ""
    lines = difflib.unified_diff(old.splitlines(), text.splitlines(), f"tests/golden/{name}", "now", lineterm="", n=0)
    for line in lines:
        print(line)
    return old == text


def surfaces() -> dict[str, str]:
    """Every file of the surface with what it should hold."""
    return {
        "python.txt": "".join(line + "\n" for module in MODULES for line in names_of(module)),
        "commands.txt": "".join(line + "\n" for line in commands()),
        "relation_types.txt": "".join(line + "\n" for line in relation_types()),
        "openapi.json": json.dumps(openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
    }


def names_of(module_name: str) -> Iterator[str]:
    """The public names of a package, with the signatures of functions and methods."""
    module = importlib.import_module(module_name)
    for name in sorted(module.__all__):
        value = getattr(module, name)
        where = f"{module_name}.{name}"
        if inspect.ismodule(value):
            yield f"{where}: module"
        elif inspect.isclass(value):
            yield from members_of(where, value)
        elif inspect.isroutine(value):
            yield where + signature_of(value)
        elif isinstance(value, str) and name != "__version__":
            yield f"{where} = {value!r}"
        else:
            keys = " of " + " ".join(map(str, value)) if isinstance(value, dict) else ""
            yield f"{where}: {type(value).__name__}{keys}"


def members_of(where: str, value: type) -> Iterator[str]:
    """A class with its bases, fields and methods."""
    bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
    yield f"{where}: class({bases})"
    if issubclass(value, enum.Enum):
        for member in value:
            yield f"{where}.{member.name} = {member.value!r}"
    fields = getattr(value, "model_fields", None)
    if fields is not None:
        for name, field in fields.items():
            default = "" if field.is_required() else f" = {field.get_default(call_default_factory=True)!r}"
            yield f"{where}.{name}: {_plain(str(inspect.get_annotations(value).get(name, field.annotation)))}{default}"
    elif dataclasses.is_dataclass(value) or hasattr(value, "_fields") or not issubclass(value, (Exception, enum.Enum)):
        yield where + signature_of(value)
    for name, member in sorted(vars(value).items()):
        if name.startswith("_") and name not in ("__getitem__", "__call__", "__iter__", "__len__"):
            continue
        function = inspect.unwrap(getattr(member, "__func__", member)) if not isinstance(member, property) else member
        if isinstance(member, property) or type(member).__name__ == "cached_property":
            yield f"{where}.{name}: property"
        elif inspect.isfunction(function):
            yield f"{where}.{name}{signature_of(function)}"


def signature_of(value: Any) -> str:
    try:
        return _plain(str(inspect.signature(value)))
    except (TypeError, ValueError):
        return "(...)"


def _plain(text: str) -> str:
    """A signature without what differs between versions of Python and packages."""
    return text.replace("'", "").replace("pathlib._local.", "pathlib.")


def commands() -> Iterator[str]:
    """Every command with its arguments and options, their types and defaults."""
    import typer.main

    from arner.cli.app import app

    def walk(command: Any, path: str) -> Iterator[str]:
        yield path
        for parameter in command.params:
            if parameter.param_type_name == "argument":
                many = "..." if parameter.nargs == -1 else ""
                needed = "" if parameter.required else " (optional)"
                yield f"{path} {parameter.name.upper()}{many}{needed}"
            elif not parameter.hidden:
                yield f"{path} {option(parameter)}"
        for name, inner in sorted(getattr(command, "commands", {}).items()):
            if not inner.hidden:
                yield from walk(inner, f"{path} {name}")

    def option(parameter: Any) -> str:
        kind = parameter.type_descriptor.annotation
        choices = isinstance(kind, type) and issubclass(kind, enum.Enum)
        shown = "|".join(str(member.value) for member in kind) if choices else getattr(kind, "__name__", str(kind))
        default = parameter.default.value if isinstance(parameter.default, enum.Enum) else parameter.default
        given = "" if default is None or callable(default) else f" = {default!r}"
        return f"{' / '.join((*parameter.opts, *parameter.secondary_opts))}: {shown}{given}"

    yield from walk(typer.main.get_command(app), "arner")


def relation_types() -> Iterator[str]:
    """Every relation type with the types of its ends."""
    from arner.schema import RelationType

    for kind in RelationType:
        ends = [", ".join(sorted(end)) for end in (kind.signature.subject, kind.signature.object)]
        yield f"{kind.value}: {ends[0]} -> {ends[1]}{' (symmetric)' if kind.symmetric else ''}"


def openapi() -> dict[str, Any]:
    """The description of the server's paths, without the version of arner."""
    from arner.serve import create_app

    class Nothing:
        model = "model"

    made: dict[str, Any] = create_app(Nothing()).openapi()  # type: ignore[arg-type]  # it is not asked to read
    made["info"]["version"] = ""
    return made


if __name__ == "__main__":
    main()
