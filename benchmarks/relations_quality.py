"""Score relations: gold documents in; precision, recall and F1 by type, attributes, entities, coreference out.

    python benchmarks/relations_quality.py GOLD... [--part NAME PATH...] [--model MODEL] [--output FILE.md]

GOLD is an annotated document (JSON: text, mentions, entities, relations, see
`arner.training.data.annotated_document`) or a folder of them. Relations are read from the annotated names and, end
to end, from those that the model finds ("default"; none with --model ""). A relation is right where type, polarity and
both entities agree. Optional ones do not count.
--part gives some of the documents figures of their own.

Attributes are compared where both ends and the type are right. B³ is that of linking the annotated names. Without
coreference means: no pronouns, no subject carried on from an earlier clause, no nouns such as بلاده or المنظمة.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from arner import Document
from arner.knowledge import Knowledge, load_knowledge
from arner.relations import RuleSet, load_rules
from arner.relations.nodes import Topic, Word, walk_nodes
from arner.relations.pattern import Pattern
from arner.schema import MentionKind, Relation
from arner.text import name_key
from arner.training.evaluation.relation_matching import GoldDocument, Judged, judge, read_gold, relate_names

try:
    from benchmarks.linking import b_cubed
except ModuleNotFoundError:  # run as a script: this folder is where modules are looked for
    from linking import b_cubed


class Tally(NamedTuple):
    """Required relations by type: right, read, and in the documents."""

    hits: Counter[str]
    read: Counter[str]
    gold: Counter[str]

    def figures(self, type: str | None = None) -> tuple[float, float, float]:
        """Precision, recall and F1 of a type, or of all together."""
        hits, read, gold = (c.total() if type is None else c[type] for c in self)
        precision, recall = hits / read if read else 0.0, hits / gold if gold else 0.0
        total = precision + recall
        return precision, recall, 2 * precision * recall / total if total else 0.0


def tally(golds: Sequence[GoldDocument], documents: Sequence[Document]) -> Tally:
    """Counts over documents and their annotated counterparts."""
    result = Tally(Counter(), Counter(), Counter())
    for gold, document in zip(golds, documents, strict=True):
        for found in judge(gold, document)[0]:
            if found.verdict != "optional":
                result.read[found.relation.type.value] += 1
                result.hits[found.relation.type.value] += found.verdict == "required"
        result.gold.update(relation.type.value for relation in gold.relations if not relation.optional)
    return result


def attributes(golds: Sequence[GoldDocument], documents: Sequence[Document]) -> dict[str, tuple[int, int]]:
    """For each attribute how often it is right, of how many times; optional relations count too."""
    right: Counter[str] = Counter()
    all: Counter[str] = Counter()
    for gold, document in zip(golds, documents, strict=True):
        judged = judge(gold, document)[0]
        matched = [found for found in judged if found.right]
        all["polarity"] += len(matched) + _only_polarity_wrong(gold, document, judged)
        right["polarity"] += len(matched)
        for found in matched:
            _compare(found, right, all)
    return {name: (right[name], all[name]) for name in ("polarity", "status", "role", "when", "when.iso")}


def _only_polarity_wrong(gold: GoldDocument, document: Document, judged: Iterable[Judged]) -> int:
    other = {"affirmed": "negated", "negated": "affirmed"}
    turned: list[Relation] = [
        found.relation.model_copy(update={"polarity": other[found.relation.polarity]})
        for found in judged
        if not found.right
    ]
    return sum(found.right for found in judge(gold, document, turned)[0])


def _compare(found: Judged, right: Counter[str], all: Counter[str]) -> None:
    relation, gold = found.relation, found.gold
    if gold is None:
        return
    all["status"] += 1
    right["status"] += relation.status == gold.status
    if relation.role or gold.role:
        all["role"] += 1
        right["role"] += name_key(relation.role or "") == name_key(gold.role or "")
    when = relation.when.text if relation.when else None
    if when or gold.when:
        all["when"] += 1
        right["when"] += bool(when and gold.when)
    if when and gold.when:
        all["when.iso"] += 1
        right["when.iso"] += (relation.when.iso if relation.when else None) == gold.iso


def b_cubed_of(golds: Sequence[GoldDocument], documents: Sequence[Document]) -> tuple[float, float]:
    """B³ precision and recall of the entities of the annotated names."""
    precision = recall = count = 0.0
    for gold, document in zip(golds, documents, strict=True):
        wanted = {(name.start, name.end): name.entity for name in gold.names}
        found = {(m.start, m.end): m.entity for m in document.mentions if m.kind is MentionKind.NAME}
        p, r = b_cubed(wanted, found)
        precision, recall, count = precision + p, recall + r, count + len(wanted)
    return (precision / count, recall / count) if count else (0.0, 0.0)


def without_coreference(rules: RuleSet) -> RuleSet:
    """The rules without those patterns and stages that read through words that are not names."""
    kept = []
    for rule in rules.rules:
        patterns = tuple(pattern for pattern in rule.patterns if not _reads_through(pattern))
        if patterns and rule.stage not in ("noun", "nominal"):
            kept.append(replace(rule, patterns=patterns))
    return replace(rules, rules=tuple(kept))


def _reads_through(pattern: Pattern) -> bool:
    nodes = (*walk_nodes(pattern.left), pattern.anchor, *walk_nodes(pattern.right))
    return any(isinstance(n, Topic) or (isinstance(n, Word) and n.pronoun is not None) for n in nodes)


def read_end_to_end(golds: Sequence[GoldDocument], model: str) -> list[Document]:
    """The documents as the model, linking and the rules read them."""
    from arner import Extractor

    return list(Extractor(model).pipe(gold.text for gold in golds))


def table(given: Tally, found: Tally | None) -> list[str]:
    """A row a type, and one for all, as Markdown."""
    head = "| type | required | P | R | F1 |" + (" P, end to end | R, end to end | F1, end to end |" if found else "")
    lines = [head, "|---" * (head.count("|") - 1) + "|"]
    types = sorted(given.gold | given.read | (found.read if found else Counter()), key=lambda t: (-given.gold[t], t))
    for type in (*types, None):
        name, size = ("**all**", given.gold.total()) if type is None else (f"`{type}`", given.gold[type])
        cells = [name, str(size), *(f"{x:.3f}" for x in given.figures(type))]
        cells += [f"{x:.3f}" for x in found.figures(type)] if found else []
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def report(
    golds: Sequence[GoldDocument], found: Sequence[Document], knowledge: Knowledge, rules: RuleSet, title: str
) -> str:
    """All figures as Markdown; `found` are the documents read end to end, none where they were not."""
    given = [relate_names(gold.text, gold.names, knowledge, rules) for gold in golds]
    fewer = without_coreference(rules)
    plain = tally(golds, [relate_names(gold.text, gold.names, knowledge, fewer) for gold in golds])
    counts = tally(golds, given)
    lines = [f"## {title}", "", f"{len(golds)} texts, {sum(len(gold.text.split()) for gold in golds):,} words.", ""]
    lines += table(counts, tally(golds, found) if found else None)
    lines += ["", "| attribute | right | of | accuracy |", "|---|---|---|---|"]
    for name, (right, all) in attributes(golds, given).items():
        lines.append(f"| {name} | {right} | {all} | {right / all if all else 0:.3f} |")
    p, r = b_cubed_of(golds, given)
    lines += [
        "",
        f"Entities of annotated names: B³ P {p:.4f}, R {r:.4f}, F1 {2 * p * r / (p + r) if p + r else 0:.4f}.",
    ]
    lines += ["", "| names annotated | P | R | F1 |", "|---|---|---|---|"]
    for name, some in (("with coreference", counts), ("without", plain)):
        lines.append(f"| {name} | " + " | ".join(f"{x:.3f}" for x in some.figures()) + " |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the annotated documents and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+", help="annotated documents, or folders of them")
    parser.add_argument(
        "--part", nargs="+", action="append", metavar=("NAME", "PATH"), default=[], help="a part of them"
    )
    parser.add_argument("--model", default="default", help="model for end to end; '' leaves that out")
    parser.add_argument("--output", type=Path, help="also write the figures to this Markdown file")
    options = parser.parse_args(arguments)
    groups = {"All": read_gold(options.gold), **{name: read_gold(paths) for name, *paths in options.part}}
    knowledge, rules = load_knowledge(), load_rules()
    by_text = {}
    if options.model:
        every = list({gold.text: gold for golds in groups.values() for gold in golds}.values())
        documents = read_end_to_end(every, options.model)
        by_text = {gold.text: document for gold, document in zip(every, documents, strict=True)}
    parts = ["# Quality of relations\n\n`benchmarks/relations_quality.py` says what is measured, and measures it.\n"]
    for name, golds in groups.items():
        found = [by_text[gold.text] for gold in golds] if options.model else []
        parts.append(report(golds, found, knowledge, rules, name))
    text = "\n".join(parts)
    print(text)
    if options.output:
        options.output.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
