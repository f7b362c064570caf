"""Proclitics: what is cut off a name and, above all, what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner.text import fold_plain, name_key, proclitic_length, proclitics_of, split_words
from tests.text.text_strategies import any_text, vocalised

OWN_LETTERS = (
    "بوتين فلسطين لبنان كازاخستان ولد باريس برلين بغداد بيروت وارسو واشنطن لندن ليبيا كييف كندا سوريا فرنسا فيينا "
    "بريكس كوبا وليد فهد فيصل لافروف كيري بلينكن سوليفان بايدن بوريل بلجيكا باكستان بكين برشلونة فيتنام فنزويلا فتح "
    "فؤاد فاروق فاطمة كرملين كوريا كرواتيا كشمير كردستان كركوك كابول كتائب كلينتون كاميرون كينيا كوسوفو كريم كمال "
    "لوكاشينكو ليتوانيا لاتفيا لاهاي ليفربول وزارة وكالة ولاية وادي ويليام وهران وائل وسام بن بوش بوتفليقة بنغازي "
    "بورسعيد بلقيس بشار بيلوسي بولندا بيونغيانغ بلغراد براغ فالنسيا كاليفورنيا كالينينغراد والتر والاس بالي فاغنر كيم "
    "لولا لويس برلمان بنك فرانسيس"
).split()

CUTS = {
    1: (
        "بالقاهرة والقاهرة للصين بموسكو لأوباما وبوتين ولبنان وفلسطين لبوتين وروسيا بواشنطن لواشنطن وواشنطن لروسيا "
        "وباريس كالصين فالولايات وترامب لترامب وزيلينسكي لإسرائيل وإيران وحماس للبنان لليبيا للندن بلندن ببيروت "
        "وبيروت لكازاخستان وكندا لكييف بكييف لفرنسا وفرنسا ولافروف للافروف بجنيف ومصر لمصر بقطر بغزة وغزة بدمشق "
        "لتركيا كروسيا وألمانيا لماكرون للكرملين والكرملين بالكرملين لبريكس وبريكس ووزارة بوزارة ووكالة لمجلس ومجلس "
        "وفؤاد لفهد وليلى وكيم"
    ),
    2: "وللأمم وللصين وبالقاهرة ولأوكرانيا وبموسكو وبالرياض وللبنان وببيروت",
}


@pytest.mark.parametrize("word", OWN_LETTERS)
def test_letters_of_the_name_stay(word: str) -> None:
    assert proclitic_length(word) == 0


@pytest.mark.parametrize(
    ("word", "length"), [(word, length) for length, words in CUTS.items() for word in words.split()]
)
def test_proclitics_are_cut(word: str, length: int) -> None:
    assert proclitic_length(word) == length


@pytest.mark.parametrize("word", ["و", "ب", "لـ", "", "«", "2024", "NATO", "١٢", "😀", "أ.ف.ب", "سيناء"])
def test_nothing_to_cut(word: str) -> None:
    assert proclitic_length(word) == 0


def test_marks_behind_a_proclitic_are_counted_with_it() -> None:
    assert proclitic_length("بِـالقَاهِرَةِ") == len("بِـ")
    assert proclitic_length("وَلِلصِّينِ") == len("وَلِ")
    assert proclitic_length("وأ.ف.ب") == 1


def test_a_ligature_is_not_cut_through() -> None:
    assert proclitic_length("ﻻسرائيل") == 0


def test_what_is_known_above_decides_what_the_list_does_not() -> None:
    assert proclitic_length("كسرميناز", is_name={"سرميناز"}.__contains__) == 1
    assert proclitic_length("كسرميناز", is_name={"كسرميناز"}.__contains__) == 0
    assert proclitic_length("بسرميناز", is_name={"سرميناز"}.__contains__) == 1
    assert proclitic_length("بسرميناز", is_name={"بسرميناز"}.__contains__) == 0
    assert proclitic_length("ولترستان", is_name={"ولترستان"}.__contains__) == 0
    assert proclitic_length("ولترستان", is_name={"لترستان"}.__contains__) == 1


@given(any_text)
def test_a_cut_leaves_a_name_and_takes_only_proclitics(text: str) -> None:
    for word in split_words(text):
        length = proclitic_length(word.text)
        assert 0 <= length < len(word.text)
        cut = fold_plain(word.text[:length])
        assert cut in {"", "و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل", "فك"}
        if length:
            assert name_key(word.text[length:])


@given(st.sampled_from([*OWN_LETTERS, *CUTS[1].split(), *CUTS[2].split()]), st.data())
def test_vocalised_words_are_cut_at_the_same_letter(word: str, data: st.DataObject) -> None:
    marked = vocalised(word, data)
    assert fold_plain(marked[: proclitic_length(marked)]) == word[: proclitic_length(word)]


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        ("وزار", ("و", "زار")),
        ("فالتقى", ("ف", "التقى")),
        ("سيزور", ("س", "يزور")),
        ("وسيزور", ("وس", "يزور")),
        ("بزيارة", ("ب", "زيارة")),
        ("لزيارة", ("ل", "زيارة")),
        ("للزيارة", ("ل", "الزيارة")),
        ("للزيارة", ("لل", "زيارة")),
        ("وبالزيارة", ("وب", "الزيارة")),
        ("وبالزيارة", ("وبال", "زيارة")),
        ("الزيارة", ("ال", "زيارة")),
        ("كرئيس", ("ك", "رئيس")),
    ],
)
def test_readings_of_an_ordinary_word(word: str, reading: tuple[str, str]) -> None:
    readings = proclitics_of(word)
    assert readings[0] == ("", word)
    assert reading in readings
    stems = [len(stem) for _, stem in readings]
    assert stems == sorted(stems, reverse=True)


def test_a_word_without_proclitics_has_one_reading() -> None:
    assert proclitics_of("زار") == [("", "زار")]
    assert proclitics_of("سلام") == [("", "سلام")]
