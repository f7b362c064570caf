"""CoNLL files: columns, schemes, repairs, and one clear error for each broken line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner.errors import LabelledDataError
from arner.training.data.conll import read_conll
from arner.training.data.tags import TagReader

SCHEMES = {
    "IOB2": "B-PER I-PER B-PER O B-LOC",
    "IOB1": "I-PER I-PER B-PER O I-LOC",
    "BIOES": "B-PER E-PER S-PER O S-LOC",
    "BILOU": "B-PER L-PER U-PER O U-LOC",
}
TOKENS = "سامح شكري هدى و باريس".split()
SPANS = ["سامح شكري", "هدى", "باريس"]


def names(texts):
    return [text.text[span.start : span.end] for text in texts for span in text.spans]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("separator", ["\t", " ", "  "])
def test_every_scheme_gives_the_same_names(write, scheme, separator):
    rows = zip(TOKENS, SCHEMES[scheme].split(), strict=True)
    texts, found, repairs = read_conll(write("a.conll", "\n".join(separator.join(row) for row in rows)))
    assert names(texts) == SPANS
    assert (found, repairs) == (scheme, [])


@pytest.mark.parametrize(("tags", "scheme"), [("I-PER I-PER O I-LOC O", "IO"), ("PER PER O LOC O", "bare")])
def test_schemes_that_cannot_part_neighbours(write, tags, scheme):
    rows = zip(TOKENS, tags.split(), strict=True)
    texts, found, _ = read_conll(write("a.conll", "\n".join(map("\t".join, rows))))
    assert found == scheme
    assert names(texts)[0] == "سامح شكري"


def test_four_columns_document_starts_comments_and_carriage_returns(write):
    text = "-DOCSTART- -X- -X- O\r\n\r\n# id 7\r\nزار VBD O O\r\nسامح NNP O B-PER\r\n\r\n\r\nباريس NNP O B-LOC"
    texts, scheme, repairs = read_conll(write("a.txt", text))
    assert [text.text for text in texts] == ["زار سامح", "باريس"]
    assert [text.source.line for text in texts] == [4, 8]
    assert (scheme, repairs) == ("IOB2", [])


def test_a_hash_sign_may_be_a_token(write):
    (text,), _, _ = read_conll(write("a.conll", "# O\nباريس B-LOC"))
    assert text.text == "# باريس"


@pytest.mark.parametrize(
    ("tags", "line", "message"),
    [
        ("O B-PER O I-PER", 4, "I-PER continues nothing; read as a beginning"),
        ("B-PER I-LOC O O", 2, "I-LOC continues nothing; read as a beginning"),
        ("B-PER O S-LOC O", 1, "B-PER is not followed by the end of its name; the name ends here"),
        ("B-PER E-PER O E-PER", 4, "E-PER continues nothing; read as a beginning"),
    ],
)
def test_a_broken_sequence_is_repaired_and_reported(write, tags, line, message):
    tagged = tags.split()
    if "S-" in tags:
        tagged.append("E-PER")
    path = write("a.conll", "\n".join(f"كلمة {tag}" for tag in tagged))
    texts, _, repairs = read_conll(path)
    assert f"{path}:{line}: {message}" in map(str, repairs)
    assert len(texts[0].spans) >= 1


BROKEN = {
    "one column": ("زار O\nسامح\n", 2, "1: |columns"),
    "a column too many": ("زار\tO\nسامح\tNNP\tB-PER\n", 2, "3 columns where the lines before have 2"),
    "five columns": ("a b c d O\n", 1, "2 to 4 columns"),
    "commas": ("زار,O\n", 1, "commas"),
    "no tag": ("زار\tO\nسامح\t\n", 2, "the tag is empty"),
    "no token": ("زار\tO\n\tB-PER\n", 2, "the token is empty"),
    "a number for a tag": ("زار\t0\n", 1, "is a number"),
    "a prefix without a type": ("زار\tO\nسامح\tB-\n", 2, "names no type"),
    "a prefix behind": ("زار\tO\nسامح\tPER-B\n", 2, "write B-PER"),
    "mixed tags": ("زار\tO\nسامح\tB-PER\nباريس\tLOC\n", 3, "'LOC' has no prefix"),
    "an underscore for O": ("زار\t_\nسامح\tB-PER\n", 1, "'_' has no prefix"),
    "JSON": ('{"text": "زار"}\n', 1, "looks like JSON"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_line_is_named(write, case):
    text, line, message = BROKEN[case]
    path = write("a.conll", text)
    with pytest.raises(LabelledDataError, match=message) as caught:
        read_conll(path)
    assert (caught.value.path, caught.value.line) == (path, line) or str(caught.value).startswith(f"{path}:{line}: ")


BYTES = {
    "empty": (b"", "the file is empty"),
    "blank": (b"\n \n", "the file is empty"),
    "another encoding": ("زار\tO\nسامح\tB-PER\n".encode("cp1256"), ":1: byte 0x.. is not UTF-8"),
    "UTF-16": ("زار\tO\n".encode("utf-16"), "UTF-16"),
    "NUL": (b"a\tO\nb\0\tO\n", ":2: holds a NUL"),
    "comments only": (b"-DOCSTART-\n", "no sentence"),
}


@pytest.mark.parametrize("case", BYTES)
def test_a_file_that_is_no_text_is_refused(tmp_path, case):
    data, message = BYTES[case]
    path = tmp_path / "a.conll"
    path.write_bytes(data)
    with pytest.raises(LabelledDataError, match=message):
        read_conll(path)


def test_a_missing_file(tmp_path):
    with pytest.raises(LabelledDataError, match=re.escape("no.conll: no such file")):
        read_conll(tmp_path / "no.conll")


@given(st.lists(st.sampled_from(["O", "B-PER", "I-PER", "E-PER", "S-PER", "B-LOC", "I-LOC"]), min_size=1))
def test_no_name_is_lost_and_none_overlaps(tags):
    spans, _ = TagReader([tags]).spans(tags)
    covered = [at for start, end, _ in spans for at in range(start, end)]
    assert covered == [at for at, tag in enumerate(tags) if tag != "O"]
