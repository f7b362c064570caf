"""What fuzzing begins with: sound and nearly sound inputs of each target, and the words that mutations are made of."""

from __future__ import annotations

import json
from typing import Any, Final

__all__ = ["DICTIONARY", "seeds_of"]

_SENTENCE: Final = "زارَ فلاديمير بوتين أستانا 😀 في 27 نوفمبر 2024.\r\nولم يزر بوتينُ القاهرة، وسيلتقي توكاييف بالقاهرة."
_TEXTS: Final = (
    _SENTENCE,
    "قالَ «بوتين» لـ أ.ف.ب: 7,500؟ ﷺ ﷲ ﻻ http://a.b/c #يوم_الأرض 👍🏽 🇸🇦 1️⃣ ٢٠٢٤ e\u0301",
    "وصل د. سامي إلى عمّان. والتقى بمن؟ لا أحد…",
    "وبالقاهرة ولبريكس فكازاخستان كالسيسي\u200f\u200c\u202b \u00a0\u2028 ـــ َُِّ",
)
_DATES: Final = (
    "في 27 نوفمبر/تشرين الثاني 2024، ويعود غداً الجمعة",
    "أمس الأربعاء، 3 مايو 2010 و7 يونيو 2016، بين 2014 و2016، من 1997 إلى 2007",
    "منذ 2015، قبل ثلاثة أيام، الأسبوع الماضي، الشهر المقبل، العام الجاري، مطلع عام 2023",
    "15 رمضان 1445 هـ، 2024-11-27، 27/11/2024، الخامس من أكتوبر، ألفين وثلاثة، التسعينيات",
)
_RULES: Final = """\ufeff# mine
[[rule]]
id = "visited.verb"
type = "visited"
patterns = ["@visit_verb {subject:PER} .. إلى? {object:LOC|ORG}", 'زار {subject:PER}']
examples = '''زار [سمير عوض PER] [تونس LOC] => سمير عوض > تونس'''
score = 0.5
stage = "clause"
claims = ["subject visited object"]
[[rule]]
id = "a.b"
off = true
[lexicon.visit_verb]
verbs = ["زار/يزور"]
nouns = "زيارة"
words = []
adjectives = ["سامي"]
[macros]
person = "{subject:PER}"
[kinds]
club = ["نادي"]
x = {a = 1, b = [1, 2.5, 1979-05-27T07:32:00Z, +inf, 0x1F, true]}
"""
_PATTERNS: Final = (
    "@visit_verb {subject:PER} .. إلى? {object:LOC|ORG}",
    "{subject:PER} زار|يزور ...3 ل+{object:LOC}",
    "<@visit_verb/v> ( من | ^ )* !, &زار {both:LOC} $",
    "@noun+{subject} {object:country home} {subject:PER topic} \\( ....9 \\)",
    "و+@visit_verb {subject:DEM|DEF|GROUP|NAMED} {object:DATE}?",
)
_MARKED: Final = ("زار [سمير عوض PER] [تونس LOC] => سمير عوض > تونس; a > b", "[الروسي DEM] => nothing")
_CONLL: Final = (
    "-DOCSTART- O\n\nزار\tO\nسامح\tB-PER\nعوض\tI-PER\n\n# note\nباريس\tB-LOC\n",
    "زار x y O\r\nسامح x y S-PER\r\n\r\nباريس x y U-LOC\r\n",
    "زار O\nسامح PER\nعوض E-PER\n",
)


def _objects() -> list[dict[str, Any]]:
    text = "زار سامح باريس"
    return [
        {"text": text, "label": [[4, 8, "PER"], [9, 14, "LOC"]]},
        {"text": text, "entities": [{"id": 1, "label": "PER", "start_offset": 4, "end_offset": 8}], "relations": []},
        {"text": text, "spans": [{"start": 4, "end": 8, "label": "PER", "text": "سامح"}], "answer": "accept"},
        {"tokens": ["زار", "سامح"], "ner_tags": ["O", "B-PER"]},
        {
            "data": {"text": "😀 سامح"},
            "annotations": [
                {
                    "was_cancelled": False,
                    "result": [
                        {"type": "labels", "value": {"start": 3, "end": 7, "text": "سامح", "labels": ["PER"]}},
                        {"type": "relation"},
                    ],
                }
            ],
        },
        {"text": text, "ner": [{"start": 4, "end": 8, "text": "سامح", "labels": ["PER"]}], "annotation_id": 3},
        {
            "id": "1",
            "text": text,
            "mentions": [
                {"start": 4, "end": 8, "type": "PER", "entity": "a", "kind": "name", "text": "سامح"},
                {"start": 9, "end": 14, "type": "LOC", "entity": "b", "also": ["ORG"]},
            ],
            "entities": [
                {"id": "a", "type": "PER", "name": "سامح", "aliases": ["x"]},
                {"id": "b", "type": "LOC", "name": "باريس"},
            ],
            "relations": [{"subject": "a", "type": "visited", "object": "b", "when": {"text": "x", "iso": None}}],
        },
    ]


def _document() -> dict[str, Any]:
    return {
        "id": "1",
        "text": "زار سامح باريس",
        "mentions": [
            {"start": 4, "end": 8, "text": "سامح", "type": "PER", "kind": "name", "entity": "a", "score": 0.9},
            {"start": 9, "end": 14, "text": "باريس", "type": "LOC", "kind": "name", "entity": "b", "score": 1},
        ],
        "entities": [
            {"id": "a", "type": "PER", "name": "سامح", "name_en": None, "aliases": ["x"], "mentions": [0]},
            {"id": "b", "type": "LOC", "name": "باريس", "name_en": "Paris", "wikidata": "Q90", "mentions": [1]},
        ],
        "relations": [
            {
                "subject": "a",
                "type": "visited",
                "object": "b",
                "polarity": "negated",
                "status": "planned",
                "role": "x",
                "when": {"text": "x", "iso": "2024"},
                "evidence": {"start": 0, "end": 14, "text": "زار سامح باريس"},
                "trigger": {"start": 0, "end": 3, "text": "زار"},
                "score": 0.5,
                "rule": "visited.verb",
            }
        ],
        "model": "m 1",
        "schema_version": "1",
    }


def _knowledge() -> list[dict[str, Any]]:
    return [
        {"id": "q1", "type": "PER", "name": "سامح", "name_en": "S", "wikidata": "Q1", "aliases": ["س"], "kind": "x"},
        {"id": "d", "demonym": "روسي", "country": "russia", "plural": ["روس"], "ambiguous": True, "not": ["x"]},
        {"id": "b", "body": ["وزارة"], "not_after": ["x"]},
        {"id": "t", "title": "رئيس", "forms": ["x"], "role": "r", "relation": "head_of_state_of", "needs": "country"},
        {"id": "m", "modifier": "former", "forms": ["سابق"]},
        {"id": "q1", "extend": True, "aliases": ["y"], "ambiguous": ["y"]},
        {"id": "q1", "off": True},
    ]


def _lines(objects: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in objects)


def seeds_of(target: str) -> list[bytes]:
    """Inputs that the target reads, or nearly."""
    given: dict[str, list[str]] = {
        "text": list(_TEXTS),
        "dates": [first + text for text in (*_DATES, *_TEXTS) for first in "\0\1\2\3\4"],
        "marked_sentence": list(_MARKED),
        "pattern": list(_PATTERNS),
        "toml_places": [_RULES],
        "rule_file": [_RULES, *("\n".join(part.split("\n")[:9]) for part in _RULES.split("[[rule]]"))],
        "knowledge_file": ["# x\n\n" + _lines(_knowledge()), *(_lines([item]) for item in _knowledge())],
        "conll": list(_CONLL),
        "json_lines": [_lines(_objects()), *(_lines([item]) for item in _objects())],
        "json_list": [json.dumps(_objects(), ensure_ascii=False, indent=1)]
        + [json.dumps([item], ensure_ascii=False) for item in _objects()],
        "command_input": [
            "\0" + _SENTENCE,
            "\1" + _lines([{"text": "x", "id": 3}, {"text": ""}]),
            "\2" + json.dumps([{"text": "x"}, {"id": None}]),
        ],
        "document": [json.dumps(_document(), ensure_ascii=False)],
        "pipeline": [*_TEXTS, *_DATES],
    }
    return [text.encode() for text in given[target]]


_ARABIC: Final = (
    "زار التقى من إلى في لم لن سي و ل ب ال وال لل رئيس وزير الروسي المصري بوتين توكاييف القاهرة كازاخستان أستانا بريكس "
    "السيسي مصر سابق أمس اليوم غدا الجمعة الخامس رمضان نوفمبر تشرين الثاني 2024 1445 هـ عام سنة قرن منذ بين قبل بعد "
    "الماضي المقبل أيام أسبوع َ ُ ً ّ ـ ء إ أ ى ة ٢ ٫ ٬ « » ، ؛ ؟ … ﷺ ﷲ ﻻ"
).split()
_SIGNS: Final = (
    "\u200f",
    "\u200c",
    "\u202b",
    "\ufeff",
    "\u2028",
    "\u00a0",
    "😀",
    "👨\u200d👩",
    "🇸🇦",
    "\ufe0f\u20e3",
    "\r\n",
)
_SYNTAX: Final = (
    '"text" "label" "labels" "entities" "spans" "start" "end" "start_offset" "end_offset" "answer" "accept" "tokens" '
    '"words" "tags" "ner_tags" "data" "annotations" "result" "type" "value" "was_cancelled" "mentions" "relations" '
    '"subject" "object" "evidence" "trigger" "when" "iso" "score" "rule" "entity" "kind" "also" "id" "name" "aliases" '
    '"schema_version" "polarity" "status" "role" "wikidata" "model" "PER" "LOC" "visited" null true false NaN 1e999 -1 '
    '[] {} [[ ]] {" "} \\ud83d \\u0000 B-PER I-PER O S-PER E-LOC U-ORG L-ORG -DOCSTART- [[rule]] [lexicon. [macros] '
    "[kinds] pattern patterns stage head claims refer examples off note verbs nouns adjectives ''' \"\"\" %person "
    "{subject:PER} {object:LOC} {both:LOC} {object:LOC home} {subject:PER topic} @visit_verb @word @definite /v ... .. "
    '\\( \\) ( | ) ? * ! & ^ $ < > + => [سمير PER] DEM nothing "demonym" "body" "title" "modifier" "extend" "forms"'
).split(" ")
DICTIONARY: Final = tuple(dict.fromkeys((*_ARABIC, *_SIGNS, *_SYNTAX, "9" * 50)))
"""What mutations put in."""
