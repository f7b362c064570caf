"""Rows of tables: one out for one in, and what is read is what `Extractor.extract` reads."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner import Document, Extractor, InputError, ModelError
from arner.bridges import TableReader
from arner.bridges.columns import COLUMNS, arrow_schema, values
from arner.bridges.settings import kept_extractor

ANYTHING = st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.binary(), st.booleans(), st.lists(st.text()))


def test_every_row_comes_out_read_or_with_a_reason(list_model, rows, reasons):
    columns = TableReader(id="id", date="date").read(rows)
    assert list(columns) == list(COLUMNS)
    assert {len(values) for values in columns.values()} == {len(reasons)}
    for reason, error, document, mentions in zip(
        reasons, columns["error"], columns["document"], columns["mentions"], strict=True
    ):
        if reason is None:
            assert error is None
            assert [m["text"] for m in mentions] == [m.text for m in Document.from_json(document).mentions]
        else:
            assert reason in error
            assert document is mentions is None
    ids = [None if text is None else Document.from_json(text).id for text in columns["document"]]
    assert ids == ["a", None, "3", None, None, None, "7", None, None, None]
    assert [columns["relations"][row][0]["when_iso"] for row in (0, 4, 6)] == ["2024-11-27", "2024-02-29", "2024-11-27"]


def test_rows_are_what_single_calls_give():
    texts = ["زار فلاديمير بوتين كازاخستان.", "ولم يزر عبد الفتاح السيسي أنقرة.", "طقس جميل."] * 20
    columns = TableReader().read({"text": texts})
    extractor = Extractor(threads=1)
    alone = [values(extractor.extract(text)) for text in texts]
    assert list(zip(*columns.values(), strict=True)) == alone


def test_the_columns_have_the_types_that_they_declare(list_model, rows):
    pyarrow = pytest.importorskip("pyarrow")
    schema = arrow_schema("x_")
    table = pyarrow.table(TableReader(prefix="x_").read(rows), schema=schema)
    assert table.num_rows == len(rows["text"])
    mention = Document.from_json(table["x_document"][0].as_py()).mentions[0].model_dump(mode="json")
    assert table["x_mentions"][0].as_py()[0] == mention
    # Nothing that is read falls out where Arrow takes only the members it knows.
    for name in ("mentions", "entities", "relations"):
        declared = {field.name for field in schema.field(f"x_{name}").type.value_type}
        assert declared == set(TableReader().read(rows)[name][0][0])


@given(st.lists(st.tuples(ANYTHING, ANYTHING, ANYTHING), max_size=5))
def test_whatever_stands_in_a_row(cells):
    reader = TableReader(id="id", date="date")
    texts, ids, dates = ([row[n] for row in cells] for n in range(3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("arner.bridges.rows.kept_extractor", lambda *_: Echo())
        columns = reader.read({"text": texts, "id": ids, "date": dates})
    for document, error in zip(columns["document"], columns["error"], strict=True):
        assert (document is None) != (error is None)
    assert len(columns["error"]) == len(cells)


class Echo:
    """Reads nothing; fails on the texts that it is told to fail on."""

    def __init__(self, *broken: str) -> None:
        self.broken = broken

    def extract_batch(self, items):
        for item in items:
            if item.text in self.broken:
                raise ZeroDivisionError("division by zero")
        return [Document(id=item.id, text=item.text) for item in items]


def test_a_text_on_which_reading_fails_is_the_only_one_lost(monkeypatch):
    monkeypatch.setattr("arner.bridges.rows.kept_extractor", lambda *_: Echo("ب"))
    columns = TableReader().read({"text": ["أ", "ب", "ج"]})
    assert columns["error"] == [None, "reading failed: ZeroDivisionError: division by zero", None]
    assert columns["document"][1] is None
    with pytest.raises(ZeroDivisionError):  # nothing can be read at all
        TableReader().read({"text": ["ب", "ب"]})


def test_columns_that_are_missing_or_taken():
    reader = TableReader("body", id="url")
    reader.check_names(["body", "url", "more"])
    with pytest.raises(InputError, match="no column 'url'; it has 'body', 'title'"):
        reader.check_names(["body", "title"])
    with pytest.raises(InputError, match=r"already has a column 'error'.*prefix='arner_'"):
        reader.check_names(["body", "url", "error"])
    TableReader("error", prefix="arner_").check_names(["error"])


def test_settings_reach_the_extractor(tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rule]]\nid = "visited.verb"\noff = true\n', encoding="utf-8")
    text = {"text": ["زار فلاديمير بوتين كازاخستان."]}
    assert TableReader().read(text)["relations"][0]
    assert not TableReader(rules=[rules]).read(text)["relations"][0]
    with pytest.raises(InputError, match="unknown setting 'rule'; there are model, rules"):
        TableReader(rule=[rules])
    with pytest.raises(ModelError):
        TableReader(model="no-such-model").read(text)


def test_a_reader_is_pickled_without_what_it_has_loaded(list_model, rows):
    reader = TableReader(id="id", rules=())
    before = pickle.dumps(reader)
    columns = reader.read(rows)
    assert pickle.dumps(reader) == before
    assert pickle.loads(before).read(rows) == columns
    assert repr(pickle.loads(before)) == "TableReader(text='text', id='id', rules=())"


def test_the_pickle_tells_of_a_changed_file(tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text("", encoding="utf-8")
    before = pickle.dumps(TableReader(rules=rules))
    assert pickle.dumps(TableReader(rules=[str(rules)])) == before
    rules.write_text("# more", encoding="utf-8")
    assert pickle.dumps(TableReader(rules=rules)) != before


def test_a_process_loads_the_model_once(list_model):
    made = kept_extractor(TableReader().settings, TableReader().made_of)
    assert kept_extractor(TableReader("body").settings, TableReader().made_of) is made
    assert kept_extractor(TableReader(min_score=0.5).settings, ()) is not made
