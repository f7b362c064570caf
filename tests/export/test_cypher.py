"""The script for Neo4j, taken apart by a small reader of its string literals."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from arner.export import to_cypher
from arner.export.cypher import CYPHER_HEAD, _literal

STRING = re.compile(r"'((?:[^'\\]|\\.)*)'")
ESCAPE = re.compile(r"\\(u[0-9A-F]{4}|.)")


def value_of(literal: str) -> str:
    """What Neo4j reads: strings joined by plus, with escapes."""
    assert re.fullmatch(rf"{STRING.pattern}(?: \+ {STRING.pattern})*", literal), literal
    names = {"n": "\n", "r": "\r", "t": "\t"}
    return "".join(
        ESCAPE.sub(lambda m: chr(int(m[1][1:], 16)) if len(m[1]) == 5 else names.get(m[1], m[1]), part)
        for part in STRING.findall(literal)
    )


@given(st.text(alphabet="اب'\\u0027nNU \n\r\t\x00\x85\u2028\"+{}`😀", max_size=30))
def test_a_literal_means_its_text(text):
    literal = _literal(text)
    assert value_of(literal) == text
    assert not set(literal) & set("\n\r\x00\x85\u2028")
    # Neo4j 4 reads a backslash and u as a letter wherever it stands, so only our own escapes of controls may look so.
    early = re.sub(r"\\u([0-9A-F]{4})", lambda m: chr(int(m[1], 16)), literal)
    assert early.count("'") == literal.count("'")


def without_strings(line: str) -> str:
    return STRING.sub("''", line)


def test_statements(plain):
    head, *lines = to_cypher(plain).splitlines()
    assert head + "\n" == CYPHER_HEAD
    assert len(lines) == len(plain.entities) + len(plain.relations)
    assert lines[0].startswith("MERGE (e:Entity {key: 'Q7747'}) SET e:Person, e += {name: 'فلاديمير بوتين', ")
    assert "{key: 'news/1 أ#e3'}" in lines[2]
    assert "MERGE (s)-[r:VISITED {claim: 'news/1 أ#1'}]->(o)" in lines[4]
    assert "score: 0.850000" in lines[4]


def test_a_denied_relation_has_a_type_of_its_own(plain):
    types = re.findall(r"\[r:(\w+) ", to_cypher(plain))
    assert types == ["VISITED", "NOT_VISITED", "MET_WITH", "BORN_IN"]


def test_hostile_text_ends_no_string(hostile):
    lines = to_cypher(hostile).splitlines()
    assert len(lines) == 4
    for line in lines:
        bare = without_strings(line)
        assert bare.count(";") == 1
        assert bare.endswith(";")
        assert "DETACH" not in bare
        assert "'" not in bare.replace("''", "")
