"""What README.md shows beyond blocks that run (tests/docs runs those): its JSON, its table, its rule file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import arner
from arner.schema import ENTITY_TYPES, RelationType

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


def test_the_shown_json_is_a_part_of_the_output():
    text = re.search(r'extract\("(.*?)"\)', blocks("python")[0])[1]
    shown = json.loads(blocks("json")[0])
    assert contains(json.loads(arner.extract(text).to_json()), shown)


def contains(whole: object, part: object) -> bool:
    """Whether the whole holds what is shown of it: some fields of an object, some members of a list; scores roughly."""
    match part:
        case dict():
            return isinstance(whole, dict) and all(k in whole and contains(whole[k], v) for k, v in part.items())
        case list():
            return isinstance(whole, list) and all(any(contains(w, p) for w in whole) for p in part)
        case float():
            return whole == pytest.approx(part, abs=0.2)
        case _:
            return whole == part


def test_the_table_of_relations_is_the_inventory():
    rows = re.findall(r"^\| `(\w+)` \| (.+?) (→|↔) (.+?) \|", README, re.M)
    assert [name for name, *_ in rows] == [type.value for type in RelationType]
    for name, subject, arrow, object in rows:
        type = RelationType(name)
        assert frozenset(ENTITY_TYPES if subject == "any" else subject.split()) == type.signature.subject
        assert frozenset(ENTITY_TYPES if object == "any" else object.split()) == type.signature.object
        assert (arrow == "↔") == type.symmetric


def test_own_rules_and_knowledge(tmp_path):
    rules, knowledge = tmp_path / "my_rules.toml", tmp_path / "my_names.jsonl"
    rules.write_text(blocks("toml")[0], encoding="utf-8")
    knowledge.write_text(blocks("json")[1], encoding="utf-8")
    extractor = arner.Extractor(rules=[rules], knowledge=[knowledge])
    doc = extractor.extract("هنأ فلاديمير بوتين عبد الفتاح السيسي، كما ذكرت وكالة الواحة للأنباء.")
    assert ("فلاديمير بوتين", "supports", "عبد الفتاح السيسي", "affirmed") in list(doc.triples())
    assert "Al Waha News Agency" in {entity.name_en for entity in doc.entities}
    visit = "زيارة بوتين إلى القاهرة."
    assert "visited.noun" in {relation.rule for relation in arner.extract(visit).relations}
    assert "visited.noun" not in {relation.rule for relation in extractor.extract(visit).relations}
