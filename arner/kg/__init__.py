"""A knowledge graph over many documents, in an embedded store, with the words behind every statement.

>>> from arner.kg import KnowledgeGraph, ready_questions
>>> sorted(ready_questions())
['about', 'changed', 'contradictions', 'leads', 'met', 'visited']

Needs `arner[kg]`. How entities of different documents are merged is told in `arner.kg.merging` and in
docs/KNOWLEDGE_GRAPH.md.
"""

from __future__ import annotations

from arner.kg.graph import KnowledgeGraph
from arner.kg.questions import Parameter, Question, read_question, ready_questions
from arner.kg.results import Added, Answers, Found, Stats

__all__ = [
    "Added",
    "Answers",
    "Found",
    "KnowledgeGraph",
    "Parameter",
    "Question",
    "Stats",
    "read_question",
    "ready_questions",
]
