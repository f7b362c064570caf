"""Dates: the words that say when, with an ISO 8601 value where the words settle one."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from arner.text.absolute_dates import DASHES, JOINERS, LONGEST_TERM, RANGE_OPENERS, AbsoluteDates, Found
from arner.text.calendar_words import (
    DAY_ORDINALS,
    DAY_WORDS,
    HIJRI_MONTHS,
    LEADS,
    MONTHS,
    NOT_A_YEAR,
    PERIODS,
    PERIODS_PLURAL,
    WEEKDAYS,
    YEAR_WORDS,
    number_word,
)
from arner.text.folding import fold, name_key
from arner.text.iso import period_iso, shifted_day, weekday_iso
from arner.text.words import Word

__all__ = ["DateMention", "find_dates"]

_DAY_PARTS: Final = frozenset({"مساء", "صباح", "فجر", "ليل", "ظهر"})
_NOT_TODAY: Final = frozenset(
    name_key("الأول الثاني الثالث العالمي الدولي الوطني التالي السابق نفسه ذاته الذي الأخير السابع").split()
)
_SPANS_AGO: Final = frozenset({"قبل", "منذ", "خلال", "بعد"})
_SPANS: Final = frozenset(
    "ايام يومين اسبوع اسبوعين اسابيع شهر شهرين اشهر شهور عام عامين سنه سنتين سنوات اعوام ساعات".split()
)
_UNITS_AGO: Final = {
    **dict.fromkeys(("يوم", "ايام"), "day"),
    **dict.fromkeys(("اسبوع", "اسابيع"), "week"),
    **dict.fromkeys(("شهر", "اشهر", "شهور"), "month"),
    **dict.fromkeys(("عام", "اعوام", "سنه", "سنوات"), "year"),
}
_DECADES: Final = frozenset(
    f"{article}{decade}{ending}"
    for article in ("ال", "")
    for decade in ("عشرين", "ثلاثين", "اربعين", "خمسين", "ستين", "سبعين", "ثمانين", "تسعين")
    for ending in ("ات", "يات")
)
_OPENERS: Final = (
    frozenset(WEEKDAYS)
    | frozenset(DAY_WORDS)
    | YEAR_WORDS
    | frozenset(PERIODS)
    | PERIODS_PLURAL
    | LEADS
    | _SPANS_AGO
    | _DECADES
    | frozenset({"هذا", "هذه", "الفين", "الفان", "غد", "ال", "موخرا"})
    | frozenset(name[0] for name in (*MONTHS, *HIJRI_MONTHS, *DAY_ORDINALS))
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """Words that say when: ``text == whole_text[start:end]``.

    `iso` is an ISO 8601 date, month, year or interval, or None where the words settle none.
    """

    start: int
    end: int
    text: str
    iso: str | None


def find_dates(text: str, words: Sequence[Word], reference: datetime.date | None = None) -> list[DateMention]:
    """The dates of a text in their order; they do not overlap. A proclitic stays outside of the date.

    Args:
        text: the whole text.
        words: its words, as `split_words` gives them.
        reference: the day of writing. Without it «أمس», «الأربعاء» and «27 نوفمبر» have no ISO value. With it, a plain
            weekday is the latest on or before that day, and a day or month without a year is the nearest one.

    >>> from arner.text.words import split_words
    >>> text = "زار الوزير عمّان في 27 نوفمبر/تشرين الثاني 2024، ويعود غداً الجمعة"
    >>> for date in find_dates(text, split_words(text), datetime.date(2024, 11, 28)):
    ...     print(date.text, date.iso)
    27 نوفمبر/تشرين الثاني 2024 2024-11-27
    غداً الجمعة 2024-11-29
    """
    reader = _Reader(words, reference)
    found: list[tuple[int, Found]] = []
    index = 0
    while index < len(words):
        date = reader.date(index) if reader.may_open(index) else None
        if date is None:
            index += 1
            continue
        if date.iso is not None:
            reader.last_year = date.iso.split("/")[-1][:4]
        found.append((index, date))
        index = date.end
    return [reader.mention(text, first, date) for first, date in _joined(reader, found)]


def _joined(reader: _Reader, found: list[tuple[int, Found]]) -> list[tuple[int, Found]]:
    """Joins «من 1997 إلى 2007» and «11 يونيو 1966 – 9 سبتمبر 1969» into one interval each."""
    result: list[tuple[int, Found]] = []
    for first, date in found:
        if result:
            before, earlier = result[-1]
            joiner = reader.key(earlier.end)
            between = first - earlier.end
            opener = reader.key(before - 1)
            # two dates in brackets that lie a life apart are two dates: (14 أكتوبر 1917 – 25 مارس 1991)
            life = opener == "(" and _years_between(earlier.iso, date.iso) > LONGEST_TERM
            opened = opener in RANGE_OPENERS or (joiner in DASHES and not life)
            # بين 3 مايو 2010 و7 يونيو 2016
            paired = opener == "بين" and (reader.conjoined(first) if between == 0 else joiner == "و")
            if (
                ((between == 1 and joiner in JOINERS and opened) or (between <= 1 and paired))
                and (earlier.iso is not None and date.iso is not None)
                and "/" not in earlier.iso + date.iso
                and earlier.iso < date.iso
            ):
                result[-1] = (before, Found(date.end, f"{earlier.iso}/{date.iso}"))
                continue
        result.append((first, date))
    return result


def _years_between(first: str | None, second: str | None) -> int:
    return 0 if first is None or second is None else int(second[:4]) - int(first[:4])


class _Reader(AbsoluteDates):
    """All dates: those of the calendar, and those counted from the day of writing."""

    def may_open(self, index: int) -> bool:
        return self.words[index].kind == "number" or self.key(index) in _OPENERS

    def conjoined(self, index: int) -> bool:
        """Whether a و is written onto the word."""
        return self.keys[index][1] > 0 and self.words[index].folded.startswith("و")

    def mention(self, text: str, first: int, date: Found) -> DateMention:
        word = self.words[first]
        cut = self.keys[first][1]
        start = word.start + (fold(word.text).starts[cut] if cut else 0)
        end = self.words[date.end - 1].end
        return DateMention(start, end, text[start:end], date.iso)

    def date(self, index: int, depth: int = 0) -> Found | None:
        for read in (self.numeric, self.day_and_month, self.month, self.year, self.weekday, self.relative, self.vague):
            found = read(index)
            if found is not None:
                return found
        if self.key(index) in LEADS and depth < 3:
            return self.season_year(index) or self.date(index + 1, depth + 1)
        return None

    def weekday(self, index: int) -> Found | None:
        """الأربعاء, الأربعاء الماضي, الأربعاء 27 نوفمبر."""
        day = WEEKDAYS.get(self.key(index))
        if day is None or self.key(index - 1) in ("صلاه", "خطبه", "كلا", "بين", "هذين", "كلتا", "احد"):
            return None
        if self.key(index + 1) == "معا":
            return None
        at = index + 1
        while self.key(at) in ("،", ",", "الموافق", "(", "المصادف", "يوم"):
            at += 1
        if at < len(self.words):
            date = self.numeric(at) or self.day_and_month(at)
            if date is not None:
                return date
        shift = self.shift(index + 1)
        after = index + 1 if shift is None else index + 2
        return Found(after, weekday_iso(day, shift, self.seen_from(index + 1)))

    def relative(self, index: int) -> Found | None:
        """أمس الاثنين, أول من أمس, بعد غد, العام الماضي, هذا الشهر."""
        key = self.key(index)
        shift: int | None = DAY_WORDS.get(key)
        after = index + 1
        if key == "اليوم" and (self.key(after) in _NOT_TODAY or self.key(index - 1) in ("ذلك", "نفس", "المصري")):
            return None
        if key == "اول" and self.key(after) == "من" and self.key(after + 1) == "امس":
            shift, after = -2, index + 3
        elif key == "اول" and self.key(after) == "امس":
            shift, after = -2, index + 2
        elif key == "بعد" and self.key(after) in ("غد", "الغد"):
            shift, after = 2, index + 2
        elif key == "غد" and self.key(index - 1) == "يوم":
            shift = 1
        if shift is not None:
            while self.key(after) in WEEKDAYS or self.key(after) in _DAY_PARTS:
                after += 1
            return Found(after, self.shifted_day(shift, WEEKDAYS.get(self.key(after - 1))))
        if key in ("هذا", "هذه") and self.key(after) in PERIODS:
            return Found(after + 1, period_iso(PERIODS[self.key(after)], 0, self.reference))
        before = self.key(index - 1)
        if key == "العام" and not NOT_A_YEAR.isdisjoint((before, before[1:], "ال" + before[2:])):
            return None
        if key in PERIODS and (shift := self.shift(after)) is not None:
            return Found(after + 1, period_iso(PERIODS[key], shift, self.seen_from(after)))
        return None

    def ago(self, index: int) -> Found | None:
        """قبل 3 أيام, منذ تسع سنوات: counted back from the day of writing; not where another event follows."""
        if self.key(index) not in ("قبل", "منذ") or self.key(index + 3) in ("من", "علي"):
            return None
        unit = _UNITS_AGO.get(self.key(index + 2))
        word = number_word(self.key(index + 1))
        count = self.number(index + 1, 1, 999) or (word[1] if word is not None else None)
        if unit is None or count is None:
            return None
        if self.reference is None or unit == "week":
            return Found(index + 3, None)
        if unit == "day":
            return Found(index + 3, self.shifted_day(-count, None))
        return Found(index + 3, period_iso(unit, -count, self.reference))

    def shifted_day(self, shift: int, weekday: int | None) -> str | None:
        """The day `shift` days after the reference; a weekday named beside it wins where they differ."""
        if self.reference is None:
            return None
        day = shifted_day(self.reference, shift)
        if day is None:
            return None
        if weekday is None or weekday == day.weekday():
            return day.isoformat()
        return weekday_iso(weekday, 1 if shift > 0 else -1 if shift < 0 else None, self.reference)

    def vague(self, index: int) -> Found | None:
        """السنوات الأخيرة, قبل أيام, أوائل الستينات, مؤخرا: dates without an ISO value."""
        key = self.key(index)
        if key in PERIODS_PLURAL and self.shift(index + 1) is not None:
            return Found(index + 2, None)
        ago = self.ago(index)
        if ago is not None:
            return ago
        if key in _SPANS_AGO and self.key(index + 1) in _SPANS:
            dated = self.number(index + 2, 1, 9999) is not None or self.month_name(index + 2) is not None
            return None if dated else Found(index + 2, None)
        if key in _DECADES or key == "موخرا":
            return Found(index + 1, None)
        return None
