"""What is known before reading: countries, demonyms, organisations, people, titles and more, from data files."""

from arner.knowledge.loader import load_knowledge
from arner.knowledge.models import Body, Demonym, KnownEntity, Modifier, Title
from arner.knowledge.store import Knowledge

__all__ = ["Body", "Demonym", "Knowledge", "KnownEntity", "Modifier", "Title", "load_knowledge"]
