"""One entrance: files by their ending, `datasets`, several at once; and the report on what was read."""

from __future__ import annotations

import subprocess
import sys

import pytest

import arner
from arner.errors import InputError, LabelledDataError
from arner.training.data.reading import read_labelled, read_pair

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


def test_the_split_that_the_task_needs_is_read(table, tmp_path):
    first, second = table.select([0]), table.select([1])
    splits = datasets.DatasetDict({"train": first, "validation": second, "test": second})
    splits.save_to_disk(tmp_path / "saved")
    (tmp_path / "parquet" / "data").mkdir(parents=True)
    for name, part in splits.items():
        part.to_parquet(tmp_path / "parquet" / "data" / f"{name}-00000-of-00001.parquet")
    for data in (splits, tmp_path / "saved", str(tmp_path / "parquet")):
        assert found(data) == EXPECTED[:1]
        assert [text.text for text in read_labelled(data, role="test").texts] == ["باريس"]
        train, held = read_pair(data, None)
        assert train.files[0].name.endswith(":train")
        assert (held.files[0].name.endswith(":validation"), held.types) == (True, ("LOC",))
    assert found(f"{tmp_path / 'saved'}:validation") == EXPECTED[1:]
    with pytest.raises(LabelledDataError, match="no split 'dev'; there are: train, validation, test"):
        read_labelled(f"{tmp_path / 'saved'}:dev")
    assert found(datasets.DatasetDict({"all": table})) == EXPECTED
    assert read_pair(table, None)[1] is None
    report = arner.check_data(splits)
    assert [file.names for file in report.eval] == [{"LOC": 1}]


def test_a_dataset_of_the_hub_is_asked_for_by_name(table, tmp_path, monkeypatch):
    asked = []

    def load(name):
        asked.append(name)
        return datasets.DatasetDict({"train": table, "test": table})

    monkeypatch.setattr(datasets, "load_dataset", load)
    monkeypatch.chdir(tmp_path)
    assert found("owner/name") == found("owner/name:test") == EXPECTED
    assert asked == ["owner/name", "owner/name"]
    with pytest.raises(LabelledDataError, match="no such file"):
        read_labelled("data/train.conll")
    assert len(asked) == 2


def test_arrow_of_other_programs_and_other_column_formats(table, tmp_path):
    import pyarrow

    with pyarrow.OSFile(str(tmp_path / "a.arrow"), "wb") as file, pyarrow.ipc.new_file(file, table.data.schema) as out:
        out.write_table(table.data.table)
    assert found(tmp_path / "a.arrow") == EXPECTED
    assert found(table.with_format("numpy")) == EXPECTED


def test_a_table_of_texts_with_spans():
    rows = [
        {"text": "زار سامح", "spans": [{"start": 4, "end": 8, "label": "PER"}]},
        {"text": "باريس", "spans": [{"start": 0, "end": 5, "label": "LOC"}]},
    ]
    assert found(datasets.Dataset.from_list(rows)) == EXPECTED
    rows[1]["spans"][0]["end"] = 9
    with pytest.raises(LabelledDataError, match=r"dataset:2: the span 0:9 is not within"):
        read_labelled(datasets.Dataset.from_list(rows))


def test_other_folders(tmp_path):
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
