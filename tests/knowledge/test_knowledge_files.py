"""User files: add, override, extend, switch off; and every mistake is an error that says file and line."""

from __future__ import annotations

import json

import pytest

from arner.errors import ArnerError, KnowledgeError
from arner.knowledge import load_knowledge


@pytest.fixture
def user_file(tmp_path):
    def write(*lines):
        path = tmp_path / "my_names.jsonl"
        text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_new_record_is_added(user_file):
    path = user_file(
        "# our own names",
        "",
        {"id": "my-lab", "type": "ORG", "name": "مختبر النخيل", "aliases": ["النخيل"], "ambiguous": ["النخيل"]},
        {"id": "my-demonym", "demonym": "نخيلي", "country": "my-lab"},
        {"id": "my-title", "title": "أمير المختبر", "role": "leader", "relation": "leads", "needs": "organisation"},
    )
    knowledge = load_knowledge([path])
    (lab,) = knowledge.lookup("مختبر النخيل")
    assert knowledge.is_ambiguous(lab, "النخيل")
    assert knowledge.demonym("النخيلية").country == "my-lab"
    assert knowledge.title("أمير المختبر فلان".split(), 0)[1] == 2
    assert not load_knowledge().lookup("مختبر النخيل")


def test_a_record_is_overridden_extended_and_switched_off(user_file):
    path = user_file(
        {"id": "nato", "type": "ORG", "name": "حلف الشمال"},
        {"id": "RU", "extend": True, "aliases": ["بلاد الروس"]},
        {"id": "eu", "off": True},
        {"id": "FR-1", "extend": True, "plural": ["فرنسيس"]},
    )
    knowledge = load_knowledge([path])
    assert knowledge.get("nato").name == "حلف الشمال"
    assert not knowledge.lookup("الناتو")
    assert knowledge.lookup("بلاد الروس")[0] is knowledge.get("RU")
    assert knowledge.get("RU").wikidata == "Q159"
    assert knowledge.get("eu") is None
    assert knowledge.demonym("الفرنسيس").country == "FR"


def test_a_country_switched_off_takes_its_demonyms_with_it(user_file):
    assert load_knowledge([user_file({"id": "FR", "off": True})]).demonym("الفرنسي") is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "not a JSON object"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        ({"type": "ORG", "name": "بلا رقم"}, 'no "id"'),
        ({"id": "x"}, "neither an entity"),
        ({"id": "x", "type": "COUNTRY", "name": "س"}, "type must be one of LOC, MISC, ORG, PER"),
        ({"id": "x", "type": "ORG"}, "name must be a text"),
        ({"id": "x", "type": "ORG", "name": "س", "alias": ["ص"]}, "unknown field alias"),
        ({"id": "x", "type": "ORG", "name": "س", "aliases": "ص"}, "aliases must be a list"),
        ({"id": "x", "type": "ORG", "name": "س", "wikidata": "159"}, "wikidata must look like Q159"),
        ({"id": "x", "type": "ORG", "name": "س", "ambiguous": ["ص"]}, "neither the name nor an alias"),
        ({"id": "x", "demonym": "سيني", "country": "nowhere"}, "is the id of no record"),
        ({"id": "x", "title": "س", "role": "leader", "relation": "rules"}, "none of the 35 relation types"),
        ({"id": "x", "title": "س", "role": "leader", "relation": "leads", "needs": "luck"}, "needs must be one of"),
        ({"id": "x", "title": "س", "role": "leader", "inverse": "yes"}, "inverse must be true or false"),
        ({"id": "x", "body": []}, "at least one noun"),
        ({"id": "x", "body": ["الوزارة"], "after": ["قال"]}, "unknown field after"),
        ({"id": "x", "modifier": "late", "forms": ["س"]}, "modifier must be one of"),
        ({"id": "x", "off": True}, "cannot switch off"),
        ({"id": "x", "extend": True, "aliases": ["ص"]}, "cannot extend"),
        ({"id": "RU", "extend": True, "wikidata": "Q1"}, "unknown field wikidata"),
    ],
)
def test_a_mistake_says_file_line_and_cure(user_file, line, expected):
    path = user_file("# the mistake is on the third line", "", line)
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge([path])
    assert f"{path}:3: " in str(caught.value)
    assert expected in str(caught.value)
    assert caught.value.line == 3
    assert isinstance(caught.value, ArnerError)


def test_one_id_twice_in_a_file(user_file):
    record = {"id": "x", "type": "ORG", "name": "س"}
    with pytest.raises(KnowledgeError, match="used twice, first on line 1"):
        load_knowledge([user_file(record, record)])


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(KnowledgeError, match="cannot be read"):
        load_knowledge([tmp_path / "missing.jsonl"])
    with pytest.raises(KnowledgeError, match="cannot be read"):
        load_knowledge([tmp_path])
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes('{"id": "caf\xe9"}'.encode("latin-1"))
    with pytest.raises(KnowledgeError, match="not UTF-8"):
        load_knowledge([latin])
    marked = tmp_path / "marked.jsonl"
    marked.write_bytes(b'\xef\xbb\xbf{"id": "x", "type": "LOC", "name": "x"}\r\n')
    assert load_knowledge([marked]).get("x") is not None


def test_the_built_in_knowledge_is_shared():
    assert load_knowledge() is load_knowledge(())
