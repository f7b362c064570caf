"""Writes docs/RELATIONS.md: every relation type with its meaning, its signature, and what the built-in rules read.

    python scripts/build_relation_reference.py [--check] [PAGE]

What the page says comes from the inventory (`arner/schema/relation_types.py`), the Wikidata properties
(`arner/export/wikidata.py`) and the rule files: of each rule its first example that holds a relation of the type, as
the rules read it. Only the meanings stand here. PAGE is docs/RELATIONS.md where left out. --check writes nothing and
fails where the page is out of date.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from arner.export.wikidata import WIKIDATA_PROPERTIES
from arner.knowledge import Knowledge, load_knowledge
from arner.relations import Rule, RuleSet, load_rules
from arner.relations.examples import parse_example
from arner.schema import ENTITY_TYPES, Relation, RelationType
from arner.training.evaluation.relation_matching import relate_names

PAGE: Final = Path(__file__).parents[1] / "docs" / "RELATIONS.md"
_R = RelationType


class Meaning(NamedTuple):
    """What a type claims, and how it reads from the object's side; nothing for symmetric types."""

    text: str
    backwards: str = ""


FAMILIES: Final[dict[str, dict[RelationType, Meaning]]] = {
    "Office and affiliation": {
        _R.HEAD_OF_STATE_OF: Meaning(
            "President, king, emir, sultan or supreme leader of a country, also acting.", "has as head of state"
        ),
        _R.HEAD_OF_GOVERNMENT_OF: Meaning("Prime minister, chancellor or premier.", "has as head of government"),
        _R.MINISTER_OF: Meaning(
            "Minister or secretary of a government, of whatever portfolio; `role` names it.", "has as minister"
        ),
        _R.LEADS: Meaning(
            "Head, chair, secretary-general, chief executive, speaker, commander or leader of an organisation; also a"
            " state that leads an alliance.",
            "is led by",
        ),
        _R.REPRESENTS: Meaning(
            "Speaks or acts for somebody: spokesperson, ambassador, envoy, delegate, negotiator.", "is represented by"
        ),
        _R.WORKS_FOR: Meaning(
            "Any other post: adviser, deputy, official, officer, judge, journalist, player, coach.", "employs"
        ),
        _R.MEMBER_OF: Meaning("Membership, and joining: `former` where it has ended or ends.", "has as member"),
        _R.CITIZEN_OF: Meaning(
            "Nationality or origin, said of a person who is given no office of that country in the same phrase.",
            "has as citizen",
        ),
    },
    "Life": {
        _R.BORN_IN: Meaning("Place of birth.", "is the birthplace of"),
        _R.DIED_IN: Meaning("Place of death.", "is where died"),
        _R.LIVES_IN: Meaning("Residence, also exile and the place where somebody grew up.", "is home to"),
        _R.EDUCATED_AT: Meaning("School or university at which somebody studied.", "educated"),
        _R.SPOUSE_OF: Meaning("Husband and wife; `former` after a divorce."),
        _R.SIBLING_OF: Meaning("Brothers and sisters."),
        _R.CHILD_OF: Meaning("Child to parent: one relation a generation in a chain of names.", "is parent of"),
    },
    "Places and organisations": {
        _R.LOCATED_IN: Meaning("One place within another: a building in a city, a city in a country.", "contains"),
        _R.CAPITAL_OF: Meaning("Capital to country; then it is not also `located_in` it.", "has as capital"),
        _R.BORDERS: Meaning("A common border."),
        _R.BASED_IN: Meaning("Seat, or nationality, of an organisation.", "is the seat of"),
        _R.PART_OF: Meaning("Organ, subsidiary, branch or wing.", "has as part"),
        _R.FOUNDED_BY: Meaning("Organisation to founder.", "founded"),
        _R.OWNED_BY: Meaning("Organisation to owner; `planned` where the purchase is not done.", "owns"),
    },
    "Interaction": {
        _R.MET_WITH: Meaning("A meeting in person: talks, summit, reception, handshake."),
        _R.SPOKE_WITH: Meaning("A call, a letter, a talk by video."),
        _R.VISITED: Meaning("Visit, arrival, tour or departure; `planned` before the journey.", "was visited by"),
        _R.ALLIED_WITH: Meaning("Alliance or partnership of states or groups."),
        _R.IN_CONFLICT_WITH: Meaning("War, dispute, tension or rivalry."),
        _R.ATTACKED: Meaning("Strike, invasion, killing, arrest by force.", "was attacked by"),
        _R.AGREED_WITH: Meaning("An agreement, contract or treaty was signed or reached."),
        _R.SUPPORTS: Meaning("Backs, praises or defends, in words, votes or money.", "is supported by"),
        _R.CRITICIZED: Meaning("Criticises, condemns, accuses, warns or threatens.", "was criticised by"),
        _R.SANCTIONED: Meaning("Sanctions, bans, embargo or expulsion.", "was sanctioned by"),
        _R.SUPPLIES: Meaning("Gives or sells arms, energy, aid or money.", "is supplied by"),
        _R.SUCCEEDED: Meaning("New to former holder of an office.", "was succeeded by"),
        _R.APPOINTED: Meaning("Names, nominates or elects: who appoints to who is appointed.", "was appointed by"),
    },
}

STAGES: Final = {
    "name": "the name itself",
    "noun": "noun for a name",
    "title": "title before a name",
    "apposition": "words after a name",
    "nominal": "noun that stands for a name",
    "clause": "clause",
}

INTRODUCTION: Final = """\
# Relations

A relation is a claim that the text makes, between two entities that it mentions. There are {count} types. Below, each
has its meaning, the types of entities that it takes, and what the built-in rules read: a row a rule, with a sentence
from the rule's file (the word on which the rule hangs is bold) and the relation that comes of it. How to add rules:
[RULES.md](RULES.md). What they miss: [ERRORS.md](ERRORS.md). `scripts/build_relation_reference.py` writes this page.

## What every relation carries

| field | values |
|---|---|
| `subject`, `object` | ids of entities; of a symmetric type (↔) in either order, and written once |
| `polarity` | `affirmed`, or `negated` where the text denies it (لم · لن · ليس · نفى · رفض) |
| `status` | `actual`; `planned` (سيزور، يعتزم); `former` (السابق، كان); `suspended` (علقت عضويتها) |
| `role` | the words that name a post: وزير الخارجية |
| `when` | the words that date it, with an ISO 8601 value where they settle one |
| `evidence`, `trigger` | the words that state it; the word on which the rule hangs |
| `score`, `rule` | how far to trust it; the id of the rule that found it |

A wish, a question or a mere possibility is no relation. What somebody reports (قال إن، بحسب) is one. Each triple comes
once a document and polarity. The more specific type stands: who is `head_of_state_of` a country is not also
`works_for` it.
"""


class Row(NamedTuple):
    """A rule in the table of a type: its first example of that type, with the relation read."""

    rule: Rule
    text: str
    relation: Relation
    subject: str
    object: str


def rows_of(type: RelationType, rules: RuleSet, knowledge: Knowledge) -> Iterator[Row]:
    """One row for each rule that has an example of the type, in the order of the files."""
    for rule in rules.rules:
        if type not in rule.types and not any(claim.type is None for claim in rule.claims):
            continue
        row = next(_readings(rule, type, rules, knowledge), None)
        if row is not None:
            yield row


def _readings(rule: Rule, type: RelationType, rules: RuleSet, knowledge: Knowledge) -> Iterator[Row]:
    for line in rule.examples:
        example = parse_example(line)
        document = relate_names(example.text, example.names, knowledge, rules)
        for relation in document.relations:
            if relation.rule == rule.id and relation.type is type:
                ends = document[relation.subject].name, document[relation.object].name
                if type.symmetric and ends not in example.pairs:
                    ends = ends[1], ends[0]
                yield Row(rule, example.text, relation, *ends)


def page() -> str:
    """The whole page."""
    rules, knowledge = load_rules(), load_knowledge()
    parts = [INTRODUCTION.format(count=len(RelationType))]
    parts.append(_contents())
    for family, meanings in FAMILIES.items():
        parts.append(f"## {family}\n")
        for type, meaning in meanings.items():
            parts.append(_section(type, meaning, list(rows_of(type, rules, knowledge))))
    return "\n".join(parts)


def _contents() -> str:
    lines = ["| family | types |", "|---|---|"]
    for family, meanings in FAMILIES.items():
        links = " · ".join(f"[`{type.value}`](#{type.value})" for type in meanings)
        lines.append(f"| {family} | {links} |")
    return "\n".join(lines) + "\n"


def _section(type: RelationType, meaning: Meaning, rows: Sequence[Row]) -> str:
    lines = [f"### {type.value}", "", f"**{_signature(type)}.** {meaning.text}"]
    facts = ["Symmetric"] if type.symmetric else [f"Backwards: *{meaning.backwards}*"]
    if type in WIKIDATA_PROPERTIES:
        facts.append("Wikidata: " + _wikidata(type))
    lines += [
        "",
        ". ".join(facts) + ".",
        "",
        "| rule | sentence | subject | object | besides |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        name = f"[`{row.rule.id}`](../arner/relations/rules/{Path(row.rule.file).name})"
        lines.append(
            f"| {name}<br>{STAGES[row.rule.stage]} | {_arabic(_with_trigger(row))} | {_arabic(row.subject)} "
            f"| {_arabic(row.object)} | {_besides(row.relation)} |"
        )
    return "\n".join(lines) + "\n"


def _signature(type: RelationType) -> str:
    ends = []
    for types in type.signature:
        ends.append("any" if types == frozenset(ENTITY_TYPES) else "/".join(t for t in ENTITY_TYPES if t in types))
    return f"{ends[0]} {'↔' if type.symmetric else '→'} {ends[1]}"


def _wikidata(type: RelationType) -> str:
    property = WIKIDATA_PROPERTIES[type]
    text = f"[{property.id}](https://www.wikidata.org/wiki/Property:{property.id})"
    if property.inverse:
        text += ", from object to subject"
    if property.subjects != ENTITY_TYPES:
        text += f", for {' and '.join(property.subjects)} only"
    return text


def _with_trigger(row: Row) -> str:
    trigger = row.relation.trigger
    if trigger is None:
        return row.text
    return f"{row.text[: trigger.start]}<b>{trigger.text}</b>{row.text[trigger.end :]}"


def _arabic(text: str) -> str:
    """Set from right to left and apart from its surroundings, whose order it then cannot change."""
    return f'<span dir="rtl">{text.replace("|", "&#124;")}</span>'


def _besides(relation: Relation) -> str:
    found = [word for word in (relation.polarity, relation.status) if word not in ("affirmed", "actual")]
    if relation.role:
        found.append("role " + _arabic(relation.role))
    if relation.when:
        found.append("when " + _arabic(relation.when.text) + (f" ({relation.when.iso})" if relation.when.iso else ""))
    return ", ".join(found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page, or compare it with the one that is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path, nargs="?", default=PAGE, metavar="PAGE")
    parser.add_argument("--check", action="store_true", help="fail where the page is out of date; write nothing")
    options = parser.parse_args(arguments)
    text = page()
    if not options.check:
        options.page.write_text(text, "utf-8")
    elif not options.page.exists() or options.page.read_text("utf-8") != text:
        sys.exit(f"{options.page} is out of date: run python scripts/build_relation_reference.py")


if __name__ == "__main__":
    main()
