"""Evaluation: seqeval's figures, exact spans, mistakes, intervals; and what is counted."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import arner
from arner.cli import main
from arner.errors import LabelledDataError, MissingExtraError
from arner.ner.labels import LabelScheme
from arner.ner.recognizer import NameSpan
from arner.training.data.reading import read_labelled
from arner.training.evaluation import evaluating, scores
from arner.training.evaluation.evaluating import evaluate_texts
from arner.training.evaluation.mistakes import find_mistakes
from arner.training.evaluation.predictions import tag_tokens

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
    assert report.strict == report.lenient == arner.training.evaluation.scores.Score.of(4, 4, 4)
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
    assert report.spans == report.strict == arner.training.evaluation.scores.Score.of(3, 2, 2)
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


def test_the_interval_of_each_type(write):
    report = evaluated(write("a.conll", CONLL), Listed({"سامح شكري": "PER", "عدن": "LOC"}), samples=100)
    assert set(report.intervals_by_type) == {"PER", "LOC"}
    for kind, interval in report.intervals_by_type.items():
        assert interval.low <= report.strict_by_type[kind].f1 <= interval.high


def test_the_confusion_of_types_adds_up(write):
    report = evaluated(write("a.conll", CONLL), Listed({"سامح": "PER", "باريس": "PER", "وصل": "LOC", "عدن": "LOC"}))
    assert report.confusion["LOC"] == {"LOC": 1, "PER": 1}
    assert report.confusion["PER"] == {"PER": 1, "": 1}  # other bounds, the same type; and one that was missed
    assert report.confusion[""] == {"LOC": 1}
    for kind, score in report.strict_by_type.items():
        assert sum(report.confusion[kind].values()) == score.gold


def test_two_models(write):
    texts = read_labelled(write("a.conll", CONLL * 30)).texts
    known = {"PER", "LOC"}
    good, bad = (
        evaluating._reading(Listed(names), texts, known, {})
        for names in ({"سامح شكري": "PER", "باريس": "LOC", "عدن": "LOC"}, {"باريس": "PER", "عدن": "LOC"})
    )
    apart = evaluating._comparison(good, bad, known, texts, rounds=500, seed=1)
    assert apart.names.first == evaluate_texts(Listed({"سامح شكري": "PER", "باريس": "LOC", "عدن": "LOC"}), texts).strict
    assert apart.names.difference > 0.3
    assert apart.names.p_value < 0.01
    assert apart.names_by_type["LOC"].difference > 0


def test_where_the_names_of_a_mistake_lie():
    units = [f"كلمة{number}" for number in range(20)]
    (mistake,) = find_mistakes(units, {(9, 11, "PER")}, {(10, 12, "PER")}, "a:1")
    assert mistake.context[slice(*mistake.gold_at)] == mistake.gold == "كلمة9 كلمة10"
    assert mistake.context[slice(*mistake.predicted_at)] == mistake.predicted


class Page(HTMLParser):
    """Collects elements, and what is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_of_mistakes(write):
    hostile = "<script>alert('x')</script>"
    text = f"زار O\n{hostile} B-PER\nبباريس B-LOC\nأمس B-<b>\n\nوصل O\nليلى B-PER\n"
    report = evaluated(write("a.conll", text), Listed({"ليلى": "LOC"}))
    page = report.to_html()
    read = Page(page)
    assert read.open == []
    assert {"script", "img", "link", "b"}.isdisjoint(tag for tag, _ in read.seen)
    assert any(tag == "html" and attrs["dir"] == "rtl" for tag, attrs in read.seen)
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")
    assert hostile in "".join(read.words)
    assert [attrs["id"] for tag, attrs in read.seen if tag == "details"] == ["type", "missed"]
    marked = [attrs["class"] for tag, attrs in read.seen if tag == "span" and "found" in (attrs.get("class") or "")]
    assert marked == ["gold found"]


def test_without_seqeval_the_extra_is_named(write, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "seqeval.metrics", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'arner\[evaluate\]'"):
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
        main(
            [
                *("evaluate", "default", str(path), "--format", "table", "--map", "PER=PERS", "--compare", "default"),
                *("--html", str(tmp_path / "page.html"), "--samples", "20"),
            ]
        )
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    shown = capsys.readouterr().out
    assert "strict F1" in shown
    assert "PERS" in shown
    assert "lenient" in shown
    assert "approximate randomisation over 2 texts" in shown


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
