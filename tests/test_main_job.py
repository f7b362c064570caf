"""The embedded model on real sentences: what a user gets from `arner.extract`, with nothing replaced."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

import arner

# The plain statements of examples/visit.txt. A model or rule set that misses one is broken; there is more to find.
STATED = {
    ("رجب طيب أردوغان", "head_of_state_of", "تركيا", "affirmed"),
    ("عبد الفتاح السيسي", "head_of_state_of", "مصر", "affirmed"),
    ("رجب طيب أردوغان", "visited", "القاهرة", "affirmed"),
    ("هاكان فيدان", "minister_of", "تركيا", "affirmed"),
    ("مصر", "member_of", "بريكس", "affirmed"),
    ("تركيا", "member_of", "بريكس", "negated"),
    ("تركيا", "member_of", "حلف شمال الأطلسي", "affirmed"),
}


@pytest.fixture(scope="module")
def extractor() -> arner.Extractor:
    return arner.Extractor()


@pytest.fixture(scope="module")
def example(extractor, example_text) -> arner.Document:
    return extractor.extract(example_text, id="visit")


def test_the_example_is_read(example):
    assert set(example.triples()) >= STATED
    assert {"PER", "LOC", "ORG"} <= {entity.type for entity in example.entities}


def test_mentions_of_one_thing_are_one_entity(example):
    turkey = [entity for entity in example.entities if entity.wikidata == "Q43"]
    assert len(turkey) == 1
    erdogan = {m.entity for m in example.mentions if "أردوغان" in m.text}
    assert len(erdogan) == 1


def test_the_function_and_the_extractor_agree(example, example_text):
    assert arner.extract(example_text, id="visit") == example


def test_vocalised_text_gives_the_same_entities(extractor):
    bare = extractor.extract("زار الرئيس محمود عباس القاهرة أمس والتقى فيها عبد الفتاح السيسي.")
    vocalised = extractor.extract("زَارَ الرَّئِيسُ مَحْمُودُ عَبَّاسٍ الْقَاهِرَةَ أَمْسِ وَالْتَقَى فِيهَا عَبْدَ الْفَتَّاحِ السِّيسِي.")
    assert [m.text for m in vocalised.mentions] == ["مَحْمُودُ عَبَّاسٍ", "الْقَاهِرَةَ", "عَبْدَ الْفَتَّاحِ السِّيسِي"]
    assert [(m.type, m.entity, m.score) for m in vocalised.mentions] == [
        (m.type, m.entity, m.score) for m in bare.mentions
    ]
    assert list(vocalised.triples()) == list(bare.triples())


def test_a_short_vocalised_sentence_is_read(extractor):
    (triple,) = extractor.extract("زَارَ مُحَمَّدٌ الْقَاهِرَةَ").triples()
    assert triple == ("محمد", "visited", "القاهرة", "affirmed")


def test_clitics_stay_outside(extractor):
    doc = extractor.extract("وصل بوتين من موسكو فالتقى بأردوغان في فلسطين.")
    assert {"بوتين", "موسكو", "أردوغان", "فلسطين"} <= {m.text for m in doc.mentions}


def test_a_long_text_is_read_to_its_end(extractor, example_text):
    filler = "قال مسؤولون إن العمل مستمر وإن النتائج ستعلن لاحقاً. " * 300
    doc = extractor.extract(filler + "\n" + example_text)
    assert set(doc.triples()) >= STATED
    assert max(m.end for m in doc.mentions) > len(filler)


def test_threads_may_share_an_extractor(extractor, example_text):
    texts = [*example_text.split("\n\n"), "التقى بوتين وماكرون في موسكو."] * 2
    expected = [extractor.extract(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(extractor.extract, texts)) == expected


def test_a_batch_gives_what_single_texts_give(extractor, example_text):
    texts = [*example_text.split("\n\n"), example_text]
    assert list(extractor.pipe(texts)) == [extractor.extract(text) for text in texts]


def test_an_unknown_model(tmp_path):
    with pytest.raises(arner.ModelNotFoundError, match="no-such-model"):
        arner.Extractor("no-such-model")
    with pytest.raises(arner.ModelError):
        arner.Extractor(tmp_path)
