"""What is known before reading: countries, demonyms, places, organisations, state bodies, people and titles, from data files."""

from arner.knowledge.loader import load_knowledge
from arner.knowledge.models import Body, Demonym, KnownEntity, Modifier, Title
from arner.knowledge.store import Knowledge

__all__ = ["Body", "Demonym", "Knowledge", "KnownEntity", "Modifier", "Title", "load_knowledge"]
