"""What is known before reading: countries, demonyms, places, organisations, people and titles, from data files."""

from arner.knowledge.loader import load_knowledge
from arner.knowledge.models import Demonym, KnownEntity, Modifier, Title
from arner.knowledge.store import Knowledge

__all__ = ["Demonym", "Knowledge", "KnownEntity", "Modifier", "Title", "load_knowledge"]
