"""CSV and Parquet."""

from __future__ import annotations

import csv
import io

from arner.export import save, to_csv
from arner.schema import Document


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_a_row_a_relation(plain):
    rows = read(to_csv(plain))
    assert len(rows) == len(plain.relations)
    assert rows[0] == {
        "document": "news/1 أ",
        "subject": "فلاديمير بوتين",
        "subject_type": "PER",
        "subject_wikidata": "Q7747",
        "polarity": "affirmed",
        "relation": "visited",
        "object": "أستانا",
        "object_type": "LOC",
        "object_wikidata": "Q1520",
        "status": "actual",
        "role": "",
        "when": "27 نوفمبر 2024",
        "when_iso": "2024-11-27",
        "evidence": "زارَ فلاديمير بوتين أستانا",
        "evidence_start": "0",
        "evidence_end": "26",
        "score": "0.85",
        "rule": "visited.verb",
    }
    assert [row["polarity"] for row in rows] == ["affirmed", "negated", "affirmed", "affirmed"]
    for row in rows:
        assert plain.text[int(row["evidence_start"]) : int(row["evidence_end"])] == row["evidence"]


def test_cells_are_exact(hostile):
    (row,) = read(to_csv(hostile))
    assert row["evidence"] == hostile.text
    assert row["subject"] == hostile.entities[0].name
    assert row["document"] == hostile.id


def test_a_spreadsheet_runs_nothing(hostile):
    text = to_csv(hostile, spreadsheet=True)
    assert text.startswith("\ufeffdocument,")
    (row,) = read(text.removeprefix("\ufeff"))
    assert row["document"] == "'" + hostile.id
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())


def test_carriage_returns_stay_in_their_cell():
    doc = Document.model_validate(
        {
            "text": "أ\rب",
            "mentions": [{"start": 0, "end": 1, "text": "أ", "type": "PER", "entity": "e", "score": 1}],
            "entities": [{"id": "e", "type": "PER", "name": "أ\rب", "mentions": [0]}],
            "relations": [
                {
                    "subject": "e",
                    "type": "supports",
                    "object": "e",
                    "evidence": {"start": 0, "end": 3, "text": "أ\rب"},
                    "score": 1,
                    "rule": "r",
                }
            ],
        }
    )
    (row,) = read(to_csv(doc))
    assert row["evidence"] == row["subject"] == "أ\rب"


def test_parquet_holds_the_same(plain, hostile, tmp_path):
    from pyarrow import parquet

    save([plain, hostile], tmp_path / "t.parquet")
    rows = parquet.read_table(tmp_path / "t.parquet").to_pylist()
    assert len(rows) == 5
    assert rows[0]["evidence_end"] == 26
    assert rows[0]["role"] is None
    assert [row["polarity"] for row in rows] == ["affirmed", "negated", "affirmed", "affirmed", "negated"]
    assert rows[4]["evidence"] == hostile.text


def test_parquet_of_nothing_has_the_columns(tmp_path):
    from pyarrow import parquet

    save([], tmp_path / "t.parquet")
    table = parquet.read_table(tmp_path / "t.parquet")
    assert table.num_rows == 0
    assert "polarity" in table.column_names
