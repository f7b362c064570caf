"""The pydantic models and the relation inventory: what a run returns, below everything else."""

from arner.schema.document import (
    SCHEMA_VERSION,
    Document,
    Entity,
    Mention,
    MentionKind,
    Relation,
    Span,
    Triple,
    When,
)
from arner.schema.relation_types import ENTITY_TYPES, SIGNATURES, SYMMETRIC, RelationType, Signature

__all__ = [
    "ENTITY_TYPES",
    "SCHEMA_VERSION",
    "SIGNATURES",
    "SYMMETRIC",
    "Document",
    "Entity",
    "Mention",
    "MentionKind",
    "Relation",
    "RelationType",
    "Signature",
    "Span",
    "Triple",
    "When",
]
