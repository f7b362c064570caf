"""Polarity, status, role, date and evidence of a match."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from arner.relations.items import Item
from arner.relations.matcher import Match
from arner.schema import RelationType, Span, When

__all__ = ["Attributes", "ended", "evidence_span", "role_words", "scope", "when_of"]

_REACH: Final = 5
"""Items to the left of the trigger in which a word may turn the claim."""


_PASSED: Final = frozenset({"ان", "بان", "يكون", "تكون"})
"""Barrier words that a turning word reaches over: من المقرر أن يزور."""


_STILL: Final = frozenset({"يزال", "تزال", "يزالون", "يزل", "تزل", "يزالان", "تزالان"})
"""Verbs whose negation affirms: لا تزال means that it goes on."""

_NEAR: Final = 6
"""Items after the match in which a date still dates the claim; of a state (who holds which office) half as many."""

_R = RelationType
_STATES: Final = frozenset(
    {
        _R.HEAD_OF_STATE_OF,
        _R.HEAD_OF_GOVERNMENT_OF,
        _R.MINISTER_OF,
        _R.LEADS,
        _R.REPRESENTS,
        _R.WORKS_FOR,
        _R.MEMBER_OF,
        _R.LIVES_IN,
        _R.ALLIED_WITH,
        _R.OWNED_BY,
    }
)
"""What one can have been: كان makes it former."""

_TIMELESS: Final = frozenset(
    {_R.CHILD_OF, _R.SIBLING_OF, _R.CITIZEN_OF, _R.LOCATED_IN, _R.CAPITAL_OF, _R.BORDERS, _R.BASED_IN}
)
"""Claims that no date beside them dates, and that a word such as بلا beside them does not deny."""

_IS: Final = frozenset({"هو", "هي", "وهو", "وهي"})

_TERM: Final = frozenset({"منذ", "من", "بين", "خلال", "حتي", "الفتره", "الفترة"})
"""Words that lead to the date of a term of office: رئيس الشركة منذ 2015, في الفترة من 1997 إلى 2007."""

_DATELINE: Final = 5
"""Items that a dateline takes up at most: واشنطن، نيويورك (رويترز) -."""

Status = Literal["actual", "planned", "former", "suspended"]


class Attributes(NamedTuple):
    """How a claim is meant; `dropped` if it is a wish, a condition or a mere possibility."""

    polarity: Literal["affirmed", "negated"]
    status: Status
    dropped: bool


def scope(items: list[Item], match: Match) -> Attributes:
    """The polarity and status that the words before the trigger, and the trigger itself, give the claim.

    Of a phrase (a title with its name) only its own words count; a clause is turned by what stands before it as well.
    """
    inside = items[match.first : match.last + 1]
    former = any("@former" in item.tags for item in inside)
    states = any(claim.type in _STATES for claim in match.rule.claims)
    # كان فلان سفير كذا قد حذر tells what he had done, not what he had been.
    pluperfect = match.last + 1 < len(items) and items[match.last + 1].key == "قد"
    if match.rule.stage == "apposition" and states and not pluperfect:
        # التي كان يقودها، كان فلان عضوا في
        former = former or any("@was" in item.tags for item in items[max(0, match.first - 1) : match.last + 1])
    if match.rule.stage != "clause":
        status: Status = match.rule.status or ("former" if former else "actual")
        return Attributes(match.rule.polarity or "affirmed", status, dropped=False)
    turned = _turned(items, match)
    # كان with قد before the verb is the pluperfect: what had happened may still hold.
    was = not turned.perfect and (turned.was or any("@was" in item.tags for item in inside))
    status = match.rule.status or "actual"
    if status == "former" and _is_now(items, match):
        status = "actual"
    if match.rule.status is None:
        if turned.planned or _ahead(items, match):
            status = "planned"
        elif states and (was or any("@held" in item.tags for item in inside)):
            status = "former"
    negated = turned.negated != (match.rule.polarity == "negated")
    return Attributes("negated" if negated else "affirmed", status, turned.dropped)


def ended(status: Status, type: RelationType, when: When | None) -> Status:
    """The status of a state of which the words say when it began and ended: former, if nothing else is said.

    >>> term = When(text="بين 2014 و2016", iso="2014/2016")
    >>> ended("actual", RelationType.LEADS, term), ended("actual", RelationType.VISITED, term)
    ('former', 'actual')
    """
    closed = when is not None and when.iso is not None and "/" in when.iso
    return "former" if closed and status == "actual" and type in _STATES else status


def _is_now(items: list[Item], match: Match) -> bool:
    """Whether a post listed in the story of a life is one of those of which the sentence says هو: he is, he holds."""
    if not any(filled.how == "hero" for filled in match.slots.values()):
        return False
    for n in range(match.first - 1, -1, -1):
        if items[n].key in _IS:
            return True
        if "@clear" in items[n].tags:
            return False
    return False


class _Turned(NamedTuple):
    negated: bool
    dropped: bool
    planned: bool
    was: bool
    perfect: bool


def _turned(items: list[Item], match: Match) -> _Turned:
    """What the words before the trigger say, back to where the clause begins or `_REACH` items before the match."""
    negated = dropped = planned = was = perfect = False
    anchor, outside = match.anchor, 0
    for n in range(anchor - 1, max(-1, min(anchor, match.first) - 1 - _REACH), -1):
        item = items[n]
        distance = match.first - n if n < match.first else anchor - n
        opens = n == match.first - 1 and "@verb" in item.tags
        if item.barrier and not item.transparent and item.key not in _PASSED and not _turns(item) and not opens:
            break
        if item.kind == "name":
            outside += n < match.first
            if outside > 1:
                break
            continue
        tags = {
            tag
            for tag, found in item.tags.items()
            if any(not reading.particle and _followed(items, n, reading.rest) for reading in found)
        }
        if "@negation" in tags and items[n + 1].key in _STILL:
            continue
        if "@negation" in tags and distance <= 2 and not outside:
            negated = not negated
        elif "@without" in item.tags and distance <= 3 and not all(c.type in _TIMELESS for c in match.rule.claims):
            negated = not negated
        elif item.key.endswith("فشل") and items[n + 1].key != "في":
            continue  # talks that failed were held
        elif "@refusal" in item.tags:
            # Who rejects somebody else's act does not say that the act never was.
            dropped = dropped or ("@rejection" in item.tags and not _own_act(match))
            negated = not negated
        elif item.key in ("قد", "وقد", "فقد"):
            dropped = dropped or items[n + 1].key[:1] == "ي"
            perfect = perfect or items[n + 1].key[:1] != "ي"
        elif "@intention" in tags:
            planned = True
        elif "@possibility" in tags and distance <= 3:
            dropped = True
        elif "@was" in tags:
            was = True
    return _Turned(negated, dropped, planned, was, perfect)


def _ahead(items: list[Item], match: Match) -> bool:
    """Whether the match speaks of what is to come: سيزور, زيارة مرتقبة, يزور … الأسبوع المقبل."""
    for item in items[match.first : match.last + 1]:
        if any(reading.particle == "س" for tag, found in item.tags.items() if tag != "@word" for reading in found):
            return True
    # A noun of what is done is dated by its verb: يبدأ فلان غدا زيارة.
    if any(
        "@clear" in item.tags and item.key[:1] in ("ي", "ت") for item in items[max(0, match.first - 2) : match.last + 1]
    ):
        window = items[max(0, match.first - 3) : match.last + 3]
        if any(item.kind == "date" and item.key.startswith("+") for item in window):
            return True
    for item in items[match.anchor + 1 : match.anchor + 4]:
        if item.barrier and not item.transparent:
            return False
        if "@announced" in item.tags:
            return True
    return False


def _followed(items: list[Item], index: int, rest: tuple[str, ...]) -> bool:
    """Whether the words of an entry of several words follow its first."""
    return all(index + n < len(items) and items[index + n].key == key for n, key in enumerate(rest, 1))


def _own_act(match: Match) -> bool:
    """Whether the subject of the claim is the one who rejects: it stands beside that word, or is not said."""
    subjects = [match.slots[claim.subject] for claim in match.rule.claims if claim.subject in match.slots]
    return any(filled.how in ("topic", "hero") or filled.at < match.anchor for filled in subjects)


def _turns(item: Item) -> bool:
    return any(
        name in item.tags for name in ("@negation", "@without", "@refusal", "@intention", "@possibility", "@was")
    )


def role_words(text: str, items: list[Item], match: Match) -> str | None:
    """The words between ``<`` and ``>`` of the pattern, as the text writes them, without clitics in front."""
    if match.role is None:
        return None
    first, last = match.role
    opening = items[first]
    start, article = opening.start, ""
    if opening.kind == "word":
        cut = _clitic_letters(opening)
        start = _skip_letters(text, start, opening.end, cut)
        # Of للرئيس the second ل belongs to the article, whose alef is not written.
        if cut and opening.key[cut - 1 : cut + 1] == "لل":
            start, article = _skip_letters(text, start, opening.end, 1), "ال"
    while last > first and "@former" in items[last].tags:  # what is past about a post does not name it
        last -= 1
    return article + " ".join(text[start : items[last].end].split()) or None


def _clitic_letters(item: Item) -> int:
    lengths = [
        len(reading.conjunction) + len(reading.particle)
        for tag, readings in item.tags.items()
        if tag[0] in "@=" and tag not in ("@barrier", "@filler", "@word", "@definite")
        for reading in readings
    ]
    return min(lengths, default=0)


def _skip_letters(text: str, start: int, end: int, count: int) -> int:
    while count and start < end:
        if text[start].isalpha():
            count -= 1
        start += 1
    while start < end and not text[start].isalpha():
        start += 1
    return start


def when_of(text: str, items: list[Item], match: Match, isos: dict[int, str | None]) -> When | None:
    """The date in the match or, of a clause without one, beside it as far as the clause goes."""
    if all(claim.type in _TIMELESS for claim in match.rule.claims):
        return None
    spans = [range(match.first, match.last + 1)]
    if match.rule.stage == "clause":
        after, before = match.last + 1, match.first
        while after < len(items) and not _ends(items[after]):
            after += 1
        while before > 0 and not _ends(items[before - 1]):
            before -= 1
        states = any(claim.type in _STATES for claim in match.rule.claims)
        after = min(after, match.last + 1 + (_NEAR - 1 if states else _NEAR))
        before = max(before, match.first - _NEAR // 2) if states else before
        spans += [range(match.last + 1, after), range(match.first - 1, before - 1, -1)]
    for span in spans:
        for n in span:
            item = items[n]
            if item.kind == "date":
                return When(text=text[item.start : item.end], iso=isos.get(item.start))
    if match.rule.stage in ("title", "apposition") and any(claim.type in _STATES for claim in match.rule.claims):
        return _term(text, items, match.last, isos)
    return None


def _term(text: str, items: list[Item], last: int, isos: dict[int, str | None]) -> When | None:
    """The date right behind a post, up to `_NEAR` words away, if a word such as منذ or من leads to it."""
    for n in range(last + 1, min(last + 1 + _NEAR, len(items))):
        if items[n].kind == "date":
            led = items[n - 1].key in _TERM
            return When(text=text[items[n].start : items[n].end], iso=isos.get(items[n].start)) if led else None
        if items[n].kind != "word" or items[n].barrier:
            return None
    return None


def _ends(item: Item) -> bool:
    return item.mark == "." or (item.barrier and not item.transparent)


def _dateline(items: list[Item], index: int) -> bool:
    """Whether the dash at `index` closes the place that opens a report: القاهرة - وصل الوزير."""
    return items[index].mark == "-" and index <= _DATELINE and bool(items[0].heads)


def evidence_span(text: str, items: list[Item], match: Match, *, whole: bool) -> Span:
    """The words that state the claim: the phrase, the clause around it, or (`whole`) the sentence."""
    first, last = match.first, match.last
    if whole:
        first, last = 0, len(items) - 1
    elif match.rule.stage == "clause":
        while first > 0 and items[first - 1].mark not in (".", ",", ":", "(", ")") and not _dateline(items, first - 1):
            first -= 1
        while last < len(items) - 1 and items[last + 1].mark not in (".", ",", ":", "(", ")"):
            last += 1
    while last > first and items[last].kind == "mark":
        last -= 1
    start, end = items[first].outer, items[last].end
    return Span(start=start, end=end, text=text[start:end])
