"""What to annotate next: doubtful, unlike sentences first; in files that annotation tools open; the same every time."""

from __future__ import annotations

import itertools
import json
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import arner
from arner.cli import main
from arner.errors import InputError, LabelledDataError, ModelNotFoundError
from arner.ner.labels import LabelScheme
from arner.ner.recognizer import NameSpan
from arner.training.data.labelled import LabelledSpan, Source
from arner.training.data.reading import read_labelled
from arner.training.suggest.coverage import cover
from arner.training.suggest.suggesting import suggest_sentences
from arner.training.suggest.unlabelled import Unlabelled, read_unlabelled

SCHEME = LabelScheme(("O", "B-PER", "I-PER"))


class Doubting:
    """Is sure of every word but those given, of which it takes the first in a text for a name."""

    name = "doubting"
    scheme = SCHEME

    def __init__(self, doubts: dict[str, float]) -> None:
        self._doubts = doubts

    def word_log_probs(self, texts, words):
        rows = []
        for found in words:
            unsure = [self._doubts.get(word.folded, 0.0) for word in found]
            rows.append(np.log([[1 - 0.999 * d - 2e-6, 0.999 * d + 1e-6, 1e-6] for d in unsure]).astype(np.float32))
        return rows

    def names(self, words, log_probs):
        return [NameSpan(w.start, w.end, "PER", 0.5) for w in words if w.folded in self._doubts][:1]


def chosen(doubts: dict[str, float], *texts: str, n: int = 10, **options):
    pool = [Unlabelled(text, Source("text", number)) for number, text in enumerate(texts, 1)]
    options = {"known": set(), "seed": 1, **options}
    return suggest_sentences(Doubting(doubts), pool, n=n, **options)


def test_doubtful_sentences_come_first_and_sure_ones_not_at_all():
    found = chosen({"سامح": 0.5, "ليلى": 0.1}, "زار سامح باريس.", "وصل الوفد أمس.", "زار ليلى باريس.")
    assert [one.text for one in found.suggestions] == ["زار سامح باريس.", "زار ليلى باريس."]
    assert (found.sentences, found.left_out) == (3, 0)
    first, second = found.suggestions
    assert first.doubt > second.doubt > 0
    assert first.gain >= second.gain
    assert [(name.start, name.end, name.type) for name in first.names] == [(4, 8, "PER")]


def test_a_doubt_that_was_taken_counts_less():
    texts = [f"زار سامح {place} أمس." for place in ("باريس", "لندن")]
    found = chosen({"سامح": 0.5, "ليلى": 0.5}, *texts, "عادت ليلى إلى البيت.", n=2)
    assert "سامح" in found.suggestions[0].text  # a doubt of two sentences comes before one of a single sentence
    assert "ليلى" in found.suggestions[1].text


def test_long_sentences_have_to_be_worth_it():
    long = "قال سامح " + "كلمة " * 60 + "."
    found = chosen({"سامح": 0.5}, long, "زار سامح باريس.", n=1)
    assert found.suggestions[0].text == "زار سامح باريس."


def test_sentences_of_a_document_know_where_they_stand():
    text = "وصل الوفد أمس.\nثم زار سامح باريس. وعاد سامح مساء."
    found = chosen({"سامح": 0.5}, text)
    for one in found.suggestions:
        assert text[one.start :].startswith(one.text)
        assert [one.text[name.start : name.end] for name in one.names] in ([], ["سامح"])
    assert {one.source for one in found.suggestions} == {"text:1"}


def test_labelled_repeated_and_short_sentences_are_left_out(tmp_path):
    (tmp_path / "a.conll").write_text("زار\tO\nسامح\tB-PER\nباريس\tO\n", encoding="utf-8")
    known = {text.key for text in read_labelled(tmp_path / "a.conll").texts}
    found = chosen({"سامح": 0.5}, "زار سامح باريس", "وصل سامح أمس", "وصل سَامِح أمس", "سامح", known=known)
    assert [one.text for one in found.suggestions] == ["وصل سامح أمس"]
    assert found.left_out == 3
    with pytest.raises(InputError, match="no sentence to choose from"):
        chosen({}, "سامح")


WORDS = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.05, 2.0), max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=7), st.integers(1, 3))
def test_the_choice_is_close_to_the_best_there_is(doubts, count):
    shared: dict[str, float] = {}
    for words in doubts:
        for word, doubt in words.items():
            shared[word] = shared.get(word, 0.0) + doubt

    def worth(indices):
        held: dict[str, float] = {}
        for index in indices:
            for word, doubt in doubts[index].items():
                held[word] = held.get(word, 0.0) + doubt
        return sum(math.sqrt(shared[word] * doubt) for word, doubt in held.items())

    taken = cover(doubts, [1.0] * len(doubts), count, seed=3)
    best = max(map(worth, itertools.combinations(range(len(doubts)), min(count, len(doubts)))))
    assert worth([index for index, _ in taken]) >= (1 - 1 / math.e) * best - 1e-9
    assert sum(gain for _, gain in taken) == pytest.approx(worth([index for index, _ in taken]))
    gains = [gain for _, gain in taken]
    assert gains == sorted(gains, reverse=True)
    assert taken == cover(doubts, [1.0] * len(doubts), count, seed=3)


TEXT = "زار سامح شكري لباريس 😀 أمس. ووصلت ليلى إلى «عدن». واجتمعا في قصر الورد بمدينة الضباب."


@pytest.fixture(scope="module")
def suggestions():
    return arner.suggest([TEXT], n=5)


def test_the_same_texts_give_the_same_sentences(suggestions):
    assert arner.suggest(TEXT, n=5) == suggestions
    assert arner.Suggestions.model_validate_json(suggestions.model_dump_json()) == suggestions
    assert suggestions.model.startswith("arner-default")


@pytest.mark.parametrize("format", ["doccano", "prodigy"])
def test_the_files_are_read_again_with_the_same_names(suggestions, tmp_path, format):
    path = tmp_path / "next.jsonl"
    suggestions.save(path, format)
    read = read_labelled(path)
    assert read.files[0].form.casefold() == format
    assert [text.text for text in read.texts] == [one.text for one in suggestions.suggestions]
    expected = [tuple(LabelledSpan(n.start, n.end, n.type) for n in one.names) for one in suggestions.suggestions]
    assert [text.spans for text in read.texts] == expected
    assert any(expected)


def test_tokens_of_prodigy_meet_the_spans(suggestions):
    for line in suggestions.to_text("prodigy").splitlines():
        task = json.loads(line)
        for token in task["tokens"]:
            assert task["text"][token["start"] : token["end"]] == token["text"]
        for span in task["spans"]:
            assert task["tokens"][span["token_start"]]["start"] == span["start"]
            assert task["tokens"][span["token_end"]]["end"] == span["end"]


def test_tasks_of_label_studio(suggestions):
    tasks = json.loads(suggestions.to_text("label-studio"))
    assert [task["data"]["text"] for task in tasks] == [one.text for one in suggestions.suggestions]
    for task in tasks:
        (prediction,) = task["predictions"]
        assert len({result["id"] for result in prediction["result"]}) == len(prediction["result"])
        for result in prediction["result"]:
            assert (result["type"], result["from_name"], result["to_name"]) == ("labels", "label", "text")
            value = result["value"]
            assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
    with pytest.raises(InputError, match="no format 'brat'; there are: doccano, label-studio, prodigy"):
        suggestions.to_text("brat")


def test_files_and_folders(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.txt").write_text("نص ثان", encoding="utf-8")
    (tmp_path / "in" / "a.jsonl").write_text('{"text": "نص أول"}\n{"data": {"text": "x"}}\n', encoding="utf-8")
    (tmp_path / "in" / "c.pdf").write_bytes(b"%PDF")
    found = list(read_unlabelled([tmp_path / "in", "نص ثالث"]))
    assert [text.text for text in found] == ["نص أول", "x", "نص ثان", "نص ثالث"]
    assert str(found[1].source) == f"{tmp_path / 'in' / 'a.jsonl'}:2"
    assert str(found[3].source) == "text:2"


def test_what_is_refused(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "x"}\n{"body": "x"}\n', encoding="utf-8")
    with pytest.raises(LabelledDataError, match=r'a\.jsonl:2: expected an object with a "text"'):
        arner.suggest(tmp_path / "a.jsonl")
    (tmp_path / "empty").mkdir()
    with pytest.raises(LabelledDataError, match="the folder holds no file"):
        arner.suggest(tmp_path / "empty")
    with pytest.raises(LabelledDataError, match="no such file"):
        arner.suggest([tmp_path / "no.txt"])
    for texts in ([5], 5, [b"x"], ["a\ud800"], [], [" "]):
        with pytest.raises(InputError):
            arner.suggest(texts)
    with pytest.raises(InputError, match="n must be at least 1"):
        arner.suggest([TEXT], n=0)
    with pytest.raises(ModelNotFoundError):
        arner.suggest([TEXT], model="./nowhere")


def test_the_command(tmp_path, capsys):
    path, output = tmp_path / "a.txt", tmp_path / "next.jsonl"
    path.write_text(TEXT, encoding="utf-8")
    for args, code in (([str(path), "-n", "2", "-o", str(output)], 0), ([str(tmp_path / "no.txt")], 3)):
        with pytest.raises(SystemExit) as caught:
            main(["suggest", *args])
        assert (caught.value.code or 0) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert "2 of 3 sentences" in err
    assert "no.txt: no such file" in err
    assert len(read_labelled(output).texts) == 2
    with pytest.raises(SystemExit):
        main(["suggest", str(path), "--labelled", str(output), "--format", "label-studio"])
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_it_needs_no_torch():
    code = f"import sys, arner; arner.suggest([{TEXT!r}], n=1); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, encoding="utf-8")
    assert not {"torch", "transformers", "datasets", "seqeval"} & set(done.stdout.split())


def test_the_name_of_a_file_is_no_text(write):
    path = write("news.txt", "زار الوزير باريس أمس.")
    with pytest.raises(InputError, match=r"pass pathlib\.Path"):
        list(read_unlabelled(str(path)))
    assert [item.text for item in read_unlabelled([path, "missing.txt"])] == ["زار الوزير باريس أمس.", "missing.txt"]
