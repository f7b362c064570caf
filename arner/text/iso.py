"""ISO 8601 values of dates: valid days only, and days and periods counted from a reference day."""

from __future__ import annotations

import datetime

__all__ = ["clean_date", "nearest_date", "period_iso", "shifted_day", "weekday_iso"]

_DAYS_OF_WEEK = 7


def clean_date(year: int, month: int, day: int) -> str | None:
    """The ISO date, or None for a day that the calendar does not have.

    >>> clean_date(2024, 2, 29), clean_date(2023, 2, 29)
    ('2024-02-29', None)
    """
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def nearest_date(reference: datetime.date, month: int, day: int) -> str | None:
    """Of the days with that month and day, the one nearest to the reference day.

    >>> nearest_date(datetime.date(2024, 1, 10), 12, 28)
    '2023-12-28'
    """
    found = [clean_date(year, month, day) for year in range(reference.year - 1, reference.year + 2)]
    days = [datetime.date.fromisoformat(iso) for iso in found if iso is not None]
    if not days:
        return None
    return min(days, key=lambda date: abs(date - reference)).isoformat()


def shifted_day(reference: datetime.date, days: int) -> datetime.date | None:
    """The day that lies so many days after the reference day; None where the calendar of Python ends before it.

    >>> shifted_day(datetime.date(2024, 2, 28), 2), shifted_day(datetime.date.max, 1)
    (datetime.date(2024, 3, 1), None)
    """
    try:
        return reference + datetime.timedelta(days=days)
    except OverflowError:
        return None


def weekday_iso(weekday: int, shift: int | None, reference: datetime.date | None) -> str | None:
    """The day that a weekday's name means, seen from the reference day.

    Args:
        weekday: 0 for Monday … 6 for Sunday.
        shift: None for the plain name, or 0: the latest such day up to the reference day itself; -1: the latest before
            it; 1: the next after it.
        reference: the day of writing, None where it is not known.

    >>> thursday = datetime.date(2024, 11, 28)
    >>> [weekday_iso(3, shift, thursday) for shift in (None, -1, 1)]
    ['2024-11-28', '2024-11-21', '2024-12-05']
    """
    if reference is None:
        return None
    back = (reference.weekday() - weekday) % _DAYS_OF_WEEK
    if shift is not None and shift < 0 and back == 0:
        back = _DAYS_OF_WEEK
    if shift is not None and shift > 0:
        back -= _DAYS_OF_WEEK
    day = shifted_day(reference, -back)
    return None if day is None else day.isoformat()


def period_iso(period: str, shift: int, reference: datetime.date | None) -> str | None:
    """The month or year that lies `shift` periods after the reference day's.

    None for weeks, and for years that ISO 8601 does not write with four digits.

    >>> period_iso("month", -1, datetime.date(2024, 1, 10)), period_iso("year", 1, datetime.date(2024, 1, 10))
    ('2023-12', '2025')
    """
    if reference is None or period == "week":
        return None
    if period == "year":
        year, month = reference.year + shift, None
    else:
        months = reference.year * 12 + reference.month - 1 + shift
        year, month = months // 12, months % 12 + 1
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        return None
    return f"{year:04}" if month is None else f"{year:04}-{month:02}"
