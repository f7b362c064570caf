"""Absolute dates: the grammar of days, months and years, read off a list of words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from arner.text.calendar_words import (
    CLITIC_FORMS,
    COUNTED,
    DAY_ORDINALS,
    HIJRI_ERA,
    HIJRI_MONTHS,
    LEADS,
    MONTHS,
    NARRATED,
    NEXT,
    PAST,
    PRESENT,
    UNSAFE_MONTHS,
    YEAR_WORDS,
    number_word,
)
from arner.text.folding import name_key
from arner.text.hijri import hijri_iso
from arner.text.iso import clean_date, nearest_date, period_iso
from arner.text.words import Word

__all__ = ["DASHES", "JOINERS", "LONGEST_TERM", "RANGE_OPENERS", "AbsoluteDates", "Found"]


@dataclass(frozen=True, slots=True)
class Found:
    """A date that ends before word `end`, with its ISO value where the words settle one."""

    end: int
    iso: str | None


LONGEST_TERM: Final = 40
"""Years up to which two dates with a dash between them are the ends of one period and not of a life."""

JOINERS: Final = frozenset({"-", "–", "—", "حتي", "وحتي", "الي", "والي", "لغايه", "ولغايه"})
DASHES: Final = frozenset({"-", "–", "—"})
RANGE_OPENERS: Final = frozenset({"من", "منذ", "بين", "الفتره", "فتره", "وبين", "ومن", "ومنذ"})
_BEFORE_YEAR: Final = frozenset(
    "في وفي منذ ومنذ حتي وحتي قبل بعد من ومن الي بين وبين خلال بحلول موسم مونديال انتخابات حرب".split()
)
_NO_ACCUSATIVE: Final = ("ها", "وا", "نا", "يا", "ايضا", "عندما", "بينما", "حينما", "هذا")
_SAME_YEAR: Final = frozenset({"نفسه", "نفسها", "ذاته", "ذاتها"})
_DATE_NUMBER: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ISO_DAY: Final = re.compile(r"(\d{2})(?:T\d+)?")


@lru_cache(maxsize=16384)
def _key_of(folded: str) -> tuple[str, int]:
    """A word's key without proclitics where the rest may open a date, and the number of letters cut off."""
    key = name_key(folded) or folded
    return CLITIC_FORMS.get(key, (key, 0))


class AbsoluteDates:
    """Reads dates off a list of words; every method takes the index of a word and returns what it found there."""

    def __init__(self, words: Sequence[Word], reference: datetime.date | None) -> None:
        self.words = words
        self.keys = [_key_of(word.folded) for word in words]
        self.reference = reference
        self.last_year: str | None = None

    def key(self, index: int) -> str:
        """The key of a word without its proclitics; empty outside of the text."""
        return self.keys[index][0] if 0 <= index < len(self.keys) else ""

    def number(self, index: int, least: int, most: int) -> int | None:
        """The value of a whole number between `least` and `most`, None for anything else."""
        if not 0 <= index < len(self.words) or self.words[index].kind != "number":
            return None
        digits = self.words[index].folded
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
            return None
        return value if least <= (value := int(digits)) <= most else None

    def numeric(self, index: int) -> Found | None:
        """27/11/2024, 27-11-2024, 2024-11-27, 27.11.2024."""
        if index >= len(self.words) or self.words[index].kind != "number":
            return None
        match = _DATE_NUMBER.fullmatch(self.words[index].folded)
        if match is not None:
            iso = clean_date(int(match[3]), int(match[2]), int(match[1]))
            return None if iso is None else Found(index + 1, iso)
        sign = self.key(index + 1)
        if sign not in ("/", "-", "–") or self.key(index + 3) != sign or index + 4 >= len(self.words):
            return None
        if self.words[index + 4].end - self.words[index].start > 24:
            return None
        first, second = self.number(index, 1, 2999), self.number(index + 2, 1, 31)
        third = _ISO_DAY.match(self.words[index + 4].folded)
        if first is None or second is None or third is None:
            return None
        if first > 999:
            iso = clean_date(first, second, int(third[1]))
        else:
            year = self.number(index + 4, 1000, 2999)
            iso = None
            if year is not None:
                iso = clean_date(year, second, first) or clean_date(year, first, second)
        return None if iso is None else Found(index + 5, iso)

    def day(self, index: int) -> tuple[int, int] | None:
        """A day of the month in digits or as an ordinal: its number and the word after it."""
        value = self.number(index, 1, 31)
        if value is not None:
            return value, index + 1
        if self.key(index) == "ال":  # «الـ 12»
            value = self.number(index + 1, 1, 31)
            return None if value is None else (value, index + 2)
        for length in (2, 1):
            ordinal = DAY_ORDINALS.get(tuple(self.raw_key(at) for at in range(index, index + length)))
            if ordinal is not None:
                return ordinal, index + length
        return None

    def raw_key(self, index: int) -> str:
        """The key with a leading و, which ordinals like «الحادي والعشرين» need."""
        key, cut = self.keys[index] if index < len(self.keys) else ("", 0)
        return "و" + key if cut == 1 and self.words[index].folded[0] == "و" and key.startswith("ال") else key

    def day_and_month(self, index: int) -> Found | None:
        """27 نوفمبر 2024, الأول من يناير, 25 و27 تموز, 12 من الشهر الحالي."""
        day = self.day(index)
        if day is None:
            return None
        first, after = day
        last = first
        period = True
        joiner = self.key(after)
        if joiner in JOINERS or joiner == "و":
            second = self.day(after + 1)
            if second is not None:
                last, after = second
                period = joiner != "و" or self.key(index - 1) == "بين"  # «6 و8 يوليو» are two days
        digits = self.words[after - 1].kind == "number"
        of = self.key(after) == "من"
        if of:
            after += 1
        if not of and not digits:
            return None
        if of and self.key(after) == "الشهر":
            return self.day_of_period(first, after)
        if self.key(after) == "شهر":
            after += 1
        month = self.month_names(after)
        if month is None:
            return None
        hijri = self.hijri_month(after)
        number, after, _ = month
        after, year, settled = self.following_year(after)
        if number is None and hijri is not None and year is not None and first == last:
            return Found(after, hijri_iso(year, hijri, first))
        if number is None or not settled:
            return Found(after, None)
        if year is None:
            after, year = self.relative_year(after, number)
        begin = self.day_iso(year, number, first)
        if last == first:
            return Found(after, begin)
        end = self.day_iso(year, number, last)
        return Found(after, f"{begin}/{end}" if period and begin and end and begin < end else None)

    def day_iso(self, year: int | None, month: int, day: int) -> str | None:
        """The ISO date; without a year the day nearest to the reference."""
        if year is not None:
            return clean_date(year, month, day)
        return None if self.reference is None else nearest_date(self.reference, month, day)

    def day_of_period(self, day: int, index: int) -> Found | None:
        """«12 من الشهر الحالي», read at «الشهر»."""
        shift = self.shift(index + 1)
        if shift is None:
            return None
        month = period_iso("month", shift, self.seen_from(index + 1))
        if month is None:
            return Found(index + 2, None)
        return Found(index + 2, clean_date(int(month[:4]), int(month[5:]), day))

    def month_name(self, index: int) -> tuple[int | None, int, bool] | None:
        """A month's number (None for Hijri), the word after it, and whether the name is safe on its own."""
        for length in (2, 1):
            name = tuple(self.key(at) for at in range(index, index + length))
            if name in MONTHS or name in HIJRI_MONTHS:
                return MONTHS.get(name), index + length, name not in UNSAFE_MONTHS
        return None

    def hijri_month(self, index: int) -> int | None:
        """The number of the Hijri month named here."""
        for length in (2, 1):
            number = HIJRI_MONTHS.get(tuple(self.key(at) for at in range(index, index + length)))
            if number is not None:
                return number
        return None

    def month_names(self, index: int) -> tuple[int | None, int, bool] | None:
        """A month in one tradition or two: سبتمبر, سبتمبر/أيلول, سبتمبر (أيلول)."""
        first = self.month_name(index)
        if first is None:
            return None
        number, after, safe = first
        sign = self.key(after)
        if sign in ("/", "-", "(", "–", "|"):
            second = self.month_name(after + 1)
            if second is not None and second[0] == number:
                if sign != "(":
                    return number, second[1], True
                if self.key(second[1]) == ")":
                    return number, second[1] + 1, True
        return number, after, safe

    def month(self, index: int) -> Found | None:
        """نوفمبر 2024, نيسان/أبريل الماضي, تشرين الثاني, نوفمبر 27, 2024."""
        month = self.month_names(index)
        if month is None:
            return None
        number, after, safe = month
        safe = safe or self.key(index - 1) == "شهر"
        day = self.number(after, 1, 31)
        if day is not None and self.key(after + 1) in ("،", ","):
            year = self.number(after + 2, 1000, 2999)
            if year is not None and number is not None:
                return Found(after + 3, clean_date(year, number, day))
        end, year, settled = self.following_year(after)
        hijri = self.hijri_month(index)
        if end > after and number is None and hijri is not None and year is not None:
            return Found(end, hijri_iso(year, hijri))
        if end > after:
            known = settled and year is not None and number is not None
            return Found(end, f"{year:04}-{number:02}" if known else None)
        if number is None:
            return Found(after, None) if safe else None
        end, year = self.relative_year(after, number)
        if end > after:
            return Found(end, None if year is None else f"{year:04}-{number:02}")
        return Found(after, None) if safe else None

    def following_year(self, index: int) -> tuple[int, int | None, bool]:
        """The year behind a month: the word after it, the year, and whether it is of our calendar."""
        at = index
        if self.key(at) in ("،", ","):
            at += 1
        if self.key(at) == "من" and (self.key(at + 1) in YEAR_WORDS or self.key(at + 1) == "نفس"):
            at += 1
        if self.key(at) == "نفس" and self.key(at + 1) in YEAR_WORDS:
            return at + 2, self.remembered_year(), True
        if self.key(at) in YEAR_WORDS:
            at += 1
            if self.key(at) in _SAME_YEAR:
                return at + 1, self.remembered_year(), True
            shift = self.shift(at)
            if shift is not None:
                iso = period_iso("year", shift, self.seen_from(at))
                return at + 1, None if iso is None else int(iso), iso is not None
        year = self.number(at, 1000, 2999)
        if year is not None and self.key(at + 1) not in COUNTED:
            after, ours = self.era(at + 1)
            return after, year, ours
        return index, None, True

    def remembered_year(self) -> int | None:
        """The year of the date before, which «من العام نفسه» means."""
        return int(self.last_year) if self.last_year is not None else None

    def era(self, index: int) -> tuple[int, bool]:
        """Skips م, هـ, ق.م behind a year, and tells whether the year is one of the Gregorian calendar after Christ."""
        key = self.key(index)
        if key in ("م", "ميلادي", "ميلاديه", "للميلاد"):
            return index + 1, True
        if key in HIJRI_ERA or key == "قم":
            return index + 1, False
        if key == "ق" and self.key(index + 1) == "م":
            return index + 2, False
        if key == "قبل" and self.key(index + 1) == "الميلاد":
            return index + 2, False
        return index, True

    def relative_year(self, index: int, month: int) -> tuple[int, int | None]:
        """«الماضي», «المقبل», «الجاري» behind a month: the word after it, and the year that they mean."""
        shift = self.shift(index)
        if shift is None:
            return index, None
        reference = self.seen_from(index)
        if reference is None:
            return index + 1, None
        year = reference.year
        if shift < 0 and month >= reference.month:
            year -= 1
        elif shift > 0 and month <= reference.month:
            year += 1
        return index + 1, year if datetime.MINYEAR <= year <= datetime.MAXYEAR else None

    def shift(self, index: int) -> int | None:
        """-1, 0 or 1 for «الماضي», «الجاري», «المقبل»."""
        key = self.key(index)
        return -1 if key in PAST else 1 if key in NEXT else 0 if key in PRESENT else None

    def seen_from(self, index: int) -> datetime.date | None:
        """The day from which «الماضي» counts: the day of writing, but none for «التالي»."""
        return None if self.key(index) in NARRATED else self.reference

    def year(self, index: int) -> Found | None:
        """عام 2022, سنة 1952, عامي 1964 و1965, في 2017, الفين وخمسة عشر, 112 ق م."""
        named = self.key(index) in YEAR_WORDS
        at = index + 1 if named else index
        words = self.year_in_words(at)
        if words is not None:
            return words
        year = self.number(at, 1 if named else 1800, 2999 if named else 2099)
        if year is None:
            ancient = self.number(at, 1, 9999)
            after, ours = self.era(at + 1)
            return Found(after, None) if ancient is not None and not ours else None
        after, ours = self.era(at + 1)
        if not named and after == at + 1 and not self.bare_year(index):
            return self.years(at)
        if self.key(at + 1) in HIJRI_ERA:
            return Found(after, hijri_iso(year))
        if not ours or year < 1000:
            return Found(after, None)
        if self.key(after) in {*DASHES, "و", "الي", "/"}:
            second = self.number(after + 1, year + 1, 2999)
            if second is not None and (named or self.key(index - 1) in RANGE_OPENERS):
                return Found(self.era(after + 2)[0], f"{year}/{second}")
        return Found(after, str(year))

    def years(self, index: int) -> Found | None:
        """2010-2015: two years with a dash between them and nothing that counts or goes on behind them."""
        first, last = self.number(index, 1800, 2099), self.number(index + 2, 1800, 2099)
        if first is None or last is None or not first < last <= first + LONGEST_TERM:
            return None
        if self.key(index + 1) not in DASHES or {self.key(index - 1), self.key(index + 3)} & {*DASHES, "/"}:
            return None
        return Found(index + 3, f"{first}/{last}") if self.key(index + 3) not in COUNTED else None

    def bare_year(self, index: int) -> bool:
        """Whether a number without «عام» is a year: behind a preposition of time, and not counting anything."""
        before = self.key(index - 1)
        joined = (before in JOINERS or before == "و") and self.number(index - 2, 1800, 2099) is not None
        if not joined and before not in _BEFORE_YEAR and before not in LEADS:
            return False
        if index + 1 >= len(self.words):
            return True
        after = self.words[index + 1]
        key = name_key(after.folded)
        if after.folded in "%$€£" or key in COUNTED:
            return False
        accusative = key.endswith("ا") and len(key) > 3 and not key.endswith(_NO_ACCUSATIVE)
        return joined or not accusative  # «2017 شخصا» counts people

    def year_in_words(self, index: int) -> Found | None:
        """الفين وخمسة عشر, ألفين وثلاثة وعشرين."""
        if self.key(index) not in ("الفين", "الفان"):
            return None
        value, after = 2000, index + 1
        for _ in range(3):
            word, cut = self.keys[after] if after < len(self.keys) else ("", 0)
            number = number_word(word) or (number_word(word[1:]) if word.startswith("و") and not cut else None)
            if number is None or (number[0] == "unit" and number[1] < 10 and value % 10):
                break
            value += number[1]
            after += 1
        return Found(after, str(value)) if after > index + 1 or self.key(index - 1) in YEAR_WORDS else None

    def season_year(self, index: int) -> Found | None:
        """صيف 66: a year of two digits, which has no ISO value."""
        if self.key(index) in ("صيف", "شتاء", "خريف", "ربيع") and self.number(index + 1, 10, 99) is not None:
            return Found(index + 2, None)
        return None
