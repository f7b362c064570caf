"""The extractor: arguments checked, layers composed, streams in order and in bounded memory."""

from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import arner
from arner import EmptyTextError, EncodingError, Extractor, InputError
from arner.schema import Document

TEXT = "وصل الرئيس الروسي فلاديمير بوتين إلى كازاخستان."


@pytest.fixture
def extractor(list_model) -> Extractor:
    return Extractor()


def test_a_document_holds_what_was_read(extractor):
    doc = extractor.extract(TEXT, id="a1")
    assert (doc.id, doc.text, doc.model) == ("a1", TEXT, "list 1.0")
    assert {(m.text, m.type) for m in doc.mentions if m.kind == "name"} == {
        ("فلاديمير بوتين", "PER"),
        ("كازاخستان", "LOC"),
    }
    assert Document.from_json(doc.to_json()) == doc


def test_a_text_without_names_gives_an_empty_document(extractor):
    doc = extractor.extract("طقس جميل اليوم 123 !")
    assert doc.relations == ()
    assert [m for m in doc.mentions if m.kind == "name"] == []


BAD_TEXTS = [
    ("", EmptyTextError, "no visible character"),
    (" \t\r\n\u200f\ufeff", EmptyTextError, "no visible character"),
    (TEXT.encode(), InputError, r"decode it first.*data\.decode"),
    (None, InputError, "must be a str, not NoneType"),
    (["نص"], InputError, "must be a str, not list"),
    ("زار \ud83d بوتين", EncodingError, "position 4"),
]


@pytest.mark.parametrize(("text", "error", "message"), BAD_TEXTS)
def test_a_text_that_cannot_be_read(extractor, text, error, message):
    with pytest.raises(error, match=message):
        extractor.extract(text)
    with pytest.raises(error, match=message):
        arner.extract(text)
    with pytest.raises(error, match=f"text 2: .*{message}"):
        list(extractor.pipe([TEXT, text]))


def test_the_advice_about_surrogates_works(extractor):
    text = "زار \ud83d\ude00 بوتين"
    repaired = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert extractor.extract(repaired).text == "زار 😀 بوتين"


@pytest.mark.parametrize("date", ["27 نوفمبر", "2024-13-01", 20241127, b"2024-11-27"])
def test_a_date_that_is_none(list_model, extractor, date):
    for call in (lambda: Extractor(date=date), lambda: extractor.extract(TEXT, date=date)):
        with pytest.raises(InputError, match="such as '2024-11-27'"):
            call()


@pytest.mark.parametrize("date", ["2024-11-27", datetime.date(2024, 11, 27), datetime.datetime(2024, 11, 27, 8)])
def test_the_date_of_the_text_reaches_the_rules(monkeypatch, list_model, date):
    seen = []

    def find_relations(text, words, sentences, linked, knowledge, rules, day):
        seen.append(day)
        return linked, ()

    monkeypatch.setattr("arner.extractor.find_relations", find_relations)
    Extractor(date=date).extract(TEXT)
    Extractor().extract(TEXT, date=date)
    Extractor(date="1999-01-01").extract(TEXT, date=date)
    list(Extractor(date=date).pipe([TEXT]))
    Extractor().extract(TEXT)
    assert seen == [datetime.date(2024, 11, 27)] * 4 + [None]


@pytest.mark.parametrize("score", [-0.1, 1.5, float("nan")])
def test_a_score_that_is_none(list_model, score):
    with pytest.raises(InputError, match="between 0 and 1"):
        Extractor(min_score=score)


def test_the_lowest_score_holds_for_names_and_relations(monkeypatch, list_model):
    Extractor(min_score=0.4)
    assert list_model().min_score == 0.4
    doc = Extractor().extract(TEXT)
    kept = Extractor(min_score=1.0).extract(TEXT)
    assert {r.score for r in kept.relations} <= {1.0}
    assert len(kept.relations) <= len(doc.relations)


def test_missing_or_broken_data_files(list_model, tmp_path):
    broken = tmp_path / "my_rules.toml"
    broken.write_text("[[rule]\n", encoding="utf-8")
    with pytest.raises(arner.RuleError, match=r"my_rules\.toml"):
        Extractor(rules=[broken])
    with pytest.raises(arner.RuleError, match=r"my_rules\.toml"):
        Extractor(rules=str(broken))  # one path alone is one path, not a list of letters
    with pytest.raises(arner.RuleError, match=r"missing\.toml"):
        Extractor(rules=tmp_path / "missing.toml")
    broken = tmp_path / "my_names.jsonl"
    broken.write_text("{}\n{\n", encoding="utf-8")
    with pytest.raises(arner.KnowledgeError, match=r"my_names\.jsonl:1"):
        Extractor(knowledge=[broken])
    with pytest.raises(arner.KnowledgeError, match=r"missing\.jsonl"):
        Extractor(knowledge=tmp_path / "missing.jsonl")


def test_pipe_gives_what_extract_gives_in_order(extractor):
    texts = [f"زار بوتين القاهرة {n} مرة. والتقى توكاييف في أستانا." * (n % 5 + 1) for n in range(23)]
    expected = [extractor.extract(text) for text in texts]
    for batch_size in (1, 4, 100):
        assert list(extractor.pipe(texts, batch_size=batch_size)) == expected


def test_pipe_takes_ids(extractor):
    docs = list(extractor.pipe([(TEXT, "a"), TEXT, (TEXT, None)]))
    assert [doc.id for doc in docs] == ["a", None, None]


def test_an_id_that_json_cannot_hold_is_mended(extractor):
    name = "حزب".encode("cp1256").decode("utf-8", "surrogateescape")  # as a file name in another encoding arrives
    assert Document.from_json(extractor.extract(TEXT, id=name).to_json()).id == "???"
    with pytest.raises(InputError, match="id must be"):
        extractor.extract(TEXT, id=7)


def test_pipe_takes_an_endless_stream_batch_by_batch(extractor, list_model):
    taken = 0

    def texts():
        nonlocal taken
        for taken in itertools.count(1):  # noqa: B007
            yield TEXT

    docs = extractor.pipe(texts(), batch_size=4)
    assert taken == 0
    assert len(list(itertools.islice(docs, 9))) == 9
    assert taken == 16  # the batch of the ninth and the next, which is read meanwhile
    assert set(list_model().batches) == {4}


def test_pipe_gives_the_documents_before_a_bad_text(extractor):
    docs = extractor.pipe([TEXT] * 5 + [""] + [TEXT], batch_size=4)
    assert len(list(itertools.islice(docs, 5))) == 5
    with pytest.raises(EmptyTextError, match="text 6: "):
        next(docs)


def test_pipe_of_nothing(extractor):
    assert list(extractor.pipe([])) == []
    assert list(extractor.pipe(iter(["نص"] * 4), batch_size=4)) != []


@pytest.mark.parametrize(
    ("texts", "options", "message"),
    [
        (TEXT, {}, "for one text use extract"),
        ([TEXT], {"batch_size": 0}, "batch_size must be at least 1"),
        ([TEXT], {"batch_tokens": 0}, "batch_tokens must be at least 1"),
        ([TEXT], {"workers": 0}, "workers must be at least 1"),
        ([(TEXT, 1)], {}, "id must be a str or None, not int"),
        ([(TEXT, "a", "b")], {}, r"must be \(text, id\)"),
    ],
)
def test_pipe_called_wrongly(extractor, texts, options, message):
    with pytest.raises(InputError, match=message):
        list(extractor.pipe(texts, **options))


def test_extract_keeps_its_extractor(monkeypatch, list_model):
    made = []
    monkeypatch.setattr("arner.extractor.Extractor", lambda *args, **kw: made.append(args) or Extractor(*args, **kw))
    for model in ("default", "default", "a", "b", "b", "default"):
        arner.extract(TEXT, model=model)
    assert made == [("default",), ("a",), ("b",), ("default",)]  # two are kept: "default" had left for "b"


def test_the_repr_names_the_model(extractor):
    assert repr(extractor) == "Extractor('list 1.0', min_score=0.0, date=None)"


WORDS = "وفبلكس بوتين فلاديمير القاهرة توكاييف الروسي زار التقى رئيس لم في عضو بريكس Putin ١٢ 2024".split()
MARKS = [*". ، « » ؟ َ ّ ـ 😀 _ #".split(), " ", "\r\n", "\u200f", "\u200c"]
NEWS = st.lists(st.sampled_from(WORDS) | st.sampled_from(MARKS) | st.just(" "), max_size=60).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(NEWS | st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_gives_a_consistent_document(extractor, text):
    """`Document` refuses spans and ids that do not hold, so that a document came out at all is the proof."""
    try:
        doc = extractor.extract(text)
    except EmptyTextError:
        return
    for span in [*doc.mentions, *(r.evidence for r in doc.relations), *(r.trigger for r in doc.relations if r.trigger)]:
        assert text[span.start : span.end] == span.text
    assert [m.start for m in doc.mentions] == sorted(m.start for m in doc.mentions)
    assert all(entity.mentions for entity in doc.entities)
    for r in doc.relations:
        assert r.type.accepts(doc[r.subject].type, doc[r.object].type)
