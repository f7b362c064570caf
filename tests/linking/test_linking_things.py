"""Places and organisations: known names, descriptors, acronyms, shortenings, ambiguous names, canonical names."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("type_", "first", "second"),
    [
        ("ORG", "أ.ف.ب", "وكالة الصحافة الفرنسية"),
        ("ORG", "الناتو", "حلف شمال الأطلسي"),
        ("ORG", "NATO", "حلف شمال الأطلسي"),
        ("ORG", "وكالة تاس", "تاس"),
        ("ORG", "منظمة الأمم المتحدة", "الأمم المتحدة"),
        ("ORG", "حركة حماس", "حماس"),
        ("ORG", "شركة نخلستان", "نخلستان"),
        ("ORG", "البريكس", "بريكس"),
        ("ORG", "حزب_الله", "حزب الله"),
        ("ORG", "صندوق الواحات الأخضر", "الصندوق"),
        ("ORG", "مؤتمر الواحات العالمي", "مؤتمر الواحات"),
        ("ORG", "الديمقراطيون", "الديموقراطيون"),
        ("LOC", "مدينة حلب", "حلب"),
        ("LOC", "أميركا", "الولايات المتحدة"),
        ("LOC", "المملكة المتحدة", "بريطانيا"),
        ("LOC", "كراسنوغورسك", "كراسنوجورسك"),
        ("LOC", "كييف", "كِيِيف"),
        ("LOC", "سوريا", "سورية"),
        ("MISC", "اتفاق الواحات", "اتفاق الواحات الكبرى"),
    ],
)
def test_names_of_one_thing(groups, type_, first, second):
    assert len(groups(f"في [{type_} {first}] كما في [{type_} {second}] ما يقال")) == 1


@pytest.mark.parametrize(
    ("type_", "first", "second"),
    [
        ("LOC", "الكويت", "مدينة الكويت"),
        ("LOC", "تونس", "تونس العاصمة"),
        ("LOC", "روسيا", "موسكو"),
        ("LOC", "روسيا", "سوريا"),
        ("LOC", "ليبيا", "ليبيريا"),
        ("LOC", "كوريا الشمالية", "كوريا الجنوبية"),
        ("LOC", "القدس", "القدس الشرقية"),
        ("LOC", "السودان", "جنوب السودان"),
        ("ORG", "الاتحاد الأوروبي", "الاتحاد الأوروبي لكرة القدم"),
        ("ORG", "وزارة الدفاع الروسية", "وزارة الدفاع السورية"),
        ("ORG", "نخلستان", "نخلستان للنقل"),
        ("ORG", "مجلس الأمن الدولي", "مجلس الأمن الروسي"),
    ],
)
def test_names_of_two_things(groups, type_, first, second):
    assert len(groups(f"في [{type_} {first}] كما في [{type_} {second}] ما يقال")) == 2


def test_a_short_name_of_two_bodies_joins_neither(groups):
    text = "[ORG مجلس الواحات الأول] و[ORG مجلس الواحات الثاني] و[ORG مجلس الواحات]"
    assert len(groups(text)) == 3


def test_an_acronym_in_brackets(groups):
    text = 'دعت [ORG هيئة الواحات الدولية] "[ORG نخيل]" ([ORG OAC]) إلى اجتماع، وقالت [ORG نخيل] إنها مستعدة'
    assert groups(text) == [["هيئة الواحات الدولية", "نخيل", "OAC", "نخيل"]]


def test_a_source_or_country_in_brackets_is_another_thing(groups):
    assert groups("أعلنت [ORG هيئة الواحات الدولية] ([ORG CNN]) ذلك") == [["هيئة الواحات الدولية"], ["CNN"]]
    assert groups("من [LOC واحة] ([LOC مصر])") == [["واحة"], ["مصر"]]


def test_a_mention_after_the_article_of_lil(linked):
    result = linked("دعوة ل[LOC لصين] ول[ORG لأمم المتحدة] ول[LOC لبنان] ول[LOC لواحات] ول[ORG لجنة الواحات]")
    assert [entity.name for entity in result.entities] == [
        "الصين",
        "الأمم المتحدة",
        "لبنان",
        "الواحات",
        "لجنة الواحات",
    ]
    assert result.mentions[0].text == "لصين"


def test_the_article_of_lil_follows_the_other_mentions(linked):
    result = linked("قالت [ORG اللجنة العليا] ... وكان ل[ORG لجنة العليا] رأي")
    assert [entity.name for entity in result.entities] == ["اللجنة العليا"]


def test_ambiguous_names_follow_their_context(linked):
    def first(text):
        return linked(text).known["e1"].id

    assert first("في [LOC عمان] قال الوزير الأردني") == "amman"
    assert first("في [LOC عمان] قال السلطان في [LOC مسقط]") == "OM"
    assert first("في [LOC طرابلس] قال رئيس الحكومة الليبية") == "tripoli"
    assert first("في [LOC طرابلس] قال نائب لبناني") == "tripoli-lebanon"
    assert not linked("وصل إلى [LOC عمان] أمس").known


def test_an_ambiguous_organisation_needs_its_country(linked):
    assert not linked("صوت [ORG مجلس النواب] على القانون").known
    assert linked("صوت [ORG مجلس الأمن] على القرار").known["e1"].id == "un-security-council"
    text = "صوت [ORG مجلس الشيوخ] في [LOC واشنطن] على القانون الأميركي"
    assert linked(text).known["e1"].id == "us-senate"


def test_a_short_name_means_what_the_longer_one_says(linked):
    text = "قال [ORG الاتحاد السعودي للتنس] ثم أكد [ORG الاتحاد السعودي] ذلك في [LOC السعودية]"
    assert [known.id for known in linked(text).known.values()] == ["SA"]


def test_the_word_before_a_name_tells_which(linked):
    assert linked("قالت قناة [ORG الجزيرة] أمس").known["e1"].id == "al-jazeera"
    assert not linked("قالت [ORG الجزيرة] أمس").known
    assert linked("وصل إلى مدينة [LOC الخليل] أمس").known["e1"].id == "hebron"


def test_the_known_name_is_canonical_and_other_writings_are_aliases(linked):
    entity = linked("بين [LOC أميركا] و[LOC الولايات المتحدة الأمريكية]").entities[0]
    assert (entity.name, entity.name_en, entity.wikidata) == ("الولايات المتحدة", "United States", "Q30")
    assert entity.aliases == ("أميركا", "الولايات المتحدة الأمريكية")


def test_the_fullest_name_is_canonical_where_nothing_is_known(linked):
    entity = linked("[ORG #واحات_النخيل] هي [ORG شركة واحات النخيل] ([ORG Palm Oases])").entities[0]
    assert (entity.name, entity.name_en, entity.wikidata) == ("شركة واحات النخيل", "Palm Oases", None)


def test_the_majority_gives_the_type_and_knowledge_breaks_ties(linked):
    result = linked("[ORG الكرملين] و[LOC الكرملين]")
    assert [(entity.type, len(entity.mentions)) for entity in result.entities] == [("ORG", 2)]
    assert [mention.type for mention in result.mentions] == ["ORG", "LOC"]


def test_labels_of_another_scheme_stay(linked):
    result = linked("زار [PERS ناريندرا مودي] [GPE باريس] في [EVENT معرض الواحات]، ثم عاد [PERS مودي]")
    assert [(entity.type, entity.wikidata) for entity in result.entities] == [
        ("PERS", "Q1058"),
        ("GPE", "Q90"),
        ("EVENT", None),
    ]
