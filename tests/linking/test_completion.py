"""Names that the model left out are added where the text or the knowledge vouches for them, and nowhere else."""

from __future__ import annotations

import time

from arner.knowledge import load_knowledge
from arner.linking import complete_names
from arner.linking.name_search import FoundName
from arner.text import split_words

KNOWLEDGE = load_knowledge()


def completed(text: str, *found: tuple[str, str, float], known_types: bool = True) -> list[tuple[str, str]]:
    """Names after completion; `found` are the model's: the first place of each name, its type and score."""
    names = [FoundName(text.index(n), text.index(n) + len(n), kind, score) for n, kind, score in found]
    result = complete_names(text, split_words(text), names, KNOWLEDGE, known_types=known_types)
    assert [name.start for name in result] == sorted(name.start for name in result)
    return [(text[name.start : name.end], name.type) for name in result]


def test_a_sure_name_is_found_again_behind_a_clitic() -> None:
    text = "قال مرزوق الشلبي إنه مسافر. وأشاد الحضور بمرزوق الشلبي كثيرا."
    assert completed(text, ("مرزوق الشلبي", "PER", 0.95)) == [("مرزوق الشلبي", "PER")] * 2


def test_an_unsure_name_is_not_spread() -> None:
    text = "قال مرزوق الشلبي إنه مسافر. ثم عاد مرزوق الشلبي."
    assert completed(text, ("مرزوق الشلبي", "PER", 0.5)) == [("مرزوق الشلبي", "PER")]


def test_countries_and_organisations_are_known_everywhere() -> None:
    text = "غادر الوفد كازاخستان وللأمم المتحدة رأي."
    assert completed(text) == [("كازاخستان", "LOC"), ("لأمم المتحدة", "ORG")]


def test_a_demonym_is_not_a_name() -> None:
    assert completed("قالت الصحف السعودية إن الجو حار.") == []


def test_a_known_name_gets_its_only_type_unless_the_model_is_sure() -> None:
    assert completed("سافر إلى كازاخستان.", ("كازاخستان", "PER", 0.6)) == [("كازاخستان", "LOC")]
    assert completed("سافر إلى كازاخستان.", ("كازاخستان", "PER", 0.99)) == [("كازاخستان", "PER")]


def test_a_model_with_its_own_labels_keeps_them() -> None:
    text = "سافر إلى كازاخستان ثم كازاخستان والهند."
    assert completed(text, ("كازاخستان", "GPE", 0.9), known_types=False) == [("كازاخستان", "GPE")] * 2


def test_a_long_text_takes_time_in_proportion() -> None:
    text = "غادر الوفد كازاخستان إلى القاهرة ثم لندن. " * 5000
    begin = time.process_time()
    found = completed(text)
    assert len(found) >= 15_000
    assert time.process_time() - begin < 20  # a quadratic search takes hours


def test_a_noun_and_a_demonym_are_a_state_body() -> None:
    text = "أعلنت الحكومة اللبنانية ذلك، ورحب الجيش الأردني وبالخارجية الروسية (موسكو)."
    bodies = [("الحكومة اللبنانية", "ORG"), ("الجيش الأردني", "ORG"), ("الخارجية الروسية", "ORG"), ("موسكو", "LOC")]
    assert completed(text, ("الحكومة", "ORG", 0.6)) == bodies


def test_a_post_is_no_body() -> None:
    assert completed("قال وزير الخارجية الروسي إن السياسة الخارجية الروسية لم تتغير.") == []


def test_a_longer_name_around_a_body_stays() -> None:
    assert completed("ذكرت إذاعة الجيش الإسرائيلي ذلك.", ("إذاعة الجيش الإسرائيلي", "ORG", 0.9)) == [
        ("إذاعة الجيش الإسرائيلي", "ORG")
    ]


def test_a_name_is_made_longer_where_that_makes_it_a_known_one() -> None:
    assert completed("انضمت إلى حلف شمال الأطلسي.", ("حلف", "ORG", 0.6)) == [("حلف شمال الأطلسي", "ORG")]


def test_two_people_side_by_side_are_parted_after_a_known_full_name() -> None:
    text = "عيّن قيس سعيّد مرزوق الشلبي رئيسا للحكومة."
    assert completed(text, ("قيس سعيّد مرزوق الشلبي", "PER", 0.9)) == [("قيس سعيّد", "PER"), ("مرزوق الشلبي", "PER")]


def test_a_longer_name_of_a_known_person_stays_whole() -> None:
    for text in ("محمد بن سلمان آل سعود", "محمد بن سلمان بن عبد العزيز"):
        assert completed(f"قال {text} ذلك.", (text, "PER", 0.9)) == [(text, "PER")]


def test_the_initials_of_an_agency_are_found_though_they_are_short() -> None:
    assert completed("ونقلت أ.ف.ب عن الوزير ذلك.") == [("أ.ف.ب", "ORG")]


def test_a_demonym_behind_a_company_is_not_in_its_name() -> None:
    text = "وقعت شركة بترولاند النرويجية عقدا مع الخطوط الجوية الكويتية."
    found = completed(text, ("بترولاند النرويجية", "ORG", 0.9), ("الخطوط الجوية الكويتية", "ORG", 0.9))
    assert found == [("بترولاند", "ORG"), ("الخطوط الجوية الكويتية", "ORG")]


def test_a_demonym_stays_where_the_name_has_it() -> None:
    for text, name in [
        ("قال مجلس النواب اللبناني إن الجلسة أرجئت.", "مجلس النواب اللبناني"),
        ("ربحت شركة أرامكو السعودية كثيرا.", "أرامكو السعودية"),
    ]:
        assert completed(text, (name, "ORG", 0.9)) == [(name, "ORG")]


def test_a_person_and_a_capital_are_told_apart_in_a_line_of_three_words() -> None:
    both = [("محمد", "PER"), ("القاهرة", "LOC")]
    assert completed("زار محمد القاهرة.", ("محمد القاهرة", "PER", 0.5)) == both
    assert completed("زار محمد القاهرة", ("القاهرة", "LOC", 0.6)) == both
    assert completed("تحسن شمال سوريا") == [("سوريا", "LOC")]
    assert completed("زار وزير فرنسا") == [("فرنسا", "LOC")]
