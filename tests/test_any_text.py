"""Whatever a text holds, the whole way from text to document and into every format keeps its promises."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from arner.errors import EmptyTextError, EncodingError
from arner.export import FORMATS, to_brat, to_conll
from arner.extractor import Extractor
from arner.schema import Document
from tests.text.text_strategies import any_text

NEWS = st.lists(
    st.one_of(
        st.sampled_from(
            ["زار", "التقى", "ولم يزر", "الرئيس الروسي", "فلاديمير بوتين", "توكاييف", "في القاهرة", "بكازاخستان", "أمس"]
        ),
        st.sampled_from(
            [" ", "، ", ". ", "\r\n", "«", "»", "(", ")", "\u200f", "ـ", "😀", "\u0640َ", "\0", "\x1b[2J", "<b>"]
        ),
        any_text,
    ),
    max_size=12,
).map(" ".join)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor(date="2024-11-27")


def read(extractor: Extractor, text: str) -> Document | None:
    """The document; None for what is refused with good reason."""
    try:
        return extractor.extract(text, id="1")
    except EmptyTextError:
        assert not any(letter.isalnum() for letter in text)
    except EncodingError:
        with pytest.raises(UnicodeEncodeError):
            text.encode("utf-8")
    return None


@FEW
@given(text=st.one_of(NEWS, any_text))
@example(text="زار فلاديمير بوتين\0القاهرة")
@example(text="زَارَ فلاديمير بوتينُ \r\n أستانا 👨\u200d👩\u200d👧 ولم يزر القاهرة")
def test_offsets_hold_and_json_comes_back(extractor: Extractor, text: str) -> None:
    document = read(extractor, text)
    if document is None:
        return
    assert document.text == text
    spans = [*document.mentions, *(r.evidence for r in document.relations)]
    spans += [relation.trigger for relation in document.relations if relation.trigger is not None]
    assert all(text[span.start : span.end] == span.text for span in spans)
    assert all(0 <= mention.score <= 1 for mention in document.mentions)
    assert Document.from_json(document.to_json()) == document
    assert extractor.extract(text, id="1") == document
    explained = extractor.explain(text, id="1").document
    assert explained == document


@FEW
@given(text=NEWS)
@example(text="زار فلاديمير بوتين\0القاهرة\x1b[2J <script>")
def test_every_format_writes_every_document(extractor: Extractor, text: str) -> None:
    document = read(extractor, text)
    if document is None:
        return
    for name, format in FORMATS.items():
        file: io.BytesIO | io.StringIO = io.BytesIO() if format.binary else io.StringIO(newline="")
        writer = format.open(file)
        writer.write(document)
        writer.close()
        written = file.getvalue()
        assert written, name
        if isinstance(written, str):
            written.encode("utf-8")
    json.loads(document.model_dump_json())
    tokens = [line.split("\t") for line in to_conll(document).split("\n") if line]
    assert all(len(columns) == 2 for columns in tokens)
    to_brat(document)
    assert "<script>" not in document.to_html(full_page=False)
