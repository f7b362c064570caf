"""Scores: fitted on annotated documents, written into rule files, and what a relation's score is made of."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from arner.errors import LabelledDataError
from arner.knowledge import Knowledge
from arner.relations import Rule, RuleSet, load_rules
from arner.relations.scores import BY_PRONOUN
from arner.schema import RelationType
from arner.training.data.annotated_document import AnnotatedRelation
from arner.training.evaluation.relation_matching import (
    GoldDocument,
    GoldName,
    judge,
    read_gold,
    relate_names,
)
from arner.training.evaluation.rule_scores import (
    HIGHEST,
    Count,
    Outcome,
    calibration_error,
    equal_bins,
    fit_scores,
    precision_recall,
    shrink,
)
from benchmarks.relations_quality import attributes
from benchmarks.relations_quality import main as run_benchmark
from scripts.calibrate_rules import label_points, put_report, scored, write_scores

VISIT = Rule("visited.a", "clause", (), ())
OTHER = Rule("visited.b", "clause", (), ())

RULES = """# A file with comments.
[lexicon.plead_verb]
verbs = ["ترافع/يترافع"]  # to plead

[[rule]]
id = "my.pleaded"
type = "represents"
score = 0.5  # a guess
pattern = "@plead_verb {subject:PER} عن {object:PER}"

[[rule]]
id = "my.other"
note = "score = 0.5 is no score here"
type = "represents"
pattern = "دافع {subject:PER} عن {object:PER}"
"""


def gold_of(text: str, names: list[tuple[str, str, str]], *relations: tuple[str, str, str, dict[str, Any]]) -> dict:
    """An annotated document as JSON: names as (words, type, entity), relations as (subject, type, object, more)."""
    entities: dict[str, dict[str, Any]] = {}
    mentions = []
    for words, type, entity in names:
        start = text.index(words)
        mentions.append({"start": start, "end": start + len(words), "type": type, "entity": entity})
        entities.setdefault(entity, {"id": entity, "type": type, "name": words})
    return {
        "text": text,
        "mentions": mentions,
        "entities": list(entities.values()),
        "relations": [{"subject": s, "type": t, "object": o, **more} for s, t, o, more in relations],
    }


VISITS = gold_of(
    "زار خالد نعمان تونس، ووصل سمير عوض إلى كينيا.",
    [("خالد نعمان", "PER", "a"), ("تونس", "LOC", "b"), ("سمير عوض", "PER", "c"), ("كينيا", "LOC", "d")],
    ("a", "visited", "b", {}),
    ("c", "born_in", "d", {}),
)


@pytest.fixture
def gold(tmp_path: Path) -> Callable[[dict], GoldDocument]:
    def write(data: dict) -> GoldDocument:
        path = tmp_path / "gold.json"
        path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        return read_gold([path])[0]

    return write


def test_a_rule_that_is_often_right_scores_higher_and_none_is_certain() -> None:
    claims = [("visited.a", "visited", True)] * 40
    claims += [("visited.b", "visited", right) for right in (True, False) * 20]
    scores = fit_scores(claims, [VISIT, OTHER]).scores
    assert 0.9 < scores["visited.a"] <= HIGHEST
    assert 0.5 < scores["visited.b"] < 0.65


def test_few_claims_move_a_score_less_than_many() -> None:
    """The fewer claims a rule makes, the nearer it stays to its type."""
    assert shrink(Count(0, 1), 0.9, 16) > shrink(Count(0, 10), 0.9, 16) > shrink(Count(0, 100), 0.9, 16)


def test_a_rule_without_claims_takes_the_share_of_its_type() -> None:
    claims = [("visited.a", "visited", right) for right in (True, True, True, False) * 30]
    claims += [("x.y", "born_in", True)] * 120
    silent = load_rules().rules
    one = next(rule for rule in silent if rule.types == (RelationType.VISITED,))
    other = next(rule for rule in silent if rule.types == (RelationType.BORN_IN,))
    scores = fit_scores(claims, [VISIT, one, other]).scores
    assert scores[one.id] < 0.85 < scores[other.id]


def test_calibration_error_compares_scores_with_shares() -> None:
    honest = [Outcome(0.8, n % 5 != 0, True, True) for n in range(50)]
    assert calibration_error([Outcome(0.8, True, True, True)] * 50) == pytest.approx(0.2)
    assert sum(size for _, _, size in equal_bins(honest)) == 50
    assert calibration_error([]) == 0.0


def test_precision_and_recall_leave_optional_relations_out() -> None:
    outcomes = [Outcome(1, True, True, True), Outcome(1, False, True, False), Outcome(1, True, False, False)]
    assert precision_recall(outcomes, wanted=4) == (0.5, 0.25)


def test_only_scores_of_a_rule_file_change(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(RULES, "utf-8")
    assert write_scores(path, {"my.pleaded": 0.93, "my.other": 0.88, "of.another_file": 0.1}) == 2
    expected = RULES.replace("score = 0.5  # a guess", "score = 0.93  # a guess")
    expected = expected.replace('id = "my.other"\n', 'id = "my.other"\nscore = 0.88\n')
    assert path.read_text("utf-8") == expected
    assert write_scores(path, {"my.pleaded": 0.93, "my.other": 0.88}) == 0
    assert {rule.score for rule in load_rules([path]).rules if rule.id.startswith("my.")} == {0.93, 0.88}


def test_a_file_whose_scores_cannot_be_found_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    text = 'rule = [{id = "my.one", type = "visited", pattern = "زار {subject:PER} {object:LOC}", score = 0.5}]\n'
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"mine\.toml: write each rule as a"):
        write_scores(path, {"my.one": 0.9})
    assert path.read_text("utf-8") == text


def test_every_built_in_file_can_be_written(tmp_path: Path, rules: RuleSet) -> None:
    wanted = {rule.id: 0.123 for rule in rules.rules if rule.claims}
    files = {Path(rule.file) for rule in rules.rules}
    changed = 0
    for file in files:
        copy = tmp_path / file.name
        copy.write_bytes(file.read_bytes())
        changed += write_scores(copy, wanted)
    assert changed == len(wanted)


def test_the_report_goes_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- calibration: begin -->\nold\n<!-- calibration: end -->\nb\n", "utf-8")
    put_report(page, "new")
    assert page.read_text("utf-8") == "a\n<!-- calibration: begin -->\n\nnew\n\n<!-- calibration: end -->\nb\n"
    page.write_text("no marks", "utf-8")
    with pytest.raises(ValueError, match="calibration: begin"):
        put_report(page, "new")


def test_verdicts(gold: Callable[[dict], GoldDocument], knowledge: Knowledge, rules: RuleSet) -> None:
    wanted = gold(VISITS)
    document = relate_names(wanted.text, wanted.names, knowledge, rules)
    judged, missed = judge(wanted, document)
    assert [(found.relation.type.value, found.verdict) for found in judged] == [
        ("visited", "required"),
        ("visited", "wrong"),
    ]
    assert [relation.type.value for relation in missed] == ["born_in"]
    twice = judge(wanted, document, [document.relations[0]] * 2)[0]
    assert [found.verdict for found in twice] == ["required", "repeat"]


def test_an_optional_relation_is_right_and_never_missed(
    gold: Callable[[dict], GoldDocument], knowledge: Knowledge, rules: RuleSet
) -> None:
    data = json.loads(json.dumps(VISITS))
    for relation in data["relations"]:
        relation["optional"] = True
    wanted = gold(data)
    judged, missed = judge(wanted, relate_names(wanted.text, wanted.names, knowledge, rules))
    assert judged[0].verdict == "optional" and judged[0].right
    assert missed == []


def test_ends_of_a_symmetric_type_may_change_places(knowledge: Knowledge, rules: RuleSet) -> None:
    text = "التقى خالد نعمان سمير عوض."
    names = (GoldName(6, 16, "PER", "a"), GoldName(17, 25, "PER", "b"))
    met = AnnotatedRelation(subject="b", type=RelationType.MET_WITH, object="a")
    label = {"a": "خالد نعمان", "b": "سمير عوض"}
    forms = {id: frozenset({name}) for id, name in label.items()}
    wanted = GoldDocument("x", text, names, forms, label, (met,))
    assert [found.verdict for found in judge(wanted, relate_names(text, names, knowledge, rules))[0]] == ["required"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ("[]", "holds no document"),
        ("[3]", "not a document annotated"),
        ('{"text": "x", "mentions": [], "entities": []}', "lacks relations"),
        (
            (
                '{"text": "x", "mentions": [{"start": 0, "end": 9, "type": "PER", "entity": "a"}], '
                '"entities": [], "relations": []}'
            ),
            "0:9",
        ),
    ],
)
def test_a_broken_document_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "gold.json"
    path.write_text(content, "utf-8")
    with pytest.raises(LabelledDataError, match=message) as caught:
        read_gold([path])
    assert "gold.json" in str(caught.value)


def test_a_folder_without_documents(tmp_path: Path) -> None:
    with pytest.raises(LabelledDataError, match=r"holds no \.json"):
        read_gold([tmp_path])


def test_unsure_names_make_an_unsure_relation(knowledge: Knowledge, rules: RuleSet) -> None:
    text = "زار خالد نعمان تونس"

    def score(person: float, place: float) -> float:
        names = [GoldName(4, 14, "PER", "", person), GoldName(15, 19, "LOC", "", place)]
        level = scored(rules, {"visited.verb": 0.9})
        return relate_names(text, names, knowledge, level).relations[0].score

    assert score(1.0, 1.0) == 0.9
    assert score(0.64, 1.0) == pytest.approx(0.9 * 0.8)
    assert score(0.25, 0.36) == pytest.approx(0.9 * 0.3, abs=1e-4)


def test_the_surest_mention_in_the_evidence_counts(knowledge: Knowledge, rules: RuleSet) -> None:
    text = "غاب خالد نعمان. زار نعمان تونس."
    level = scored(rules, {"visited.verb": 0.9})
    names = [
        GoldName(4, 14, "PER", "", 1.0),
        GoldName(20, 25, "PER", "", 0.25),
        GoldName(26, 30, "LOC", "", 1.0),
    ]
    (visit,) = relate_names(text, names, knowledge, level).relations
    assert visit.score == pytest.approx(0.45)


def test_the_benchmark_reports_relations_attributes_and_entities(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.json").write_text(json.dumps(VISITS, ensure_ascii=False), "utf-8")
    output = tmp_path / "figures.md"
    run_benchmark([str(tmp_path), "--part", "same", str(tmp_path), "--model", "", "--output", str(output)])
    text = output.read_text("utf-8")
    assert text in capsys.readouterr().out
    assert "| **all** | 2 | 0.500 | 0.500 | 0.500 |" in text
    assert "| polarity | 1 | 1 | 1.000 |" in text
    assert "B³ P 1.0000, R 1.0000" in text
    assert "\n## same\n" in text


def test_a_denial_that_is_read_as_a_claim_is_a_wrong_polarity(
    gold: Callable[[dict], GoldDocument], knowledge: Knowledge, rules: RuleSet
) -> None:
    data = json.loads(json.dumps(VISITS))
    data["relations"][0]["polarity"] = "negated"
    wanted = gold(data)
    counts = attributes([wanted], [relate_names(wanted.text, wanted.names, knowledge, rules)])
    assert counts["polarity"] == (0, 1)


def test_a_claim_through_a_pronoun_scores_less(knowledge: Knowledge, rules: RuleSet) -> None:
    text = "قال خالد نعمان ذلك أثناء زيارته إلى تونس"
    names = [GoldName(4, 14, "PER", ""), GoldName(36, 40, "LOC", "")]
    level = scored(rules, dict.fromkeys((rule.id for rule in rules.rules), 1.0))
    (visit,) = relate_names(text, names, knowledge, level).relations
    assert visit.score == BY_PRONOUN


def test_labels_of_points_that_coincide_stand_apart() -> None:
    figure_module = pytest.importorskip("matplotlib.figure")
    axes = figure_module.Figure().subplots()
    points = [(0.5, 0.5), (0.5, 0.5), (0.502, 0.5), (0.9, 1.0)]
    axes.plot(*zip(*points, strict=True), label="a line")
    axes.legend()
    label_points(axes, [(f"0.{n}", *point) for n, point in enumerate(points)], points)
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == 4
    assert not any(one.overlaps(other) for n, one in enumerate(boxes) for other in boxes[:n])
