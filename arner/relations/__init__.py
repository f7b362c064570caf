"""The rule layer: rules as data files, and the engine that reads typed relations out of linked text with them."""

from arner.relations.engine import find_relations
from arner.relations.loading import load_rules
from arner.relations.rule import Rule, RuleSet

__all__ = ["Rule", "RuleSet", "find_relations", "load_rules"]
