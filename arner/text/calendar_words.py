"""The words that dates are made of: months of every tradition, weekdays, ordinals, and the words around them.

Keys are spelled as `name_key` spells them, so that أبريل, ابريل and إبريل are one.
"""

from __future__ import annotations

from typing import Final

from arner.text.folding import name_key

__all__ = [
    "CLITIC_FORMS",
    "COUNTED",
    "DAY_ORDINALS",
    "DAY_WORDS",
    "HIJRI_ERA",
    "HIJRI_MONTHS",
    "LEADS",
    "MONTHS",
    "NARRATED",
    "NEXT",
    "NOT_A_YEAR",
    "PAST",
    "PERIODS",
    "PERIODS_PLURAL",
    "PRESENT",
    "UNSAFE_MONTHS",
    "WEEKDAYS",
    "YEAR_WORDS",
    "number_word",
]

_MONTH_NAMES: Final = (
    "يناير, كانون الثاني, جانفي, ينائر, جنفي",
    "فبراير, شباط, فيفري, فبرائر",
    "مارس, آذار, اذار",
    "أبريل, نيسان, أفريل, إبريل",
    "مايو, أيار, ماي, مايس, نوار",
    "يونيو, حزيران, جوان, يونيه",
    "يوليو, تموز, جويلية, يوليوز, يوليه, جويليه",
    "أغسطس, آب, أوت, غشت, أغسطوس",
    "سبتمبر, أيلول, شتنبر, سيبتمبر",
    "أكتوبر, تشرين الأول, أكتوبير",
    "نوفمبر, تشرين الثاني, نونبر, نوڤمبر",
    "ديسمبر, كانون الأول, دجنبر, ديسامبر, دسمبر",
)


def _keys(names: str) -> list[tuple[str, ...]]:
    return [tuple(name_key(name).split()) for name in names.split(", ")]


MONTHS: Final[dict[tuple[str, ...], int]] = {
    key: number for number, names in enumerate(_MONTH_NAMES, start=1) for key in _keys(names)
}
"""Month names (one or two words) and the number of the month."""

UNSAFE_MONTHS: Final = frozenset(
    _keys("آب, مارس, ماي, نيسان, أوت, جوان, نوار, رجب, شعبان, رمضان, صفر, محرم, شوال, تموز")
)
"""Months that are other words or names as well: they count beside a day, a year, a second name or the word شهر."""

_HIJRI_NAMES: Final = (
    "محرم",
    "صفر",
    "ربيع الأول",
    "ربيع الثاني, ربيع الآخر",
    "جمادى الأولى, جمادى الأول",
    "جمادى الآخرة, جمادى الثانية",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو القعدة, ذي القعدة",
    "ذو الحجة, ذي الحجة",
)

HIJRI_MONTHS: Final[dict[tuple[str, ...], int]] = {
    key: number for number, names in enumerate(_HIJRI_NAMES, start=1) for key in _keys(names)
}
"""Months of the Hijri calendar and their numbers."""

HIJRI_ERA: Final = frozenset({"ه", "هجري", "هجريه", "للهجره"})
"""Words behind a year of the Hijri calendar."""

WEEKDAYS: Final[dict[str, int]] = {
    name_key(name): number
    for number, names in enumerate(
        ("الاثنين الإثنين", "الثلاثاء الثلثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
    )
    for name in names.split()
}
"""Weekdays, numbered as in `datetime.date.weekday`."""

DAY_WORDS: Final = {"امس": -1, "البارحه": -1, "اليوم": 0, "غدا": 1}
"""Words for a day by its distance from the day of writing."""

YEAR_WORDS: Final = frozenset({"عام", "سنه", "العام", "السنه", "عامي", "سنتي", "الاعوام", "اعوام"})

PERIODS: Final = {"الاسبوع": "week", "الشهر": "month", "العام": "year", "السنه": "year"}
NOT_A_YEAR: Final = frozenset(
    name_key(
        "الأمين الأمينة المدير المديرة المدعي القائد الرأي المراقب المفتش النائب الكاتب القطاع المفوض المنسق المشرف "
        "السكرتير القنصل المؤتمر الحاكم الادعاء النظام العفو الصالح الإضراب التعليم المحامي الوكيل الأمن الإطار"
    ).split()
)
"""Words behind which «العام» means general: الأمين العام السابق."""
PERIODS_PLURAL: Final = frozenset({"السنوات", "الاعوام", "الاشهر", "الشهور", "الاسابيع", "الايام", "الساعات", "العقود"})

PAST: Final = frozenset("الماضي الماضيه المنصرم المنصرمه الفائت الفائته الفايت الفايته المنقضي السابق السابقه".split())
NEXT: Final = frozenset({"المقبل", "المقبله", "القادم", "القادمه", "اللاحق", "التالي", "التاليه"})
NARRATED: Final = frozenset("السابق السابقه التالي التاليه اللاحق اللاحقه".split())
"""Those of PAST and NEXT that count from the day told of, not from the day of writing."""
PRESENT: Final = frozenset({"الحالي", "الحاليه", "الجاري", "الجاريه", "الاخيره"})

LEADS: Final = frozenset(
    (
        "يوم نهار مساء صباح فجر ليل ليله ظهر عصر ضحي شهر صيف شتاء ربيع خريف "
        "مطلع بدايه بدايات منتصف اواسط اواخر اوائل اوايل نهايه نهايات اول"
    ).split()
)
"""Words that open a date and belong to it: مساء الأربعاء, مطلع عام 2011."""

COUNTED: Final = frozenset(
    name_key(
        "شخص أشخاص قتيل قتلى جريح جرحى دولار دولارات يورو جنيه ريال درهم دينار ليرة روبل مليون مليونا مليار ألف آلاف "
        "متر مترا كيلومتر كيلومترا كلم كم عام عاما سنة سنوات يوم يوما ساعة طن طنا برميل جندي جنديا صاروخ وظيفة أسرة "
        "عائلة حالة إصابة وفاة مقعد صوت صوتا لاعب موظف عنصر عنصرا مقاتل مقاتلا مدني مدنيا سجين معتقل لاجئ نازح منزل "
        "وحدة نقطة درجة ميغاوات هكتار فدان دقيقة ثانية مرة رجل امرأة طفل طفلا صفحة شركة دولة مدينة"
    ).split()
)
"""What a number before it counts: «في 2000 منزل» holds no year."""

_UNITS: Final = (
    ("واحد", "احدي", "الاول", "الحادي", "حادي"),
    ("اثنين", "اثنان", "اثني", "اثنا", "الثاني"),
    ("ثلاثه", "ثلاث", "الثالث"),
    ("اربعه", "اربع", "الرابع"),
    ("خمسه", "خمس", "الخامس"),
    ("سته", "ست", "السادس"),
    ("سبعه", "سبع", "السابع"),
    ("ثمانيه", "ثماني", "ثمان", "الثامن"),
    ("تسعه", "تسع", "التاسع"),
    ("عشره", "عشر", "العاشر"),
)
_NUMBER_WORDS: Final[dict[str, int]] = {word: value for value, words in enumerate(_UNITS, start=1) for word in words}
_TENS: Final[dict[str, int]] = {
    word + ending: 10 * value
    for value, word in enumerate("عشر ثلاث اربع خمس ست سبع ثمان تسع".split(), start=2)
    for ending in ("ين", "ون")
}


def number_word(key: str) -> tuple[str, int] | None:
    """The kind ("unit" or "tens") and value of a number word, with or without the article, or None.

    >>> number_word("العشرين"), number_word("خمسه"), number_word("كتاب")
    (('tens', 20), ('unit', 5), None)
    """
    tens = _TENS.get(key[2:] if key.startswith("ال") else key)
    if tens is not None:
        return "tens", tens
    unit = _NUMBER_WORDS.get(key)
    return None if unit is None else ("unit", unit)


def _day_ordinals() -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for value in range(1, 11):
        found[(next(word for word in _UNITS[value - 1] if word.startswith("ال")),)] = value
    firsts = {value: next(w for w in reversed(_UNITS[value - 1]) if w.startswith("ال")) for value in range(1, 10)}
    firsts[1] = "الحادي"
    for value, first in firsts.items():
        found[(first, "عشر")] = 10 + value
        for ending in ("ين", "ون"):
            found[(first, f"والعشر{ending}")] = 20 + value
    for ending in ("ين", "ون"):
        found[(f"العشر{ending}",)] = 20
        found[(f"الثلاث{ending}",)] = 30
        found[("الحادي", f"والثلاث{ending}")] = 31
    return found


DAY_ORDINALS: Final = _day_ordinals()
"""Ordinals as days of a month (one or two words): الأول, الثاني عشر, الحادي والثلاثين."""


def _clitic_forms() -> dict[str, tuple[str, int]]:
    bases = {*WEEKDAYS, *DAY_WORDS, *YEAR_WORDS, *PERIODS, *PERIODS_PLURAL, *LEADS, "اول", "هذا", "هذه", "الفين"}
    bases |= {key[0] for key in (*MONTHS, *HIJRI_MONTHS, *DAY_ORDINALS)}
    found: dict[str, tuple[str, int]] = {}
    for base in bases:
        for prefix in ("و", "ف", "ب", "ل", "وب", "ول", "فب", "ك"):
            found[prefix + base] = (base, len(prefix))
            if base.startswith("ال") and prefix[-1] == "ل":
                found[prefix + "ل" + base[2:]] = (base, len(prefix))
    return {form: cut for form, cut in found.items() if form not in bases}


CLITIC_FORMS: Final = _clitic_forms()
"""The words that may open a date, behind a proclitic: the bare word and the number of letters before it."""
