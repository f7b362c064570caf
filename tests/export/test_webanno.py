"""WebAnno TSV 3.3, read back as INCEpTION reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from arner.errors import InputError
from arner.export import save_webanno, to_webanno
from arner.schema import Document
from arner.text import split_words

ESCAPED = {"\\\\": "\\", "\\t": "\t", "\\r": "\r", "\\f": "\f", "\\b": "\b"}


@dataclass
class Read:
    """What a reader has at the end: offsets in code points of `text`."""

    text: str = ""
    sentences: list[tuple[int, int]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    spans: list[dict[str, object]] = field(default_factory=list)
    relations: list[dict[str, object]] = field(default_factory=list)


def read(tsv: str) -> Read:
    """Reads as INCEpTION's Tsv3XDeserializer does: the text from the sentences' headers, spans from lines and numbers.

    Java breaks lines at line feeds and carriage returns and counts in 16-bit units, so the text is held as UTF-16.
    """
    lines = re.split(r"\r\n|\r|\n", tsv)
    assert lines.pop(0) == "#FORMAT=WebAnno TSV 3.3"
    features: list[list[str]] = []
    while lines[0]:
        kind, _, rest = lines.pop(0).partition("=")
        assert kind == ("#T_RL" if features else "#T_SP")
        features.append(rest.split("|")[1:])
    assert lines.pop(0) == lines.pop(0) == lines.pop() == ""
    units: list[str] = []  # the text, a UTF-16 unit a member
    sentences, tokens, references = [], [], []
    by_id: dict[str, dict[str, object]] = {}
    by_line: dict[str, list[dict[str, object]]] = {}
    for block in "\n".join(lines).split("\n\n") if lines else ():
        heads = [line for line in block.split("\n") if line.startswith("#")]
        rows = [line.split("\t") for line in block.split("\n")[len(heads) :]]
        begin = int(rows[0][1].split("-")[0])
        if len(units) > begin:
            assert len(units) == begin + 1
            assert units.pop() == "\n"
        units += " " * (begin - len(units))
        for head in heads:
            units += [*utf16(unescaped_text(head.removeprefix("#Text="))), "\n"]
        sentences.append((begin, len(units) - 1))
        for name, offsets, text, *cells in rows:
            start, end = map(int, offsets.split("-"))
            assert "".join(units[start:end]) == "".join(utf16(text))
            assert cells.pop() == ""
            assert len(cells) == sum(map(len, features))
            if "." not in name:
                tokens.append(text)
            stack = by_line[name] = []
            for values in stacked(cells[: len(features[0])]):
                ids = {match[1] if (match := re.search(r"(?<!\\)\[(\d+)\]$", value)) else None for value in values}
                [id] = ids
                span = by_id.get(id) if id else None
                if span is None:
                    span = {"start": start, **dict(zip(features[0], map(unescaped, values), strict=True))}
                    if id:
                        by_id[id] = span
                span["end"] = end
                stack.append(span)
            if len(features) > 1:
                references += [(name, values) for values in stacked(cells[len(features[0]) :])]
    spans: list[dict[str, object]] = []
    for span in (span for stack in by_line.values() for span in stack):
        if not any(span is other for other in spans):
            spans.append(span)
    relations = []
    for name, (*values, reference) in references:
        source, _, ids = reference.rstrip("]").partition("[")
        ends = [
            by_id[id] if id not in ("", "0") else by_line[line][0]
            for line, id in zip((source, name), ids.split("_") if ids else ("", ""), strict=True)
        ]
        relation = dict(zip(features[1][:-1], map(unescaped, values), strict=True))
        relations.append({**relation, "subject": ends[0], "object": ends[1]})
    text = b"".join(unit.encode("utf-16-le", "surrogatepass") for unit in units).decode("utf-16-le")
    points = {}  # offset in units → offset in code points
    at = 0
    for index, letter in enumerate(text):
        points[at] = index
        at += 1 + (letter > "\uffff")
    points[at] = len(text)
    for span in spans:
        span["start"], span["end"] = points[span["start"]], points[span["end"]]
    return Read(text, [(points[a], points[b]) for a, b in sentences], tokens, spans, relations)


def utf16(text: str) -> list[str]:
    data = text.encode("utf-16-le")
    return [data[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(data), 2)]


def stacked(cells: list[str]) -> list[tuple[str, ...]]:
    if cells[0] == "_":
        assert set(cells) == {"_"}
        return []
    return list(zip(*(re.split(r"(?<!\\)\|", cell) for cell in cells), strict=True))


def split_id(cell: str) -> tuple[str, str]:
    if cell.endswith("]") and not cell.endswith("\\]"):
        value, _, id = cell.removesuffix("]").rpartition("[")
        return value, id
    return cell, ""


def unescaped(cell: str) -> str | None:
    value, _ = split_id(cell)
    return None if value == "*" else re.sub(r"\\(->|.)", r"\1", value)


def unescaped_text(text: str) -> str:
    return re.sub(r"\\.", lambda match: ESCAPED.get(match[0], match[0][1:]), text, flags=re.S)


def check(document: Document) -> Read:
    """What holds for every document whose mentions begin and end with a visible letter."""
    found = read(to_webanno(document))
    blank = len(document.text) - len(document.text.lstrip())
    assert found.text.rstrip("\n").lstrip() == document.text[blank:].rstrip("\n")
    spans = sorted((span["start"], span["end"], span["value"]) for span in found.spans)
    expected = sorted((m.start, m.end, m.type + " " * m.type.endswith("\\")) for m in document.mentions)
    assert spans == expected
    return found


def test_offsets_spans_and_tokens(plain):
    found = check(plain)
    assert found.text == plain.text + "\n"
    assert "بالقاهرة" in found.tokens  # whole; the name within it is a part of the token
    assert [found.text[a:b].strip() for a, b in found.sentences] == plain.text.split("\r\n")
    assert found.spans[0]["identifier"] == "http://www.wikidata.org/entity/Q7747"


def test_relations(plain):
    relations = check(plain).relations
    found = {(r["value"], r["status"], r["role"], r["when"]): (r["subject"], r["object"]) for r in relations}
    assert set(found) == {
        ("visited", "actual", None, "2024-11-27"),
        ("not_visited", "actual", None, None),
        ("met_with", "planned", "الرئيس", "قريباً"),
        ("born_in", "actual", None, None),
    }
    subject, object = found["not_visited", "actual", None, None]
    assert plain.text[subject["start"] : subject["end"]] == "بوتينُ"  # those in its evidence, not the first ones
    assert plain.text[object["start"] : object["end"]] == "القاهرة"


def test_free_text_breaks_no_line_and_no_column(hostile):
    found = read(to_webanno(hostile))
    assert found.text == hostile.text + "\n"
    [relation] = found.relations
    assert relation["value"] == "not_visited"
    assert relation["role"] == hostile.relations[0].role
    assert relation["subject"]["start"] == hostile.mentions[0].start


def document(text: str, *spans: tuple[int, int], type: str = "PER") -> Document:
    return Document.model_validate(
        {
            "text": text,
            "mentions": [
                {"start": a, "end": b, "text": text[a:b], "type": type, "entity": f"e{n}", "score": 1}
                for n, (a, b) in enumerate(spans)
            ],
            "entities": [{"id": f"e{n}", "type": type, "name": "x", "mentions": [n]} for n in range(len(spans))],
        }
    )


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("زار بوتين", [(4, 9)]),
        ("وزيرا خارجية مصر", [(0, 16), (6, 16), (13, 16)]),  # nested: they share lines
        ("أبجد هوز حطي", [(0, 8), (5, 12)]),  # crossing
        ("بالقاهرة والرياض", [(1, 8), (9, 16), (10, 16)]),  # parts of tokens
        ("وبالقاهرةالكبرى", [(2, 9), (2, 15), (0, 9)]),  # parts that overlap
        ("كلبوتين وبوتين", [(2, 14)]),  # from the middle of a token to the end of another
        ("نهاية. بداية", [(0, 12)]),  # over the end of a sentence
        ("\n\n  أول\r\n\r\nثان 😀\t\n ثالث  \n\n", [(4, 7), (11, 16)]),
        ("𐎀𐎁 و𐎂", [(0, 2), (4, 5)]),
    ],
)
def test_any_arrangement_comes_back(text, spans):
    check(document(text, *spans))


@pytest.mark.parametrize("type", ["_", "*", "a|b", "x[1]", "back\\slash\\", "->", "a;b", "\\", "نوع أول", "[3]"])
def test_any_label_comes_back(type):
    check(document("زار بوتين", (4, 9), type=type))
    check(document("زار بوتين توكاييف", (4, 9), (4, 17), type=type))


@pytest.mark.parametrize("text", ["", "\u200f \n"])
def test_a_text_without_words_has_no_lines(text):
    assert to_webanno(Document(text=text)).splitlines()[2:] == [""]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.data())
@settings(deadline=None)
def test_any_text_comes_back(text, data):
    """Any text, and spans that begin and end anywhere within its words."""
    words = split_words(text)
    assume(words)
    inside = st.sampled_from([at for word in words for at in range(word.start, word.end)])
    spans = data.draw(st.lists(st.tuples(inside, inside), max_size=4))
    made = document(text, *{(min(a, b), max(a, b) + 1) for a, b in spans})
    found = read(to_webanno(made))
    first = words[0].start
    assert found.text[first:].removesuffix("\n") == text[first:].removesuffix("\n")
    assert sorted((s["start"], s["end"]) for s in found.spans) == sorted((m.start, m.end) for m in made.mentions)
    assert found.tokens == [word.text for word in words]


def test_a_folder(plain, hostile, tmp_path):
    save_webanno([plain, hostile], tmp_path / "tsv")
    assert len(list((tmp_path / "tsv").iterdir())) == 2
    assert (tmp_path / "tsv" / "news_1_أ.tsv").read_bytes() == to_webanno(plain).encode()
    with pytest.raises(InputError, match="ids that differ"):
        save_webanno([plain, plain], tmp_path / "twice")
