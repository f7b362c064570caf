"""What a shell may complete a word with: names that are known without loading a model."""

from __future__ import annotations

import encodings
import pkgutil
from collections.abc import Iterator

__all__ = ["devices", "encoding_names", "model_names", "relation_types", "rule_stages"]


def model_names(incomplete: str) -> Iterator[tuple[str, str]]:
    """The embedded models, each with its description."""
    from arner.ner.models import available_models

    for model in available_models():
        if model.name.startswith(incomplete):
            yield model.name, model.description


def devices(incomplete: str) -> list[str]:
    """The devices by name."""
    return [name for name in ("auto", "cpu", "cuda") if name.startswith(incomplete)]


def encoding_names(incomplete: str) -> list[str]:
    """Encodings that Arabic text is met in, and the others that Python knows once a letter is typed."""
    usual = ["utf-8", "utf-16", "windows-1256", "iso8859-6", "mac_arabic"]
    if not incomplete:
        return usual
    known = (module.name for module in pkgutil.iter_modules(encodings.__path__))
    return [name for name in dict.fromkeys([*usual, *known]) if name.startswith(incomplete)]


def relation_types(incomplete: str) -> list[str]:
    """The relation types."""
    from arner.schema import RelationType

    return [member.value for member in RelationType if member.value.startswith(incomplete)]


def rule_stages(incomplete: str) -> list[str]:
    """The stages of rules."""
    from arner.relations.rule import STAGES

    return [stage for stage in STAGES if stage.startswith(incomplete)]
