"""The rule layer: rules as data files, and the engine that reads typed relations out of linked text with them."""

from arner.relations.checking import RuleProblem, RuleReport, check_rules
from arner.relations.documents import explain_document, relate
from arner.relations.engine import find_relations
from arner.relations.explaining import explain_relations
from arner.relations.explanation import Explanation, FiredRule, NearMiss, Phrase, SlotReading
from arner.relations.loading import load_rules
from arner.relations.reasons import Reason
from arner.relations.rule import Rule, RuleSet
from arner.relations.rule_file import rules_schema

__all__ = [
    "Explanation",
    "FiredRule",
    "NearMiss",
    "Phrase",
    "Reason",
    "Rule",
    "RuleProblem",
    "RuleReport",
    "RuleSet",
    "SlotReading",
    "check_rules",
    "explain_document",
    "explain_relations",
    "find_relations",
    "load_rules",
    "relate",
    "rules_schema",
]
