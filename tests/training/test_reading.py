"""One entrance: files by their ending, `datasets`, several at once; and the report on what was read."""

from __future__ import annotations

import subprocess
import sys

import pytest

import arner
from arner.errors import InputError, LabelledDataError
from arner.training.reading import read_labelled

datasets = pytest.importorskip("datasets")

ROWS = {"tokens": [["زار", "سامح"], ["باريس"]], "ner_tags": [[0, 1], [3]]}
TAGS = datasets.ClassLabel(names=["O", "B-PER", "I-PER", "B-LOC", "I-LOC"])


@pytest.fixture
def table():
    value = datasets.Sequence(datasets.Value("string"))
    return datasets.Dataset.from_dict(
        ROWS, features=datasets.Features({"tokens": value, "ner_tags": datasets.Sequence(TAGS)})
    )


def found(data):
    return [(text.text, [span.type for span in text.spans]) for text in read_labelled(data).texts]


EXPECTED = [("زار سامح", ["PER"]), ("باريس", ["LOC"])]


def test_a_dataset_as_object_folder_and_file(table, tmp_path):
    table.save_to_disk(tmp_path / "folder")
    table.to_parquet(tmp_path / "a.parquet")
    assert found(table) == EXPECTED
    assert found(tmp_path / "folder") == EXPECTED
    assert found(str(tmp_path / "a.parquet")) == EXPECTED
    assert found(next((tmp_path / "folder").glob("*.arrow"))) == EXPECTED


def test_tags_may_be_strings():
    rows = {"words": [["زار", "سامح"]], "labels": [["O", "B-PER"]]}
    assert found(datasets.Dataset.from_dict(rows)) == EXPECTED[:1]


BROKEN = {
    "numbers without names": ({"tokens": [["x"]], "tags": [[1]]}, ":1: .*ClassLabel"),
    "lengths": ({"tokens": [["x"], ["x", "y"]], "tags": [["O"], ["O"]]}, ":2: 2 tokens but 1 tags"),
    "an empty token": ({"tokens": [[" "]], "tags": [["O"]]}, ":1: the token ' '"),
    "no column": ({"text": ["x"], "tags": [["O"]]}, "no column tokens or words, but text, tags"),
    "no list": ({"tokens": ["x"], "tags": ["O"]}, ":1: tokens and tags must be lists"),
    "no rows": ({"tokens": [[]], "tags": [[]]}, "no row"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_table_is_named(case):
    rows, message = BROKEN[case]
    with pytest.raises(LabelledDataError, match=message):
        read_labelled(datasets.Dataset.from_dict(rows))


def test_splits_and_other_folders(table, tmp_path):
    splits = datasets.DatasetDict({"train": table, "test": table})
    with pytest.raises(LabelledDataError, match="pass one of them: train, test"):
        read_labelled(splits)
    with pytest.raises(LabelledDataError, match="without a dataset in it"):
        read_labelled(tmp_path)
    with pytest.raises(LabelledDataError, match=r"no\.parquet"):
        read_labelled(tmp_path / "no.parquet")


def test_several_files_and_other_names_for_types(write):
    first = write("a.conll", "زار O\nسامح B-PERS\n")
    second = write("b.jsonl", '{"text": "باريس", "label": [[0, 5, "GPE"]]}\n')
    data = read_labelled([first, second], types={"PERS": "PER", "GPE": "LOC"})
    assert data.types == ("LOC", "PER")
    assert [file.form for file in data.files] == ["CoNLL, IOB2", "doccano"]


@pytest.mark.parametrize("data", [5, None, [], {"a": 1}])
def test_what_is_no_data(data):
    with pytest.raises(InputError):
        read_labelled(data)


def test_the_same_file_twice_and_commas(write):
    path = write("a.conll", "زار O\n")
    with pytest.raises(InputError, match="twice"):
        read_labelled([path, path])
    with pytest.raises(LabelledDataError, match="tabs"):
        read_labelled(write("a.csv", "زار,O\n"))


def test_the_report(write):
    train = write("a.conll", "زار O\nسامح I-PER\nعدن B-LOC\n\nباريس B-LOC\n\nبَاريس B-LOC\n\nباريس O\n")
    held = write("b.conll", "وصل O\n\nباريس B-LOC\n\nقطر B-loc\n")
    report = arner.check_data(train, eval=[held])
    assert report.types == ("LOC", "PER")
    assert report.train[0].names == {"LOC": 3, "PER": 1}
    assert report.train[0].sentences == 4
    assert report.repairs == (f"{train}:2: I-PER continues nothing; read as a beginning",)
    assert report.duplicates == ((f"{train}:5", f"{train}:7"),)  # marks do not tell words apart
    assert report.conflicts == ((f"{train}:5", f"{train}:9"),)
    assert report.leaks == ((f"{held}:3", f"{train}:5"),)
    notes = "\n".join(report.notes)
    assert "LOC and loc differ in spelling only" in notes
    assert "never shows the type PER" in notes
    summary = report.summary()
    assert f"leak from training into evaluation: {held}:3 is also {train}:5" in summary
    assert arner.DataReport.model_validate_json(report.model_dump_json()) == report


def test_the_report_and_the_names_of_the_layer_need_no_torch(write):
    path = write("a.conll", "باريس B-LOC\n")
    code = f"import sys, arner; arner.check_data({str(path)!r}); arner.finetune; arner.evaluate; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, encoding="utf-8")
    assert not {"torch", "transformers", "datasets", "seqeval", "onnx"} & set(done.stdout.split())


def test_sentences_over_the_window_are_named(write):
    path = write("a.conll", "باريس B-LOC\n\n" + "مدينة O\n" * 40)
    assert arner.check_data(path).long == ()
    report = arner.check_data(path, window=32)
    assert report.long == (f"{path}:3",)
    assert f"over the window: {path}:3" in report.summary()


def test_a_long_list_is_cut_and_says_so(write):
    path = write("a.conll", "باريس B-LOC\n\n" * 15)
    summary = arner.check_data(path).summary()
    assert summary.count("duplicate in training") == 11
    assert "and 4 more (14 in all)" in summary
