"""Which entities of different documents are one, and which are not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arner.export.statements import document_iri
from arner.kg.merging import Merger, item_iri, mark
from arner.kg.occurrences import Reader
from arner.knowledge import load_knowledge
from tests.kg.documents import document, entity

READER = Reader(load_knowledge())


def merged(*documents) -> dict[str, str]:
    """What each entity stands for, by document and name: ``d1:ناصر القدوة``."""
    merger = Merger(load_knowledge())
    found = {}
    holders: dict[str, set[str]] = {}
    for one in documents:
        for thing, occurrence in zip(one.entities, READER.read(one, document_iri(one)), strict=True):
            merger.add(occurrence)
            found[f"{one.id}:{thing.name}"] = occurrence
            sign = item_iri(occurrence.item) if occurrence.item else mark(occurrence.type, occurrence.key)
            holders.setdefault(sign, set()).add(one.id)
    merger.settle(lambda sign: holders.get(sign, ()))
    return {name: merger.entity(occurrence) for name, occurrence in found.items()}


def same(a: tuple, b: tuple, **about) -> bool:
    """Whether two documents of one name each mean one thing."""
    found = merged(document("d1", (a,), **about), document("d2", (b,), **about))
    return found[f"d1:{a[0]}"] == found[f"d2:{b[0]}"]


@pytest.mark.parametrize(
    "name", ["ناصر القدوة", "أليستر بيرت", "محمد مهدي بنسعيد", "عبد الإله بنكيران", "John Sullivan"]
)
def test_a_full_name_is_one_person(name):
    assert same((name, "PER"), (name, "PER"))


def test_spelling_and_titles_do_not_matter():
    assert same(("ناصر القدوة", "PER"), ("ناصر القدوه", "PER"))
    assert same(("أحمد ارحموش", "PER"), ("احمد أرحموش", "PER"))
    assert same(("الشيخ خليفة العطوي", "PER"), ("خليفة العطوي", "PER"))


@pytest.mark.parametrize("name", ["القدوة", "أبو يوسف", "الشيخ أحمد", "الأمير محمد", "عبد الله"])
def test_a_name_of_one_part_never_merges(name):
    assert not same((name, "PER"), (name, "PER"), about="مصر")


def test_a_name_that_many_bear_merges_within_a_country_only():
    name = ("محمد علي حسن", "PER")
    one, two, three, four = (document(f"d{n}", (name,), about=c) for n, c in enumerate(("مصر", "مصر", "العراق", None)))
    found = merged(one, two, three, four)
    assert found["d0:محمد علي حسن"] == found["d1:محمد علي حسن"]
    assert len({found[f"d{n}:محمد علي حسن"] for n in (0, 2, 3)}) == 3


def test_one_wikidata_id_is_one_thing_whatever_it_is_called():
    one = entity("فولان الفولاني", "PER", id="e1", wikidata="Q42")
    other = entity("فلان", "PER", id="e9", wikidata="Q42")
    found = merged(document("d1", (one,)), document("d2", (other,)))
    assert set(found.values()) == {"http://www.wikidata.org/entity/Q42"}


def test_namesakes_with_different_wikidata_ids_are_apart_and_one_without_belongs_to_neither():
    first, second = (entity("ناصر القدوة", "PER", id="e1", wikidata=id) for id in ("Q11", "Q12"))
    found = merged(document("d1", (first,)), document("d2", (second,)), document("d3", (("ناصر القدوة", "PER"),)))
    assert len(set(found.values())) == 3


def test_a_name_without_id_belongs_to_its_one_bearer_with_one():
    known = entity("ناصر القدوة", "PER", id="e1", wikidata="Q11")
    found = merged(document("d1", (known,)), document("d2", (("ناصر القدوة", "PER"),)))
    assert set(found.values()) == {"http://www.wikidata.org/entity/Q11"}


def test_people_of_different_countries_are_apart():
    name = ("ناصر القدوة", "PER")
    egyptian = document("d1", (name, "minister_of", "مصر"))
    iraqi = document("d2", (name, "citizen_of", "العراق"))
    again = document("d3", (name, "citizen_of", "مصر"))
    unknown = document("d4", (name,))
    found = merged(egyptian, iraqi, again, unknown)
    assert found["d1:ناصر القدوة"] == found["d3:ناصر القدوة"] != found["d2:ناصر القدوة"]
    assert found["d4:ناصر القدوة"] == "urn:arner:document:d4#e1", "it may be either, so it is neither"
    assert merged(egyptian, unknown)["d4:ناصر القدوة"] == merged(egyptian, unknown)["d1:ناصر القدوة"]


def test_a_denied_citizenship_tells_nothing():
    name = ("ناصر القدوة", "PER")
    found = merged(
        document("d1", (name, "citizen_of", "مصر")),
        document("d2", (name, "citizen_of", "العراق", {"polarity": "negated"})),
    )
    assert found["d1:ناصر القدوة"] == found["d2:ناصر القدوة"]


@pytest.mark.parametrize(
    "name",
    [
        "هيومن رايتس ووتش",
        "أرامكو",
        "الحكومة البريطانية",
        "وزارة الصحة المغربية",
        "جامعة القاهرة",
        "مجلس سوريا الديمقراطية",
        "Human Rights Watch",
    ],
)
def test_organisations_whose_name_says_which(name):
    assert same((name, "ORG"), (name, "ORG"))


@pytest.mark.parametrize(
    "name",
    [
        "وزارة الداخلية",
        "مجلس النواب",
        "المحكمة العليا",
        "حزب العمال",
        "لجنة تحقيق",
        "الشركة الصينية",
        "محكمة أمريكية",
        "السفارة الأمريكية",
        "إيه في إف",
        "إيه.بي.كي",
        "FBC",
        "اس",
    ],
)
def test_organisations_of_which_every_country_has_one(name):
    assert not same((name, "ORG"), (name, "ORG"))


def test_such_an_organisation_is_one_within_a_country():
    name = ("وزارة الداخلية", "ORG")
    stated = document("d1", (name, "based_in", "تونس"), about="فرنسا")
    told, other = document("d2", (name,), about="تونس"), document("d3", (name,), about="فرنسا")
    found = merged(stated, told, other)
    assert found["d1:وزارة الداخلية"] == found["d2:وزارة الداخلية"] == "urn:arner:entity:ORG:وزاره_الداخليه:TN"
    assert found["d3:وزارة الداخلية"] != found["d1:وزارة الداخلية"]


def test_what_knowledge_calls_ambiguous_needs_a_stated_country():
    name = ("النهار", "ORG")  # a newspaper in several countries, which write about all the others
    assert not same(name, name, about="مصر")
    found = merged(document("d1", (name, "based_in", "لبنان")), document("d2", (name, "based_in", "لبنان")))
    assert found["d1:النهار"] == found["d2:النهار"]


def test_places_that_knowledge_does_not_know_are_one_within_a_country():
    name = ("كفر الجلابية", "LOC")
    assert same(name, name, about="مصر")
    assert not same(name, name)
    assert not same(("طرابلس", "LOC"), ("طرابلس", "LOC"), about="لبنان"), "of two cities nobody said which"


def test_types_do_not_mix():
    assert not same(("أرامكو", "ORG"), ("أرامكو", "MISC"))


def test_knowledge_without_wikidata_id_tells_spellings_of_one_person():
    one = entity("جيم ماتيس", "PER", id="e1", name_en="James Mattis")
    other = entity("جيمس ماتيس", "PER", id="e1", name_en="James Mattis")
    found = merged(document("d1", (one,)), document("d2", (other,)))
    assert set(found.values()) == {"urn:arner:known:james-mattis"}
    stray = entity("ناصر القدوة", "PER", id="e1", name_en="James Mattis")
    assert "known" not in merged(document("d3", (stray,)))["d3:ناصر القدوة"], "the name must be one that is known"


def test_a_document_that_uses_two_names_for_one_person_joins_them():
    both = entity("محمد شياع القدوة", "PER", id="e1", aliases=["محمد القدوة"])
    short = document("d2", (("محمد القدوة", "PER"),))
    found = merged(document("d1", (both,)), short)
    assert found["d1:محمد شياع القدوة"] == found["d2:محمد القدوة"]
    second = entity("محمد سالم القدوة", "PER", id="e1", aliases=["محمد القدوة"])
    found = merged(document("d1", (both,)), short, document("d3", (second,)))
    assert len(set(found.values())) == 3, "the short name may mean either"


def test_a_document_that_tells_two_apart_keeps_them_apart():
    both = entity("محمد شياع القدوة", "PER", id="e1", aliases=["محمد القدوة"])
    short = ("محمد القدوة", "PER")
    found = merged(document("d1", (both,)), document("d2", (short,), (("محمد شياع القدوة", "PER"),)))
    assert found["d1:محمد شياع القدوة"] == found["d2:محمد شياع القدوة"] != found["d2:محمد القدوة"]
    twice = document("d3", others=(entity("ناصر القدوة", "PER", id="e1"), entity("ناصر القدوة", "PER", id="e2")))
    nodes = {occurrence.key for occurrence in READER.read(twice, "urn:d3")}
    assert nodes == {""}, "two of one name in one document are not found by it"


def test_a_shortened_name_needs_a_country():
    full, short = ("محمد شياع القدوة", "PER"), ("محمد القدوة", "PER")
    found = merged(document("d1", (full, "minister_of", "العراق")), document("d2", (short, "citizen_of", "العراق")))
    assert found["d1:محمد شياع القدوة"] == found["d2:محمد القدوة"]
    assert len(set(merged(document("d1", (full,)), document("d2", (short,))).values())) == 2


def test_spellings_of_a_foreign_name():
    assert same(("باكير عزتبيغوفيتش", "PER"), ("باكير عزتبيجوفيتش", "PER"))
    assert not same(("ناصر حسن", "PER"), ("ناصر حسين", "PER")), "both are names"
    assert not same(("محمد القدوة", "PER"), ("محمود القدوة", "PER"))


NAMES = ["ناصر القدوة", "ناصر سالم القدوة", "محمد علي", "القدوة", "باكير عزتبيغوفيتش", "باكير عزتبيجوفيتش"]
COUNTRIES = ["مصر", "العراق", "تونس"]


@st.composite
def collections(draw):
    documents = []
    for number in range(draw(st.integers(2, 7))):
        facts = []
        for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)):
            aliases = draw(st.lists(st.sampled_from(NAMES), max_size=1))
            wikidata = draw(st.sampled_from([None, None, None, "Q901", "Q902"]))
            person = entity(name, "PER", id=f"p{len(facts)}", wikidata=wikidata, aliases=aliases)
            country = draw(st.sampled_from([None, *COUNTRIES]))
            facts.append((person,) if country is None else (person, "citizen_of", country))
        organisation = draw(st.sampled_from([None, "وزارة الداخلية", "أرامكو", "شركة أرامكو"]))
        if organisation is not None:
            facts.append(((organisation, "ORG"),))
        documents.append(document(f"d{number}", *facts, about=draw(st.sampled_from([None, *COUNTRIES]))))
    return documents


@settings(deadline=None, max_examples=60)
@given(collections(), st.randoms(use_true_random=False))
def test_the_order_of_documents_does_not_matter(documents, rng: random.Random):
    shuffled = list(documents)
    rng.shuffle(shuffled)
    assert merged(*documents) == merged(*shuffled)


@settings(deadline=None, max_examples=60)
@given(collections())
def test_what_is_certain_holds(documents):
    """One id is one thing, two ids are two, and two of one document are never one unless they have one id."""
    found = merged(*documents)
    for one in documents:
        ids = {thing.name: thing.wikidata for thing in one.entities}
        for thing in one.entities:
            iri = found[f"{one.id}:{thing.name}"]
            if thing.wikidata is not None:
                assert iri == item_iri(thing.wikidata)
            assert all(
                found[f"{one.id}:{other}"] != iri or (wikidata is not None and wikidata == thing.wikidata)
                for other, wikidata in ids.items()
                if other != thing.name
            )
