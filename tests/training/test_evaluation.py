"""Evaluation: seqeval's figures, exact spans, mistakes, intervals; and what is counted."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import arner
from arner.cli import main
from arner.errors import LabelledDataError, MissingExtraError
from arner.ner.labels import LabelScheme
from arner.ner.recognizer import NameSpan
from arner.training import scores
from arner.training.evaluation import evaluate_texts
from arner.training.mistakes import find_mistakes
from arner.training.predictions import tag_tokens
from arner.training.reading import read_labelled

pytest.importorskip("seqeval")


class Listed:
    """Finds the names of a list, wherever they stand."""

    name = "list"

    def __init__(self, types: dict[str, str], known: tuple[str, ...] = ("PER", "LOC", "ORG")) -> None:
        self._types = types
        self.scheme = LabelScheme(("O", *known))

    def recognize(self, text: str) -> list[NameSpan]:
        found = [
            NameSpan(at, at + len(name), kind, 1.0)
            for name, kind in self._types.items()
            for at in range(len(text))
            if text.startswith(name, at)
        ]
        return sorted(found, key=lambda name: name.start)

    def recognize_many(self, texts: list[str]) -> list[list[NameSpan]]:
        return [self.recognize(text) for text in texts]


CONLL = "زار O\nسامح B-PER\nشكري I-PER\nبباريس B-LOC\n\nوصل O\nليلى B-PER\nإلى O\nعدن B-LOC\n"


def evaluated(path, model, **options):
    return evaluate_texts(model, read_labelled(path).texts, **options)


def test_all_right(write):
    model = Listed({"سامح شكري": "PER", "باريس": "LOC", "ليلى": "PER", "عدن": "LOC", "زار": "ORG"})
    report = evaluated(write("a.conll", CONLL), model)
    assert report.strict == report.lenient == arner.training.scores.Score.of(4, 4, 4)
    assert report.ignored_types == ("ORG",)  # the file never shows it, so زار is no mistake
    assert report.spans is None
    assert report.mistakes == ()
    assert (report.texts, report.tokens) == (2, 8)


def test_every_kind_of_mistake(write):
    model = Listed({"سامح": "PER", "باريس": "PER", "وصل": "LOC", "عدن": "LOC"})
    report = evaluated(write("a.conll", CONLL), model, samples=200)
    assert report.mistakes_by_kind == {"boundary": 1, "type": 1, "spurious": 1, "missed": 1}
    boundary = report.mistakes[0]
    assert (boundary.gold, boundary.predicted) == ("سامح شكري", "سامح")
    assert boundary.source.endswith("a.conll:1")
    assert boundary.context == "زار سامح شكري بباريس"
    assert report.strict.f1 == pytest.approx(0.25)
    assert report.interval.low <= report.strict.f1 <= report.interval.high
    assert evaluated(write("a.conll", CONLL), model, samples=200) == report
    assert arner.EvaluationReport.model_validate_json(report.to_json()) == report


def test_boundary_and_type_at_once():
    (mistake,) = find_mistakes(["a", "b", "c"], {(0, 2, "PER")}, {(1, 3, "ORG")}, "a:1")
    assert mistake.kind == "boundary and type"


def test_documents_are_scored_on_exact_spans(write):
    text = "وصل سامح لباريس"
    records = [{"text": text, "label": [[4, 8, "PER"], [10, 15, "LOC"]]}, {"text": "عدن", "label": [[0, 3, "LOC"]]}]
    path = write("a.jsonl", "\n".join(map(json.dumps, records)))
    report = evaluated(path, Listed({"سامح": "PER", "باريس": "LOC"}))
    assert report.spans == report.strict == arner.training.scores.Score.of(3, 2, 2)
    wider = evaluated(path, Listed({"سامح": "PER", "لباريس": "LOC", "عدن": "LOC"}))
    assert wider.strict.f1 == 1.0  # the same word
    assert wider.spans.correct == 2  # but not the same characters
    assert wider.spans_by_type["LOC"].correct == 1


def test_several_files_and_other_names_for_types(write):
    other = write("b.jsonl", '{"text": "باريس", "label": [[0, 5, "GPE"]]}')
    data = read_labelled([write("a.conll", CONLL), other], types={"GPE": "LOC"})
    report = evaluate_texts(Listed({"باريس": "LOC"}), data.texts)
    assert {file.rpartition("/")[2]: score.correct for file, score in report.strict_by_file.items()} == {
        "a.conll": 1,
        "b.jsonl": 1,
    }
    named = evaluate_texts(Listed({"باريس": "GPE"}, ("GPE",)), data.texts, types={"GPE": "LOC"})
    assert named.strict_by_type["LOC"].correct == 2
    assert named.unknown_types == ("PER",)


def test_a_file_without_a_name_in_it(write):
    empty = write("b.conll", "ثم O\n")
    with pytest.raises(LabelledDataError, match="nothing to compare"):
        evaluated(empty, Listed({}))
    report = evaluate_texts(Listed({"ثم": "PER"}), read_labelled([write("a.conll", CONLL), empty]).texts)
    assert report.strict_by_file[str(empty)].predicted == 1
    assert report.strict_by_file[str(empty)].f1 == 0.0


def test_tokens_read_together_keep_their_sentences():
    sentences = [["سامح"], ["شكري", "هنا"], ["باريس"]]
    tags = tag_tokens(Listed({"شكري": "PER", "باريس": "LOC"}), sentences, together=2)
    assert tags == [["O"], ["B-PER", "O"], ["B-LOC"]]


LABELS = st.lists(st.sampled_from(["O", "B-PER", "B-LOC", "I-PER", "I-LOC"]), min_size=1, max_size=8).map(
    lambda tags: [
        f"B-{tag[2:]}" if tag[0] == "I" and (at == 0 or tags[at - 1][2:] != tag[2:]) else tag
        for at, tag in enumerate(tags)
    ]
)


@settings(max_examples=60)
@given(st.lists(st.tuples(LABELS, LABELS).filter(lambda pair: len(pair[0]) == len(pair[1])), min_size=1, max_size=4))
def test_our_counts_agree_with_seqeval(pairs):
    gold, predicted = zip(*pairs, strict=True)
    for name, score in scores.seqeval_scores(gold, predicted, strict=True).items():
        counted = scores.Score.of(score.gold, score.predicted, score.correct)
        assert score.model_dump() == pytest.approx(counted.model_dump()), name


def test_the_interval_narrows_with_more_texts():
    chance = np.random.default_rng(0)

    def width(count):
        gold = [{(0, 1, "PER")}] * count
        predicted = [{(0, 1, "PER")} if hit else set() for hit in chance.random(count) < 0.7]
        interval = scores.bootstrap_interval(gold, predicted, samples=300, seed=1)
        return interval.high - interval.low

    assert width(1000) < width(50) / 2
    assert scores.bootstrap_interval([{(0, 1, "PER")}], [set()], samples=10, seed=1) is None


def test_without_seqeval_the_extra_is_named(write, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "seqeval.metrics", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'arner\[train\]'"):
        arner.evaluate("default", write("a.conll", CONLL))


def test_the_embedded_model_and_the_command(write, capsys, tmp_path):
    path = write("a.conll", CONLL)
    with pytest.raises(SystemExit) as caught:
        main(["evaluate", "default", str(path), "-o", str(tmp_path / "report.json"), "--samples", "50"])
    assert not caught.value.code
    report = arner.EvaluationReport.model_validate_json(capsys.readouterr().out)
    assert report.strict_by_type["LOC"].gold == 2
    written = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert arner.EvaluationReport.model_validate_json(written) == report
    with pytest.raises(SystemExit):
        main(["evaluate", "default", str(path), "--format", "table", "--map", "PER=PERS"])
    shown = capsys.readouterr().out
    assert "strict F1" in shown
    assert "PERS" in shown
    assert "lenient" in shown


def test_a_broken_file_is_one_line_on_the_command_line(write, capsys):
    path = write("a.conll", "زار O\nسامح\n")
    for args in (["evaluate", "default", str(path)], ["finetune", str(path), "--check"]):
        with pytest.raises(SystemExit) as caught:
            main(args)
        assert caught.value.code == 3
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        assert f"{path}:2: " in err
    with pytest.raises(SystemExit) as caught:
        main(["evaluate", "default", str(path), "--map", "PER"])
    assert caught.value.code == 2
