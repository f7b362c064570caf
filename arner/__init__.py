"""Entities and the relations between them, read out of Arabic news text.

>>> import arner
>>> arner.RelationType("visited").signature.subject
frozenset({'PER'})

`extract` reads one text with the embedded model; `Extractor` holds a model, rules and knowledge for many texts.
`explain` tells which rules fired in a text, `relate` reads relations between names that are already marked, and
`check_rules` looks over rule files of your own.
`check_data`, `finetune` and `evaluate` are for models of your own (``arner[train]``); `suggest` says which sentences to
annotate next.
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
    ResumeError,
    RuleError,
)

if TYPE_CHECKING:
    from arner.extractor import Extractor, explain, extract
    from arner.relations import Explanation, RuleReport, check_rules, relate
    from arner.schema import Document, Entity, Mention, MentionKind, Relation, RelationType, Span, Triple, When
    from arner.training.data.report import DataReport, check_data
    from arner.training.evaluation.evaluating import EvaluationReport, evaluate
    from arner.training.finetuning import finetune
    from arner.training.output.report import FinetuneReport
    from arner.training.suggest.suggesting import Suggestions, suggest
    from arner.training.tuning.config import FinetuneConfig

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
    "Explanation",
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
    "ResumeError",
    "RuleError",
    "RuleReport",
    "Span",
    "Suggestions",
    "Triple",
    "When",
    "__version__",
    "check_data",
    "check_rules",
    "errors",
    "evaluate",
    "explain",
    "extract",
    "finetune",
    "relate",
    "suggest",
]

_LAZY = {
    "DataReport": "arner.training.data.report",
    "Document": "arner.schema",
    "Entity": "arner.schema",
    "EvaluationReport": "arner.training.evaluation.evaluating",
    "Explanation": "arner.relations",
    "Extractor": "arner.extractor",
    "FinetuneConfig": "arner.training.tuning.config",
    "FinetuneReport": "arner.training.output.report",
    "Mention": "arner.schema",
    "MentionKind": "arner.schema",
    "Relation": "arner.schema",
    "RelationType": "arner.schema",
    "RuleReport": "arner.relations",
    "Span": "arner.schema",
    "Suggestions": "arner.training.suggest.suggesting",
    "Triple": "arner.schema",
    "When": "arner.schema",
    "check_data": "arner.training.data.report",
    "check_rules": "arner.relations",
    "evaluate": "arner.training.evaluation.evaluating",
    "explain": "arner.extractor",
    "extract": "arner.extractor",
    "finetune": "arner.training.finetuning",
    "relate": "arner.relations",
    "suggest": "arner.training.suggest.suggesting",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'arner' has no attribute {name!r}")
    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
