"""Malformed data: each is refused with one line that names file, line, problem and remedy; or repaired, and said so.

Every case goes through the library (`arner.check_data`) and through the commands that read labelled data.
"""

# ruff: noqa: E501  # a table reads best with a case on a line

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

import arner
from arner.cli import main
from arner.errors import InputError, LabelledDataError, MissingExtraError
from arner.training.data.reading import read_labelled

GOOD = "زار\tO\nسامح\tB-PER\n\n"
RECORD = '{"text": "زار سامح باريس", "label": [[4, 8, "PER"]]}\n'


class Case(NamedTuple):
    file: str
    content: bytes | Callable[[Path], object]
    line: int | None
    """The line that the message names; None where the file as a whole is at fault."""
    problem: str
    remedy: str


def text(content: str) -> bytes:
    return content.encode("utf-8")


def lines(*values: object) -> bytes:
    """JSON lines; the broken record is the second where there are two."""
    return text("".join((v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)) + "\n" for v in values))


def doccano(*labels: object, body: str = "زار سامح باريس") -> bytes:
    return lines(RECORD.strip(), {"text": body, "label": list(labels)})


def studio(**result: object) -> dict[str, object]:
    value = {"start": 4, "end": 8, "text": "سامح", "labels": ["PER"], **result}
    return {"data": {"text": "زار سامح"}, "annotations": [{"result": [{"type": "labels", "value": value}]}]}


def document(**parts: object) -> dict[str, object]:
    whole = {
        "text": "زار سامح باريس",
        "mentions": [{"start": 4, "end": 8, "type": "PER", "entity": "a"}],
        "entities": [{"id": "a", "type": "PER", "name": "سامح"}],
        "relations": [],
    }
    return {**whole, **parts}


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("all.jsonl", RECORD)
    return buffer.getvalue()


def table(rows: dict[str, list[object]], names: list[str] | None = None) -> Callable[[Path], object]:
    """Writes a Parquet file, as `to_parquet` does."""

    def write(path: Path) -> None:
        datasets = pytest.importorskip("datasets")
        data = datasets.Dataset.from_dict(rows)
        if names is not None:
            features = data.features.copy()
            features["ner_tags"] = datasets.Sequence(datasets.ClassLabel(names=names))
            # A cast refuses numbers without a name; a file that another program wrote may hold them nevertheless.
            data = datasets.Dataset(data.data.table.cast(features.arrow_schema))
        import pyarrow.parquet

        pyarrow.parquet.write_table(data.data.table, path)

    return write


TAGS = ["O", "B-PER", "I-PER"]
FOLDER_OF_TEXT = {"a.conll": GOOD}


def folder(files: dict[str, str]) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        path.mkdir()
        for name, content in files.items():
            (path / name).write_text(content, encoding="utf-8")

    return write


def splits(path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    data = datasets.Dataset.from_dict({"tokens": [["زار"]], "ner_tags": [["O"]]})
    datasets.DatasetDict({"north": data, "south": data}).save_to_disk(path)


REFUSED = {
    # The file as a whole
    "missing file": Case("a.conll", lambda path: None, None, "no such file", "check the name"),
    "empty": Case("a.conll", b"", None, "the file is empty", "nothing can be learnt"),
    "blank lines only": Case("a.jsonl", b"\n \n\t\n", None, "the file is empty", "nothing can be learnt"),
    "comments only": Case("a.conll", b"-DOCSTART- -X- O\n\n", 1, "no sentence", "a token and its tag"),
    "a folder of text files": Case("a", folder(FOLDER_OF_TEXT), None, "folder without a dataset", "name the files"),
    "a folder with the name of a file": Case("a.conll", folder({}), None, "folder without a dataset", "name the files"),
    "windows-1256": Case(
        "a.conll", GOOD.encode("ascii", "ignore") + "زار\tO\n".encode("cp1256"), 4, "is not UTF-8", "save the file as UTF-8"
    ),
    "UTF-8 cut within a letter": Case("a.jsonl", text(RECORD) + text("ز")[:1], 2, "is not UTF-8", "save the file as UTF-8"),
    "UTF-16": Case("a.conll", GOOD.encode("utf-16"), 1, "UTF-16", "save it as UTF-8"),
    "NUL": Case("a.conll", text(GOOD + "وصل\0\tO\n"), 4, "NUL", "save it as UTF-8 text"),
    "gzip of a labelled file": Case("a.conll.gz", gzip.compress(text(GOOD)), 1, "gzip", "gunzip a.conll.gz"),
    "gzip of another thing": Case("a.jsonl", gzip.compress(b"\x89PNG"), 1, "gzip", "gunzip"),
    "zip, as doccano exports": Case("a.jsonl", zipped(), 1, "ZIP", "unpack it"),
    "bzip2": Case("a.conll", bz2.compress(text(GOOD)), 1, "bzip2", "bunzip2"),
    "xz": Case("a.conll", lzma.compress(text(GOOD)), 1, "xz", "unxz"),
    "pickle": Case("a.conll", pickle.dumps({"a": 1}, protocol=4), 1, "pickle", "JSON or CoNLL"),
    "PDF": Case("a.conll", b"%PDF-1.7 ...", 1, "PDF", "CoNLL or JSON"),
    "a picture": Case("a.conll", b"\x89PNG\r\n\x1a\n\0\0", 1, "is not UTF-8", "save the file as UTF-8"),
    "Parquet under another name": Case("a.conll", b"PAR1\x15\x04", 1, "Parquet", "ends in .parquet"),
    "commas": Case("a.csv", text("زار,O\n"), None, "comma-separated", "save it with tabs"),
    # CoNLL
    "JSON named as CoNLL": Case("a.conll", text(RECORD), 1, "looks like JSON", "ends in .jsonl"),
    "one column": Case("a.conll", text(GOOD + "وصل\n"), 4, "1 columns where the lines before have 2", "like the others"),
    "blanks in place of the tab": Case("a.conll", text(GOOD + "وصل O\n"), 4, "parted by blanks", "like the others"),
    "a tab in place of blanks": Case("a.conll", text("زار O\nوصل\tO\n"), 2, "parted by tabs", "like the others"),
    "a column too many": Case("a.conll", text(GOOD + "وصل\tV\tO\n"), 4, "3 columns", "like the others"),
    "ten columns, as CoNLL-U": Case("a.conll", text("1 زار زار V _ _ 0 _ _ O\n"), 1, "2 to 4 columns", "token and its tag"),
    "commas in CoNLL": Case("a.conll", text("زار,O\n"), 1, "2 to 4 columns", "Save the file with tabs"),
    "no tag": Case("a.conll", text(GOOD + "وصل\t\n"), 4, "the tag is empty", "write O"),
    "no token": Case("a.conll", text(GOOD + "\tO\n"), 4, "the token is empty", "leave the line empty between"),
    "the digit 0 for O": Case("a.conll", text(GOOD + "وصل\t0\n"), 4, "is a number", "write the label's name"),
    "a prefix without a type": Case("a.conll", text(GOOD + "وصل\tB-\n"), 4, "names no type", "such as B-PER"),
    "a prefix behind the type": Case("a.conll", text(GOOD + "وصل\tPER-B\n"), 4, "prefix behind", "write B-PER"),
    "an unknown prefix": Case("a.conll", text(GOOD + "وصل\tX-PER\n"), 4, "'X-PER' has no prefix", "write O"),
    "an underscore for O": Case("a.conll", text(GOOD + "وصل\t_\n"), 4, "'_' has no prefix", "write O"),
    "a tag with an apostrophe": Case("a.conll", text(GOOD + "وصل\tit's\n"), 4, "has no prefix", "write O"),
    "names within names": Case("a.conll", text(GOOD + "وصل\tB-ORG|B-PER\n"), 4, "holds several", "write the outer one, B-ORG"),
    "columns swapped": Case("a.conll", text("O\tزار\nB-PER\tسامح\n"), 1, "swapped", "its tag, such as B-PER, last"),
    "running text": Case("a.txt", text("زار سامح باريس\nوصل الوفد أمس\n"), 1, "running text", "one token a line"),
    "a huge line": Case("a.conll", text(GOOD + "ز" * 2_000_000 + "\tO\n"), 4, "2,000,000 characters", "one token a line"),
    "a huge line without columns": Case("a.conll", text(GOOD + "ز" * 500_000 + "\n"), 4, "1 columns", "like the others"),
    "a huge tag": Case("a.conll", text(GOOD + "وصل\tB-" + "P" * 5000 + "\n"), 4, "characters", "such as B-PER"),
    "line ends of an old Mac": Case("a.conll", text("زار\tO\rسامح\tB-PER\r"), 1, "carriage return", "line feeds"),
    # JSON
    "JSON cut short": Case("a.jsonl", text(RECORD + '{"text": "زار سا'), 2, "not JSON", "cut short"),
    "a list cut short": Case("a.json", text("[\n" + RECORD), 3, "expected a comma or ]", "cut short"),
    "an object over lines, named .jsonl": Case("a.jsonl", text('{\n"text": "x",\n"label": []}\n'), 1, "not JSON", "name the file .json"),
    "an object over lines, cut short": Case("a.json", text('{\n"text": "x",\n"label": [[0,'), 3, "not JSON", "cut short"),
    "a comma missing": Case("a.json", text("[" + RECORD + RECORD + "]"), 2, "expected a comma", "put a comma"),
    "two lists": Case("a.json", text("[" + RECORD + "]\n[" + RECORD + "]"), 3, "behind the end of the list", "into one list"),
    "two objects on a line": Case("a.jsonl", text(RECORD.strip() + RECORD), 1, "behind the end of the object", "on each line"),
    "single quotes": Case("a.jsonl", text(RECORD + "{'text': 'x'}\n"), 2, "not JSON", "correct it"),
    "a key twice": Case("a.jsonl", text(RECORD + '{"text": "a", "text": "b", "label": []}\n'), 2, "'text' stands twice", "leave one"),
    "a deep nest": Case("a.jsonl", text("[" * 100_000), 1, "nested too deeply", "is an object"),
    "half a surrogate pair in the text": Case("a.jsonl", text(RECORD + '{"text": "a\\ud83d", "label": []}\n'), 2, "surrogate", "write both halves"),
    "half a surrogate pair in a label": Case("a.jsonl", text(RECORD + '{"text": "ab", "label": [[0, 1, "\\udc00"]]}\n'), 2, "surrogate", "write both halves"),
    "a number of thousands of digits": Case("a.jsonl", text(RECORD + '{"text": "ab", "label": [[0, ' + "9" * 5000 + ', "PER"]]}\n'), 2, "not JSON", "digit"),
    "a string": Case("a.jsonl", lines(RECORD.strip(), '"زار"'), 2, "expected an object, found str", "formats read"),
    "null": Case("a.jsonl", lines(RECORD.strip(), "null"), 2, "found NoneType", "formats read"),
    "no text": Case("a.jsonl", lines(RECORD.strip(), {"label": []}), 2, 'expected a "text"', "formats read"),
    "the text is a number": Case("a.jsonl", lines(RECORD.strip(), {"text": 5, "label": []}), 2, 'expected a "text"', "formats read"),
    "an empty text": Case("a.jsonl", lines(RECORD.strip(), {"text": " ", "label": []}), 2, "is empty", "leave the record out"),
    "no labels": Case("a.jsonl", lines(RECORD.strip(), {"text": "زار"}), 2, "no labels", "formats read"),
    "labels that are no list": Case("a.jsonl", lines({"text": "x", "label": "PER"}), 1, "must be a list", "list"),
    "labels of whole texts": Case("a.jsonl", lines({"text": "زار", "label": ["sport"]}), 1, "a label must be", "[start, end, label]"),
    "beyond the text": Case("a.jsonl", doccano([4, 99, "PER"]), 2, "not within the text", "half-open"),
    "a negative offset": Case("a.jsonl", doccano([-1, 3, "PER"]), 2, "not within the text", "half-open"),
    "an empty span": Case("a.jsonl", doccano([4, 4, "PER"]), 2, "not within the text", "half-open"),
    "a span backwards": Case("a.jsonl", doccano([8, 4, "PER"]), 2, "not within the text", "half-open"),
    "offsets as strings": Case("a.jsonl", doccano(["4", "8", "PER"]), 2, "whole numbers", "count code points"),
    "offsets with a point": Case("a.jsonl", doccano([4.0, 8.0, "PER"]), 2, "whole numbers", "count code points"),
    "offsets that are true": Case("a.jsonl", doccano([True, 8, "PER"]), 2, "whole numbers", "count code points"),
    "a label that is a number": Case("a.jsonl", doccano([4, 8, 3]), 2, "the label 3", "export labels by name"),
    "an empty label": Case("a.jsonl", doccano([4, 8, " "]), 2, "the label ' '", "not empty"),
    "crossing spans": Case("a.jsonl", doccano([0, 8, "PER"], [4, 14, "LOC"]), 2, "cross each other", "leave one"),
    "one span, two types": Case("a.jsonl", doccano([4, 8, "PER"], [4, 8, "ORG"]), 2, "both ORG and PER", "leave one"),
    "a span of blanks": Case("a.jsonl", doccano([1, 3, "PER"], body="x  y"), 2, "only blanks", "leave it out"),
    "a label without an end": Case("a.jsonl", lines(RECORD.strip(), {"text": "زار", "spans": [{"start": 0, "label": "PER"}]}), 2, "with start, end, label", "must be an object"),
    "Prodigy, nothing accepted": Case("a.jsonl", lines({"text": "زار", "spans": [], "answer": "reject"}), None, "no annotated text", "export texts that are annotated"),
    "Label Studio, another text": Case("a.json", lines([studio(text="هدى")]), 1, "the file says 'هدى'", "count code points"),
    "Label Studio, a span without labels": Case("a.json", lines([studio(labels=[])]), 1, "must be a list of labels", "list of labels"),
    "Label Studio, no text": Case("a.json", lines([{"data": {"n": 1}, "annotations": []}]), 1, 'no "text"', "name the field so"),
    "Label Studio, nothing annotated": Case("a.json", lines([{"data": {"text": "زار"}, "annotations": []}]), None, "no annotated text", "export texts"),
    "tokens without tags": Case("a.jsonl", lines({"tokens": ["زار"]}), 1, "no tags", "name them"),
    "tokens with too few tags": Case("a.jsonl", lines({"tokens": ["زار", "هنا"], "tags": ["O"]}), 1, "2 tokens but 1 tags", "give each token one"),
    "tokens with numbers for tags": Case("a.jsonl", lines({"tokens": ["زار"], "tags": [0]}), 1, "without a ClassLabel", "write tags as B-PER"),
    "an unknown relation": Case("a.jsonl", lines(document(), document(relations=[{"subject": "a", "type": "likes", "object": "a"}])), 2, "no relation type 'likes'", "the types are"),
    "a relation to nothing": Case("a.jsonl", lines(document(relations=[{"subject": "a", "type": "visited", "object": "z"}])), 1, "the entity 'z'", "add it"),
    "a mention of nothing": Case("a.jsonl", lines(document(mentions=[{"start": 4, "end": 8, "type": "PER", "entity": "q"}])), 1, "the entity 'q'", "add it"),
    # `datasets`
    "Parquet of zero bytes": Case("a.parquet", b"", None, "not a dataset that can be read", "write it again"),
    "text named .parquet": Case("a.parquet", text(GOOD), None, "not a dataset that can be read", "write it again"),
    "text named .arrow": Case("a.arrow", text(GOOD), None, "not a dataset that can be read", "write it again"),
    "a ClassLabel out of range": Case("a.parquet", table({"tokens": [["زار"], ["سامح"]], "ner_tags": [[0], [7]]}, TAGS), 2, "the tag 7 is none of the 3", "correct it"),
    "a negative ClassLabel": Case("a.parquet", table({"tokens": [["زار"]], "ner_tags": [[-1]]}, TAGS), 1, "the tag -1 is none", "correct it"),
    "ClassLabels that are numbers": Case("a.parquet", table({"tokens": [["زار"]], "ner_tags": [[1]]}, ["O", "1"]), 1, "is a number", "write the label's name"),
    "tags without a ClassLabel": Case("a.parquet", table({"tokens": [["زار"]], "ner_tags": [[1]]}), 1, "without a ClassLabel", "cast the column"),
    "columns missing": Case("a.parquet", table({"body": ["زار"], "ner_tags": [[1]]}), None, "no column tokens or words", "rename one"),
    "rows of unequal length": Case("a.parquet", table({"tokens": [["زار"], ["x", "y"]], "ner_tags": [["O"], ["O"]]}), 2, "2 tokens but 1 tags", "give each token one"),
    "an empty token": Case("a.parquet", table({"tokens": [["زار", ""]], "ner_tags": [["O", "O"]]}), 1, "the token ''", "leave it out"),
    "a row that is null": Case("a.parquet", table({"tokens": [["زار"], None], "ner_tags": [["O"], ["O"]]}), 2, "must be lists", "lists of one length"),
    "no rows": Case("a.parquet", table({"tokens": [[]], "ner_tags": [[]]}), None, "no row with tokens", "nothing can be learnt"),
    "splits of other names": Case("a", splits, None, "holds several splits", "pass one of them: north, south"),
}  # fmt: skip


def written(case: Case, tmp_path: Path) -> Path:
    path = tmp_path / case.file
    if isinstance(case.content, bytes):
        path.write_bytes(case.content)
    else:
        case.content(path)
    return path


def test_there_are_forty_and_more():
    assert len(REFUSED) >= 40
    assert len({(case.problem, case.line, case.file) for case in REFUSED.values()}) >= 60


@pytest.mark.parametrize("name", REFUSED)
def test_the_library_names_file_line_and_remedy(name, tmp_path):
    case = REFUSED[name]
    path = written(case, tmp_path)
    with pytest.raises(LabelledDataError) as caught:
        arner.check_data(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:{case.line}: " if case.line else f"{path}: "), message
    assert case.problem in message and case.remedy in message, message
    assert len(message) < 600 and "\n" not in message
    assert (str(caught.value.path), caught.value.line) == (str(path), case.line)


@pytest.mark.parametrize("name", REFUSED)
def test_the_commands_say_it_in_one_line(name, tmp_path, capsys):
    pytest.importorskip("seqeval")
    path = written(REFUSED[name], tmp_path)
    capsys.readouterr()  # datasets tells how it writes
    for args in (["finetune", str(path), "--check"], ["evaluate", "default", str(path)]):
        with pytest.raises(SystemExit) as caught:
            main(args)
        out, err = capsys.readouterr()
        assert caught.value.code == 3, err
        assert err.startswith(f"arner: error: {path}") and err.count("\n") == 1, err
        assert REFUSED[name].problem in err and "Traceback" not in err
        assert out == ""


def test_a_process_ends_with_the_code_and_without_a_traceback(tmp_path):
    path = written(REFUSED["half a surrogate pair in a label"], tmp_path)
    command = [sys.executable, "-m", "arner", "finetune", str(path), "--check"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1 and f"{path}:2: " in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "data",
    [5, None, [], {"a": 1}, b"a.conll", object(), [["a.conll"]], {}, iter(["a.conll"])],
    ids=lambda data: type(data).__name__,
)
def test_what_is_no_data_at_all(data):
    with pytest.raises(InputError):
        arner.check_data(data)


@pytest.mark.parametrize("name", ["a" * 5000, "a\0b.conll", "\udcff.conll"])
def test_names_that_no_file_can_have(name):
    with pytest.raises(LabelledDataError) as caught:
        arner.check_data(name)
    str(caught.value).encode("utf-8", "surrogateescape")


def test_objects_of_datasets(monkeypatch):
    datasets = pytest.importorskip("datasets")
    data = datasets.Dataset.from_dict({"tokens": [["زار"]], "ner_tags": [["O"]]})
    with pytest.raises(LabelledDataError, match="can be read only once; pass a Dataset"):
        arner.check_data(data.to_iterable_dataset())
    with pytest.raises(LabelledDataError, match="pass one of them: north, south"):
        arner.check_data(datasets.DatasetDict(north=data, south=data))


def test_a_name_of_the_hub_that_is_not_there(monkeypatch):
    datasets = pytest.importorskip("datasets")

    def fail(name: str) -> None:
        raise ConnectionError("no network\nat all")

    monkeypatch.setattr(datasets, "load_dataset", fail)
    with pytest.raises(LabelledDataError, match=r"^owner/name: is no file here.*check the name.*no network at all"):
        arner.check_data("owner/name")


def test_without_datasets_the_extra_is_named(tmp_path, monkeypatch):
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'arner\[train\]'"):
        arner.check_data(path)


REPAIRED = {
    "a byte order mark": ("a.conll", "\ufeff" + GOOD, 1, "a byte order mark at the beginning is left out"),
    "a byte order mark before JSON": ("a.jsonl", "\ufeff" + RECORD, 1, "a byte order mark"),
    "an orphan I-": ("a.conll", GOOD + "وصل\tI-LOC\n", 4, "I-LOC continues nothing; read as a beginning"),
    "another type within a name": ("a.conll", GOOD + "وصل\tB-PER\nهنا\tI-LOC\n", 5, "I-LOC continues nothing"),
    "a name that does not end": ("a.conll", "زار\tB-PER\nسامح\tO\nهنا\tS-LOC\n", 1, "B-PER is not followed by the end"),
    "blanks around a tag": ("a.conll", GOOD + "وصل\tO \nثم\tO \n", 4, "blanks around a token or its tag are cut off (2 times)"),
    "an invisible mark in a tag": ("a.conll", GOOD + "هدى\tB-PER\u200f\n", 4, "the tag 'B-PER\\u200f' is read as 'B-PER'"),
    "a dash for a hyphen": ("a.conll", GOOD + "هدى\tB–PER\n", 4, "the tag 'B–PER' is read as 'B-PER'"),
    "a blank in a tag": ("a.conll", GOOD + "طبيب\tB-JOB TITLE\n", 4, "is read as 'B-JOB_TITLE'"),
    "a name of invisible marks": ("a.conll", GOOD + "\u200f\tB-LOC\n", 4, "holds no word, so nothing is learnt from it"),
    "blanks at the ends of a span": ("a.jsonl", doccano([3, 9, "PER"]), 2, "blanks cut off the ends"),
    "a span twice": ("a.jsonl", doccano([4, 8, "PER"], [4, 8, "PER"]), 2, "twice; once is enough"),
    "a span within another": ("a.jsonl", doccano([0, 8, "ORG"], [4, 8, "PER"]), 2, "only the outer one is read"),
    "a span that ends in a word": ("a.jsonl", doccano([4, 6, "PER"]), 2, "ends within the word"),
    "a span that begins in a word": ("a.jsonl", doccano([6, 8, "PER"]), 2, "begins within the word"),
    "a label with blanks": ("a.jsonl", doccano([4, 8, "Head  of State "]), 2, "is read as 'Head_of_State'"),
    "an answer that is no yes": ("a.jsonl", RECORD + '{"text": "x", "answer": "ignore"}\n', 2, "left out: the answer is 'ignore'"),
    "a task without annotation": ("a.jsonl", RECORD + '{"data": {"text": "x"}, "annotations": []}\n', 2, "left out: the task has no annotation"),
    "a task that was cancelled": ("a.jsonl", RECORD + '{"data": {"text": "x"}, "annotations": [{"result": [], "was_cancelled": true}]}\n', 2, "left out"),
    "two annotations of a task": ("a.json", lines([{**studio(), "annotations": studio()["annotations"] * 2}]), 1, "has 2 annotations; the first is read"),
    "results that are no spans": ("a.json", lines([{"data": {"text": "x"}, "annotations": [{"result": [{"type": "choices"}]}]}]), 1, "not read: 1 results of the type 'choices'"),
    "offsets of a browser": ("a.json", lines([{"data": {"text": "😀 سامح"}, "annotations": [{"result": [{"type": "labels", "value": {"start": 3, "end": 7, "text": "سامح", "labels": ["PER"]}}]}]}]), 1, "count UTF-16 units"),
}  # fmt: skip


@pytest.mark.parametrize("name", REPAIRED)
def test_what_is_repaired_stands_in_the_report(name, tmp_path, capsys):
    file, content, line, message = REPAIRED[name]
    path = tmp_path / file
    path.write_bytes(content if isinstance(content, bytes) else text(content))
    report = arner.check_data(path)
    found = [repair for repair in report.repairs if repair.startswith(f"{path}:{line}: ") and message in repair]
    assert len(found) == 1, report.repairs
    with pytest.raises(SystemExit) as caught:
        main(["finetune", str(path), "--check", "--format", "table"])
    assert not caught.value.code
    assert message in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", [GOOD.replace("\n", "\r\n"), GOOD * 2 + "\n\n\n", "# note 1\n" + GOOD, GOOD.strip()]
)
def test_what_needs_no_repair(content, tmp_path):
    path = tmp_path / "a.conll"
    path.write_bytes(text(content))
    report = arner.check_data(path)
    assert report.repairs == ()
    assert report.types == ("PER",)


def test_no_error_is_outside_the_tree(tmp_path):
    """Bytes at random, under every ending: what is raised is an error of ours, or nothing."""
    chance = random.Random(7)
    pieces = [
        GOOD.encode(),
        RECORD.encode(),
        b"\xff",
        b"\0",
        b"[",
        b"]",
        b"{",
        b"\t",
        b"\n",
        b"B-",
        "ز".encode(),
        b'"',
        b"1",
        b",",
    ]
    for number in range(300):
        path = tmp_path / f"{number}{chance.choice(['.conll', '.jsonl', '.json', '.txt'])}"
        path.write_bytes(b"".join(chance.choices(pieces, k=chance.randint(1, 12))))
        with suppress(LabelledDataError):
            read_labelled(path)
