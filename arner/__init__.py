"""Entities and the relations between them, read out of Arabic news text.

>>> import arner
>>> arner.RelationType("visited").signature.subject
frozenset({'PER'})

`extract` reads one text with the embedded model; `Extractor` holds a model, rules and knowledge for many texts.
`check_data`, `finetune` and `evaluate` are for models of your own (``arner[train]``).
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
    LabelledDataError,
    MissingExtraError,
    ModelError,
    ModelFormatError,
    ModelNotFoundError,
    RuleError,
)

if TYPE_CHECKING:
    from arner.extractor import Extractor, extract
    from arner.schema import Document, Entity, Mention, MentionKind, Relation, RelationType, Span, Triple, When
    from arner.training.config import FinetuneConfig
    from arner.training.data_report import DataReport, check_data
    from arner.training.evaluation import EvaluationReport, evaluate
    from arner.training.finetune_report import FinetuneReport
    from arner.training.finetuning import finetune

__all__ = [
    "ArnerError",
    "DataFileError",
    "DataReport",
    "Document",
    "DocumentError",
    "EmptyTextError",
    "EncodingError",
    "Entity",
    "EvaluationReport",
    "Extractor",
    "FinetuneConfig",
    "FinetuneReport",
    "InputError",
    "KnowledgeError",
    "LabelledDataError",
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
    "check_data",
    "errors",
    "evaluate",
    "extract",
    "finetune",
]

_LAZY = {
    "DataReport": "arner.training.data_report",
    "Document": "arner.schema",
    "Entity": "arner.schema",
    "EvaluationReport": "arner.training.evaluation",
    "Extractor": "arner.extractor",
    "FinetuneConfig": "arner.training.config",
    "FinetuneReport": "arner.training.finetune_report",
    "Mention": "arner.schema",
    "MentionKind": "arner.schema",
    "Relation": "arner.schema",
    "RelationType": "arner.schema",
    "Span": "arner.schema",
    "Triple": "arner.schema",
    "When": "arner.schema",
    "check_data": "arner.training.data_report",
    "evaluate": "arner.training.evaluation",
    "extract": "arner.extractor",
    "finetune": "arner.training.finetuning",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'arner' has no attribute {name!r}")
    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
