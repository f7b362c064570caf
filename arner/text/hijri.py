"""Dates of the Hijri calendar in ISO 8601: the Umm al-Qura calendar, as far as its tables go."""

from __future__ import annotations

from hijridate import Gregorian, Hijri

__all__ = ["hijri_iso"]

_MONTHS = 12


def hijri_iso(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """The day that a Hijri date names, or the days from first to last of a Hijri month or year.

    Args:
        year: the Hijri year; only 1343 to 1500 are tabled.
        month: 1 for Muharram … 12 for Dhu al-Hijja, None where the words name the year alone.
        day: the day of the month, None where the words name the month alone.

    Returns:
        An ISO 8601 day or interval of days; None for what the tables do not hold.

    >>> hijri_iso(1445, 9, 15), hijri_iso(1445, 9), hijri_iso(1445)
    ('2024-03-25', '2024-03-11/2024-04-09', '2023-07-19/2024-07-06')
    >>> hijri_iso(1340, 1, 1) is None, hijri_iso(1445, 9, 31) is None
    (True, True)
    """
    try:
        first = Hijri(year, month or 1, day or 1)
        if day is not None:
            return _day(first)
        last = Hijri(year, month or _MONTHS, 1)
        end = Hijri(last.year, last.month, last.month_length())
    except (OverflowError, ValueError):
        return None
    return f"{_day(first)}/{_day(end)}"


def _day(date: Hijri) -> str:
    found: Gregorian = date.to_gregorian()
    return found.isoformat()
