"""Relations beside annotated documents: what counts, what does not, attributes, and what a document may leave out."""

from __future__ import annotations

import json

import pytest

import arner
from arner.errors import LabelledDataError
from arner.schema import Document, Entity, Mention, Relation, Span, When
from arner.training.data.annotated_document import AnnotatedDocument
from arner.training.data.reading import read_labelled
from arner.training.evaluation.relation_scores import score_relations

TEXT = "زار سامح باريس ولم يزر لندن، والتقى ليلى."
NAMES = {"سامح": "PER", "باريس": "LOC", "لندن": "LOC", "ليلى": "PER"}


def mentions():
    for name, kind in NAMES.items():
        yield {"start": TEXT.index(name), "end": TEXT.index(name) + len(name), "type": kind, "entity": name}


def annotated(*relations: dict[str, object], **parts: object) -> dict[str, object]:
    entities = [{"id": name, "type": kind, "name": name} for name, kind in NAMES.items()]
    return {"text": TEXT, "mentions": list(mentions()), "entities": entities, "relations": list(relations), **parts}


def claim(subject: str, type: str, object: str, **rest: object) -> dict[str, object]:
    return {"subject": subject, "type": type, "object": object, **rest}


def read(*claims: dict[str, object], names: dict[str, str] = NAMES) -> Document:
    """A document that a model might give: the same names, under ids of its own."""
    order = list(names)
    found = [
        Mention(
            start=m["start"],
            end=m["end"],
            text=m["entity"],
            type=names[m["entity"]],
            entity=f"e-{m['entity']}",
            score=1.0,
        )
        for m in mentions()
        if m["entity"] in names
    ]
    entities = [Entity(id=f"e-{name}", type=names[name], name=name, mentions=(order.index(name),)) for name in order]
    relations = [
        Relation(
            **{**c, "subject": f"e-{c['subject']}", "object": f"e-{c['object']}"},
            evidence=Span(start=0, end=3, text=TEXT[:3]),
            score=1.0,
            rule="r",
        )
        for c in claims
    ]
    return Document(text=TEXT, mentions=found, entities=entities, relations=relations)


def scored(gold: dict[str, object], document: Document, **options: int):
    return score_relations([("a.jsonl:1", AnnotatedDocument.model_validate(gold))], [document], **options)


VISIT, DENIED = claim("سامح", "visited", "باريس"), claim("سامح", "visited", "لندن", polarity="negated")
MEETING = claim("سامح", "met_with", "ليلى")


def test_all_right_and_a_symmetric_relation_either_way():
    report = scored(annotated(VISIT, DENIED, MEETING), read(VISIT, DENIED, claim("ليلى", "met_with", "سامح")))
    assert report.relations == arner.training.evaluation.scores.Score.of(3, 3, 3)
    assert {kind: score.correct for kind, score in report.relations_by_type.items()} == {"met_with": 1, "visited": 2}
    assert report.mistakes == ()
    assert report.names.f1 == 1.0
    assert report.interval is None  # one document


def test_optional_triples_are_neither_rewarded_nor_punished():
    gold = annotated(VISIT, {**MEETING, "optional": True})
    without, with_it = scored(gold, read(VISIT)), scored(gold, read(VISIT, MEETING))
    assert without.relations == with_it.relations == arner.training.evaluation.scores.Score.of(1, 1, 1)
    assert (without.optional_found, with_it.optional_found) == (0, 1)
    assert without.mistakes == with_it.mistakes == ()


def test_a_denial_read_as_a_claim_is_wrong_and_missed():
    report = scored(annotated(VISIT, DENIED), read(VISIT, claim("سامح", "visited", "لندن")))
    assert (report.relations.correct, report.relations.predicted, report.relations.gold) == (1, 2, 2)
    assert [(m.kind.value, m.object, m.polarity) for m in report.mistakes] == [
        ("wrong", "لندن", "affirmed"),
        ("missed", "لندن", "negated"),
    ]
    assert report.mistakes[0].rule == "r"
    assert (report.attributes["polarity"].correct, report.attributes["polarity"].total) == (1, 2)


def test_a_direction_and_a_repetition():
    back = scored(annotated(claim("سامح", "supports", "ليلى")), read(claim("ليلى", "supports", "سامح")))
    assert back.relations.correct == 0
    twice = scored(annotated(VISIT), read(VISIT, VISIT))
    assert (twice.relations.correct, twice.relations.predicted) == (1, 2)
    assert [mistake.kind.value for mistake in twice.mistakes] == ["repeated"]


def test_attributes_are_those_of_right_triples():
    gold = annotated(
        claim("سامح", "visited", "باريس", status="planned", when={"text": "أمس", "iso": "2024-11-27"}, role="وزير"),
        claim("سامح", "visited", "لندن", polarity="negated", when="غدا", role=None),
    )
    found = read(
        claim("سامح", "visited", "باريس", status="planned", when=When(text="أمس", iso="2024-11-26"), role="وَزير"),
        claim("سامح", "visited", "لندن", polarity="negated", status="planned", role="مدير"),
    )
    rates = {name: (score.correct, score.total) for name, score in scored(gold, found).attributes.items()}
    assert rates == {"polarity": (2, 2), "status": (1, 2), "role": (1, 2), "date": (0, 1)}
    assert scored(annotated(), read()).attributes["role"].accuracy is None


def test_a_mention_may_have_another_type_as_well():
    gold = annotated()
    gold["mentions"][1]["also"] = ["ORG"]
    assert scored(gold, read(names={**NAMES, "باريس": "ORG"})).names.correct == 4
    assert scored(gold, read(names={**NAMES, "باريس": "PER"})).names.correct == 3


def test_an_own_document_is_an_annotated_one(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(read(VISIT, DENIED).to_json() + "\n", encoding="utf-8")
    (text,) = read_labelled(path).texts
    report = scored(text.document.model_dump(), read(VISIT, DENIED))
    assert report.relations.f1 == 1.0


def test_the_evaluation_reads_relations_from_raw_text(tmp_path):
    pytest.importorskip("seqeval")
    path = tmp_path / "a.jsonl"
    plain = {"text": "وصل الوفد إلى تونس.", "label": [[14, 18, "LOC"]]}
    path.write_text("\n".join(map(json.dumps, (annotated(VISIT, DENIED), annotated(VISIT), plain))), encoding="utf-8")
    report = arner.evaluate("default", path, samples=50, compare="default")
    assert report.relations.documents == 2
    assert report.relations.relations.gold == 3
    assert report.comparison.relations.p_value == 1.0
    assert report.relations.interval is not None
    assert arner.EvaluationReport.model_validate_json(report.to_json()) == report
    broken = annotated(VISIT, claim("سامح", "visited", "روما"))
    path.write_text(json.dumps(annotated()) + "\n" + json.dumps(broken), encoding="utf-8")
    with pytest.raises(LabelledDataError, match=r"a\.jsonl:2: .*'روما'"):
        arner.evaluate("default", path)
