"""Entities and the relations between them, read out of Arabic news text.

>>> import arner
>>> arner.RelationType("visited").signature.subject
frozenset({'PER'})

`extract` reads one text with the embedded model; `Extractor` holds a model, rules and knowledge for many texts.
Names are loaded when first used, so that ``import arner`` stays quick and brings in no model runtime.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from arner import errors as errors
from arner._version import __version__ as __version__
from arner.errors import (
    ArnerError,
    DataFileError,
    DocumentError,
    EmptyTextError,
    EncodingError,
    InputError,
    KnowledgeError,
    MissingExtraError,
    ModelError,
    ModelFormatError,
    ModelNotFoundError,
    RuleError,
)

if TYPE_CHECKING:
    from arner.extractor import Extractor, extract
    from arner.schema import Document, Entity, Mention, MentionKind, Relation, RelationType, Span, Triple, When

__all__ = [
    "ArnerError",
    "DataFileError",
    "Document",
    "DocumentError",
    "EmptyTextError",
    "EncodingError",
    "Entity",
    "Extractor",
    "InputError",
    "KnowledgeError",
    "Mention",
    "MentionKind",
    "MissingExtraError",
    "ModelError",
    "ModelFormatError",
    "ModelNotFoundError",
    "Relation",
    "RelationType",
    "RuleError",
    "Span",
    "Triple",
    "When",
    "__version__",
    "errors",
    "extract",
]

_LAZY = {
    "Document": "arner.schema",
    "Entity": "arner.schema",
    "Extractor": "arner.extractor",
    "Mention": "arner.schema",
    "MentionKind": "arner.schema",
    "Relation": "arner.schema",
    "RelationType": "arner.schema",
    "Span": "arner.schema",
    "Triple": "arner.schema",
    "When": "arner.schema",
    "extract": "arner.extractor",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'arner' has no attribute {name!r}")
    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
