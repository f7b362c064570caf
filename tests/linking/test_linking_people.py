"""People: full names, surnames, spellings, namesakes."""

from __future__ import annotations

import pytest

from arner.linking.people import name_units


def test_surname_first_name_and_full_name_are_one(groups):
    text = "قال [PER ريم الخالدي] إن [PER الخالدي] بخير، ثم عادت [PER ريم]"
    assert groups(text) == [["ريم الخالدي", "الخالدي", "ريم"]]


def test_a_headline_surname_finds_the_full_name_that_follows(groups):
    assert groups("[PER الخالدي]: نحن بخير\nقال [PER رائد الخالدي] ذلك") == [["الخالدي", "رائد الخالدي"]]


def test_article_more_or_less(groups):
    assert groups("[PER رائد الخالدي] و[PER خالدي] واحد") == [["رائد الخالدي", "خالدي"]]


def test_two_people_of_one_surname_stay_apart_and_the_surname_goes_to_the_last(groups):
    text = "[PER رائد الخالدي] ثم [PER الخالدي]، و[PER ريم الخالدي] ثم [PER الخالدي]"
    assert groups(text) == [["رائد الخالدي", "الخالدي"], ["ريم الخالدي", "الخالدي"]]


def test_a_father_is_not_his_son(groups):
    text = "تولى [PER سلمان بن عبد العزيز] الحكم وعين [PER محمد بن سلمان] وليا للعهد، وقال [PER سلمان] كلمة"
    assert groups(text) == [["سلمان بن عبد العزيز", "سلمان"], ["محمد بن سلمان"]]


def test_a_middle_name_more_or_less(groups):
    text = "[PER رائد سليم الخالدي] هو [PER رائد الخالدي] وهو [PER رائد سليم]"
    assert groups(text) == [["رائد سليم الخالدي", "رائد الخالدي", "رائد سليم"]]


def test_a_shortening_of_two_names_belongs_to_neither(groups):
    text = "[PER رائد سليم الخالدي] و[PER رائد كمال الخالدي] و[PER رائد الخالدي]"
    assert len(groups(text)) == 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("أنطونيو غوتيريش", "أنطونيو غوتيريس"),
        ("بنيامين نتنياهو", "نتانياهو"),
        ("فلاديمير بوتين", "بوتن"),
        ("ستانيسلاف دروزدنكو", "دروزدينكو"),
        ("قاسم جومارت توكاييف", "قاسم-جومرت توكايف"),
        ("عبد الفتاح السيسي", "عبدالفتاح السيسي"),
        ("سيرغي لافروف", "سيرجي لافروف"),
        ("محيي الدين الخالدي", "محيى الدين"),
        ("دونالد ترامب", "ترمب"),
    ],
)
def test_spellings_of_one_person(groups, first, second):
    assert len(groups(f"قال [PER {first}] ثم أضاف [PER {second}]")) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [("محمد الخالدي", "محمود الخالدي"), ("حسن", "حسين"), ("سليم", "سليمان"), ("فريد", "فريدة"), ("أمين", "أمينة")],
)
def test_names_that_only_look_alike(groups, first, second):
    assert len(groups(f"قال [PER {first}] ثم أضاف [PER {second}]")) == 2


def test_a_famous_surname_is_known_and_a_namesake_in_the_text_takes_it(linked):
    result = linked("وصل [PER بوتين] إلى المطار")
    assert (result.entities[0].name, result.entities[0].wikidata) == ("فلاديمير بوتين", "Q7747")
    assert result.known["e1"].id == "vladimir-putin"
    result = linked("وصل العامل [PER غريغور بوتين] وقال [PER بوتين] إنه متعب")
    assert [len(entity.mentions) for entity in result.entities] == [2]
    assert result.entities[0].wikidata is None


def test_a_relative_of_the_famous_does_not_take_the_surname(groups):
    text = "حضرت [PER ميلانيا ترامب] الحفل، وقال [PER ترامب] إنه سعيد"
    assert groups(text) == [["ميلانيا ترامب"], ["ترامب"]]


def test_a_common_full_name_needs_its_country(linked):
    assert not linked("فاز اللاعب [PER محمد مصطفى] بالجائزة").known
    known = linked("قال رئيس الوزراء الفلسطيني [PER محمد مصطفى] ذلك").known
    assert sorted(entity.country for entity in known.values()) == ["PS", "PS"]


def test_an_ambiguous_surname_alone_is_nobody_known(linked):
    assert not linked("قال [PER باول] إنه مسافر").known


def test_a_person_is_never_a_place(groups):
    assert len(groups("ولد [PER سالم] في [LOC سالم]")) == 2


def test_name_units():
    assert name_units("علي عبد الله صالح") == ("علي", "عبد الله", "صالح")
    assert name_units("عبد") == ("عبد",)
    assert name_units("حسن نصر الله") == ("حسن", "نصر الله")
    assert name_units("محمد ولد الشيخ الغزواني") == ("محمد", "ولد الشيخ", "الغزواني")
