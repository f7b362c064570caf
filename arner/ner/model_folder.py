"""What a local model folder says about its model, read as what a stranger may have written.

Nothing here runs code, opens a pickle or leaves the folder.
"""

from __future__ import annotations

import json
import math
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from arner.errors import ModelFormatError
from arner.ner.labels import LabelScheme

__all__ = ["About", "json_of", "labels_of", "own_file", "read_about", "read_labels"]

_MEGABYTE: Final = 2**20
_MOST_JSON: Final = 10 * _MEGABYTE
"""Bytes of `config.json` and `arner.json`: those of real models have a few thousand."""
_MOST_LABELS: Final = 1000
_LONGEST_LABEL: Final = 100
_WIDEST: Final = 100_000
"""Tokens of a window."""


@dataclass(frozen=True, slots=True)
class About:
    """What `arner.json` says, or is taken where it says nothing.

    Attributes:
        window: tokens in a window, special tokens included.
        stride: tokens of context on either side of a window's own words.
        temperature: of the scores.
    """

    version: str = ""
    description: str = ""
    licence: str = ""
    window: int = 256
    stride: int = 24
    temperature: float = 1.0


def own_file(folder: Path, name: str) -> Path | None:
    """The file of that name in a model folder; None where there is none.

    Raises:
        ModelFormatError: it is a link that leads out of the folder, or no ordinary file.
    """
    path = folder / name
    if not path.exists():
        if path.is_symlink():
            raise ModelFormatError(f"{path} is a link to a file that is not there; put the file itself into the folder")
        return None
    if not path.is_file():
        raise ModelFormatError(f"{path} is no ordinary file")
    home, real = folder.resolve(), path.resolve()
    if home not in real.parents and _cache_of(home) not in real.parents:
        raise ModelFormatError(
            f"{path} is a link to {real}, outside of the model's folder, which arner does not follow; "
            "put the file itself into the folder"
        )
    return path


def _cache_of(home: Path) -> Path:
    """Where the links of a snapshot in the cache of the Hugging Face hub lead; elsewhere the folder itself."""
    if home.parent.name == "snapshots" and home.parents[1].name.startswith("models--"):
        return home.parents[1] / "blobs"
    return home


def json_of(path: Path) -> dict[str, Any]:
    """The object in a JSON file.

    Raises:
        ModelFormatError: the file is too large, no JSON, no object, or has a key twice.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_JSON + 1)
        if len(data) > _MOST_JSON:
            raise ModelFormatError(f"{path} has more than {_MOST_JSON // _MEGABYTE} MB; that is no file of a model")
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except FileNotFoundError as error:
        raise ModelFormatError(f"{path} is missing; it belongs to every model folder") from error
    except RecursionError:
        raise ModelFormatError(f"{path} cannot be read as JSON: it is nested too deeply") from None
    except (OSError, ValueError) as error:
        raise ModelFormatError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(value, dict):
        raise ModelFormatError(f"{path}: expected a JSON object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key stands twice in one object, and programs differ in which they take")
    return value


def read_about(folder: Path) -> About:
    """What the folder's `arner.json` says; the defaults where there is none.

    Raises:
        ModelFormatError: a field has a value that cannot be used.
    """
    path = own_file(folder, "arner.json")
    if path is None:
        return About()
    fields, usual = json_of(path), About()
    window = _whole(fields, "window", usual.window, 8, _WIDEST, path)
    stride = _whole(fields, "stride", min(usual.stride, window // 5), 0, (window - 3) // 2, path)
    temperature = fields.get("temperature", usual.temperature)
    number = isinstance(temperature, (int, float)) and not isinstance(temperature, bool)
    if not (number and math.isfinite(temperature) and 0.001 <= temperature <= 1000):
        raise ModelFormatError(f"{path}: temperature must be a number from 0.001 to 1000, not {temperature!r}")
    texts: dict[str, str] = {}
    for name in ("version", "description", "licence"):
        texts[name] = str(fields.get(name) or "").strip()
        if len(texts[name]) > _WIDEST or not _is_plain(texts[name]):
            raise ModelFormatError(f"{path}: {name} is no line of text")
    return About(**texts, window=window, stride=stride, temperature=float(temperature))


def _whole(fields: dict[str, Any], name: str, default: int, least: int, most: int, path: Path) -> int:
    value = fields.get(name, default)
    if type(value) is not int or not least <= value <= most:
        raise ModelFormatError(f"{path}: {name} must be a whole number from {least} to {most}, not {str(value)[:40]!r}")
    return value


def read_labels(path: Path) -> LabelScheme:
    """The label scheme in a transformers `config.json`.

    Raises:
        ModelFormatError: no such file, no JSON, or no `id2label` with names under consecutive indices from 0.
    """
    return labels_of(json_of(path), path)


def labels_of(config: dict[str, Any], path: Path) -> LabelScheme:
    """The label scheme of a configuration that is read already; errors as `read_labels`."""
    names = config.get("id2label")
    if not isinstance(names, dict) or not names:
        raise ModelFormatError(f"{path}: no id2label; a token-classification model names its labels there")
    if len(names) > _MOST_LABELS:
        raise ModelFormatError(f"{path}: id2label has {len(names)} labels; at most {_MOST_LABELS} are read")
    try:
        labels = [names[str(index)] for index in range(len(names))]
    except KeyError as error:
        raise ModelFormatError(f"{path}: id2label has {len(names)} labels but none with index {error}") from error
    for index, label in enumerate(labels):
        if not (isinstance(label, str) and label.strip() and len(label) <= _LONGEST_LABEL and _is_plain(label)):
            raise ModelFormatError(
                f"{path}: the label {index} of id2label must be a text of one line and at most {_LONGEST_LABEL} "
                f"characters, not {ascii(label)[:60]}"
            )
    return LabelScheme(tuple(labels))


def _is_plain(text: str) -> bool:
    """Whether the text has no control characters, no line breaks, no direction marks and no half surrogate pairs."""
    return not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in text)
