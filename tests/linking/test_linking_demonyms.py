"""Demonym mentions: what they cover, what they point at, what is left out."""

from __future__ import annotations

import pytest

from arner.schema import MentionKind


def demonyms(result):
    owner = {entity.id: entity.name for entity in result.entities}
    return [(m.text, owner[m.entity]) for m in result.mentions if m.kind is MentionKind.DEMONYM]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الرئيس الروسي", [("الروسي", "روسيا")]),
        ("والروسيّين وللفرنسيين", [("الروسيّين", "روسيا"), ("لفرنسيين", "فرنسا")]),
        ("وزير الخارجية الكوري الشمالي", [("الكوري الشمالي", "كوريا الشمالية")]),
        ("وفد أمريكي وآخر بريطاني", [("أمريكي", "الولايات المتحدة"), ("بريطاني", "بريطانيا")]),
        ("المبعوث الأممي", [("الأممي", "الأمم المتحدة")]),
        ("المسؤولون الأوروبيون", [("الأوروبيون", "أوروبا")]),
        ("وفرنسي وبلجيكية", [("فرنسي", "فرنسا"), ("بلجيكية", "بلجيكا")]),
        ("تحدث باللغة الروسية ثم بالفرنسية وكتب إلى الإنجليزية", []),
        ("غربي المدينة وفي الأزمة المالية", []),
        ("البلدان يدعمان اليد اليمنى", []),
    ],
)
def test_demonyms(linked, text, expected):
    assert demonyms(linked(text)) == expected


def test_a_demonym_and_its_country_are_one_entity(linked):
    result = linked("وصل الرئيس الفرنسي من [LOC فرنسا] إلى [LOC باريس]")
    assert [(entity.name, len(entity.mentions)) for entity in result.entities] == [("فرنسا", 2), ("باريس", 1)]
    assert [mention.kind for mention in result.mentions] == [MentionKind.DEMONYM, MentionKind.NAME, MentionKind.NAME]


def test_no_demonym_inside_a_name(linked):
    assert demonyms(linked("في [LOC الضفة الغربية] قالت [ORG وزارة الخارجية الروسية] و[PER محمد المصري]")) == []


def test_an_ambiguous_demonym_counts_where_its_country_is_named(linked):
    assert demonyms(linked("القوات المالية")) == []
    assert demonyms(linked("في [LOC باماكو] عاصمة [LOC مالي] قالت القوات المالية")) == [("المالية", "مالي")]


def test_mentions_are_sorted_and_ids_follow_them(linked):
    result = linked("الوزير الألماني و[PER رائد الخالدي] والوزير التركي في [LOC برلين]")
    assert [mention.start for mention in result.mentions] == sorted(mention.start for mention in result.mentions)
    assert [entity.id for entity in result.entities] == ["e1", "e2", "e3", "e4"]
    assert [mention.entity for mention in result.mentions] == ["e1", "e2", "e3", "e4"]
    assert [entity.type for entity in result.entities] == ["LOC", "PER", "LOC", "LOC"]
    assert [mention.score for mention in result.mentions] == [1.0, 0.9, 1.0, 0.9]


def test_nothing_in_nothing_out(linked):
    assert linked("").entities == linked("لا اسم هنا").entities == ()
