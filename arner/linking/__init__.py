"""Linking: mentions of one thing become one entity, and demonyms point at their country."""

from arner.linking.completion import complete_names
from arner.linking.link import link
from arner.linking.result import LinkedText, NameLike

__all__ = ["LinkedText", "NameLike", "complete_names", "link"]
