"""Look-ups: names and their spellings, demonyms in all forms, titles, parts of names."""

from __future__ import annotations

import pytest

from arner.knowledge import Knowledge, load_knowledge


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.mark.parametrize(
    ("name", "entity_id"),
    [
        ("أميركا", "US"),
        ("أمريكا", "US"),
        ("الولايات المتحدة الأمريكية", "US"),
        ("المملكة المتحدة", "GB"),
        ("بريطانيا", "GB"),
        ("الإمارات", "AE"),
        ("روسيا الاتحادية", "RU"),
        ("كوريا الشمالية", "KP"),
        ("الاتحاد السوفييتي", "ussr"),
        ("يوغسلافيا", "yugoslavia"),
        ("كوسوفو", "XK"),
        ("إقليم كردستان العراق", "kurdistan-region"),
        ("كييف", "kyiv"),
        ("بيجين", "beijing"),
        ("أستانة", "astana"),
        ("نور سلطان", "astana"),
        ("آسيا الوسطى", "central-asia"),
        ("البحر الأبيض المتوسط", "mediterranean"),
        ("فرانس برس", "afp"),
        ("أ.ف.ب", "afp"),
        ("د.ب.أ", "dpa"),
        ("رويترز", "reuters"),
        ("NATO", "nato"),
        ("European Union", "eu"),
        ("حركة حماس", "hamas"),
        ("بوتن", "vladimir-putin"),
        ("فلاديمير پوتين", "vladimir-putin"),
    ],
)
def test_a_name_finds_its_entity(knowledge, name, entity_id):
    assert entity_id in [entity.id for entity in knowledge.lookup(name)]


def test_an_ambiguous_name_finds_all_and_says_so(knowledge):
    found = {entity.id: entity for entity in knowledge.lookup("عمان")}
    assert {"OM", "amman"} <= set(found)
    assert knowledge.is_ambiguous(found["OM"], "عُمان")
    assert not knowledge.is_ambiguous(found["OM"], "سلطنة عمان")
    assert not knowledge.lookup("اسم لا يعرفه أحد")


def test_ids_and_codes(knowledge):
    assert knowledge.country("ru") is knowledge.country("RU") is knowledge.get("RU")
    assert knowledge.country("ussr").kind == "historic"
    assert knowledge.country("nato") is None
    assert knowledge.country("ZZ") is None
    assert "entities" in repr(knowledge)
    assert len(knowledge) == len(list(knowledge)) == len(knowledge.entities)


@pytest.mark.parametrize(
    ("word", "country"),
    [
        ("روسي", "RU"),
        ("الروسية", "RU"),
        ("الروس", "RU"),
        ("الروسيَّتين", "RU"),
        ("أميركي", "US"),
        ("الأمريكيون", "US"),
        ("الفرنسيتان", "FR"),
        ("السوفيتي", "ussr"),
        ("السوفياتية", "ussr"),
        ("السوفييت", "ussr"),
        ("الألمان", "DE"),
        ("ألمانيتين", "DE"),
        ("الأتراك", "TR"),
        ("المغاربة", "MA"),
        ("النيجيري", "NG"),
        ("النيجري", "NE"),
        ("العمانية", "OM"),
        ("الأوروبيين", "europe"),
        ("الأفارقة", "africa"),
        ("الأممي", "un"),
        ("الكوري الشمالي", "KP"),
        ("الكوريتين الجنوبيتين", "KR"),
        ("الجنوب أفريقية", "ZA"),
        ("كازاخي", "KZ"),
        ("الكازاخستانية", "KZ"),
        ("المصرى", "EG"),
    ],
)
def test_a_demonym_points_at_its_country(knowledge, word, country):
    found = knowledge.demonym(word)
    assert found is not None
    assert found.country == country


@pytest.mark.parametrize(
    "word",
    ["البلدين", "الجانبان", "الأميركيتين", "الكوريتان", "روسيا", "ليبيا", "اليمنى", "الرئيس", "ترك", "فرس", "الوسطى"],
)
def test_other_words_are_no_demonyms(knowledge, word):
    assert knowledge.demonym(word) is None


@pytest.mark.parametrize(
    ("word", "gender", "number", "definite"),
    [
        ("الفرنسي", "masculine", "singular", True),
        ("فرنسية", "feminine", "singular", False),
        ("الفرنسيان", "masculine", "dual", True),
        ("الفرنسيتين", "feminine", "dual", True),
        ("فرنسيون", "masculine", "plural", False),
        ("فرنسيات", "feminine", "plural", False),
        ("أفغان", "masculine", "plural", False),
    ],
)
def test_a_demonym_tells_its_form(knowledge, word, gender, number, definite):
    found = knowledge.demonym(word)
    assert (found.gender, found.number, found.definite, found.form) == (gender, number, definite, word)


@pytest.mark.parametrize("word", ["الغربية", "مالي", "الصحراوي", "العربية", "كوري"])
def test_demonyms_that_are_common_words_say_so(knowledge, word):
    assert knowledge.demonym(word).ambiguous


def test_the_longest_demonym_wins(knowledge):
    words = "الرئيس الكوري الجنوبي يزور".split()
    demonym, length = knowledge.demonym_at(words, 1)
    assert (demonym.country, length) == ("KR", 2)
    demonym, length = knowledge.demonym_at(["الكوري"], 0)
    assert (demonym.country, length, demonym.ambiguous) == ("KR", 1, True)
    assert knowledge.demonym_at(words, 0) is None


@pytest.mark.parametrize(
    ("phrase", "start", "relation", "length"),
    [
        ("التقى وزير الخارجية الروسي", 1, "minister_of", 2),
        ("ووزيرة الدفاع الألمانية", 0, "minister_of", 2),
        ("للرئيس الفرنسي", 0, "head_of_state_of", 1),
        ("رئيس الوزراء العراقي", 0, "head_of_government_of", 2),
        ("الأمين العام للأمم المتحدة", 0, "leads", 2),
        ("بالمتحدث باسم الكرملين", 0, "represents", 2),
        ("الدكتور أحمد", 0, None, 1),
    ],
)
def test_titles(knowledge, phrase, start, relation, length):
    title, size = knowledge.title(phrase.split(), start)
    assert (title.relation, size) == (relation, length)


def test_titles_that_say_their_status(knowledge):
    title, _ = knowledge.title("الرئيس المنتخب".split(), 0)
    assert title.status == "planned"
    assert knowledge.title("رئيس الوزراء المكلف".split(), 0)[0].status == "planned"
    assert knowledge.title(["مؤسس"], 0)[0].inverse
    assert knowledge.title(["غيمة"], 0) is None


@pytest.mark.parametrize(
    ("phrase", "status", "length"),
    [("السابق", "former", 1), ("الأسبق", "former", 1), ("بالوكالة", "acting", 1), ("المنتهية ولايته", "former", 2)],
)
def test_modifiers(knowledge, phrase, status, length):
    modifier, size = knowledge.modifier(phrase.split(), 0)
    assert (modifier.status, size) == (status, length)
    assert knowledge.modifier(["المقال"], 0) is None


@pytest.mark.parametrize("key", ["بوتين", "لبنان", "فلسطين", "كازاخستان", "وليد", "باريس", "بريكس", "محمد", "بلينكن"])
def test_names_are_known(knowledge, key):
    assert knowledge.is_name(key)


@pytest.mark.parametrize("key", ["لاوباما", "بالقاهره", "ولبنان", "للصين", "وبوتين", "كان", "ليل"])
def test_words_with_proclitics_and_common_words_are_no_names(knowledge, key):
    assert not knowledge.is_name(key)
