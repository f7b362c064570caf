"""Spark's ``mapInPandas``: the function over pandas frames as Spark hands them over, and its schema."""

from __future__ import annotations

import pickle
import re
import sys

import pytest

from arner.bridges import TableReader
from arner.bridges.columns import arrow_schema
from arner.bridges.spark import extract_partitions
from arner.errors import InputError, MissingExtraError

pandas = pytest.importorskip("pandas")


def test_frames_keep_their_rows_and_get_the_columns(list_model, rows):
    frame = pandas.DataFrame({name: pandas.Series(cells, dtype=object) for name, cells in rows.items()})
    frame.index = range(100, 100 + len(frame))  # a slice of a larger one
    extract = pickle.loads(pickle.dumps(extract_partitions("text", id="id", date="date")))
    out = list(extract(iter([frame[:3], frame[3:], frame[:0]])))
    assert [len(part) for part in out] == [3, len(frame) - 3, 0]
    assert list(out[0]) == [*rows, *extract.names]
    whole = pandas.concat(out)
    assert list(whole.index) == list(frame.index)
    for name, cells in TableReader(id="id", date="date").read(rows).items():
        assert whole[name].tolist() == cells


def test_missing_values_of_pandas_are_missing(list_model):
    """Spark turns whole numbers with a null among them into floats, and dates into timestamps."""
    frame = pandas.DataFrame(
        {
            "text": pandas.Series(["زار بوتين القاهرة أمس.", None], dtype="str"),
            "id": [5.0, float("nan")],
            "date": pandas.to_datetime(["2024-11-28", None]),
        }
    )
    [out] = extract_partitions(id="id", date="date")([frame])
    assert out["error"].tolist() == [None, "the text is missing"]
    assert out["relations"][0][0]["when_iso"] == "2024-11-27"
    assert '"id":"5"' in out["document"][0]


def test_the_schema_in_the_language_of_spark():
    """Name and type of each column, as Arrow has them."""
    arrow = ", ".join(f"{field.name} {field.type}" for field in arrow_schema("x_"))
    for name, spark in (("string", "STRING"), ("int64", "BIGINT"), ("double", "DOUBLE"), ("struct", "STRUCT")):
        arrow = re.sub(rf"\b{name}\b", spark, arrow)
    assert extract_partitions(prefix="x_").ddl == re.sub(r"list<(item|element): ", "ARRAY<", arrow)


def test_columns_that_are_missing_or_taken():
    frame = pandas.DataFrame({"text": ["زار"], "error": ["?"]})
    with pytest.raises(InputError, match="already has a column 'error'"):
        next(extract_partitions()([frame]))
    with pytest.raises(InputError, match="no column 'body'"):
        next(extract_partitions("body")([frame]))


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'arner\[spark\]'"):
        extract_partitions().schema(None)
