"""The coloured text: one implementation for the notebook's cell and for the page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from arner.export.labels import ARABIC_TYPES
from arner.export.overlap import nested
from arner.schema import Document, Mention, Span

__all__ = ["KNOWN_TYPES", "escaped", "marked_text"]

KNOWN_TYPES: Final = ("PER", "LOC", "ORG", "MISC")

_NOT_IN_HTML: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def escaped(text: str) -> str:
    """Text that stands in an element or in a quoted attribute; what HTML cannot hold becomes U+FFFD.

    >>> escaped("<b title='x'>\\x00")
    '&lt;b title=&#x27;x&#x27;&gt;\ufffd'
    """
    return escape(_NOT_IN_HTML.sub("\ufffd", text))


def marked_text(document: Document, *, limit: int | None = None, evidence: Sequence[Span] = ()) -> str:
    """The text with its mentions in ``<mark>``, one within another where they are nested.

    Args:
        document: what to show.
        limit: how many characters to show at most; a mention that it would cut is left out.
        evidence: spans to be found again in the markup: span number n, from 1, lies in the elements of the class
            ``vn``, the first of which comes after an empty element with the id ``pn``. A span that begins or
            ends within a mention is widened to the whole of it.
    """
    end = len(document.text) if limit is None else min(limit, len(document.text))
    mentions = [mention for mention in nested(document.mentions) if mention.end <= end]
    return "".join(_stretches(document, mentions, evidence, end))


def _stretches(document: Document, mentions: list[Mention], evidence: Sequence[Span], end: int) -> Iterator[str]:
    """Stretches of text that lie in the same evidence throughout."""
    spans = _widened(evidence, mentions)
    starting: dict[int, list[int]] = {}
    ending: dict[int, list[int]] = {}
    for number, (start, stop) in enumerate(spans, 1):
        starting.setdefault(start, []).append(number)
        ending.setdefault(stop, []).append(number)
    bounds = sorted({0, end} | {bound for bound in (*starting, *ending) if bound < end})
    active: set[int] = set()
    next_mention = 0
    for start, stop in zip(bounds, [*bounds[1:], end], strict=True):
        active.difference_update(ending.get(start, ()))
        for number in starting.get(start, ()):
            active.add(number)
            yield f"<span class='at' id='p{number}'></span>"
        if start == stop:
            break
        first = next_mention
        while next_mention < len(mentions) and mentions[next_mention].start < stop:
            next_mention += 1
        content = "".join(_marks(document, mentions[first:next_mention], start, stop))
        classes = " ".join(f"v{number}" for number in sorted(active))
        yield f"<span class='{classes}'>{content}</span>" if active else content


def _widened(spans: Sequence[Span], mentions: list[Mention]) -> list[tuple[int, int]]:
    """Spans that begin and end outside of mentions."""
    outer: list[Mention] = []
    for mention in mentions:
        if not outer or mention.start >= outer[-1].end:
            outer.append(mention)
    starts = [mention.start for mention in outer]

    def around(at: int) -> Mention | None:
        index = bisect_right(starts, at) - 1
        return outer[index] if index >= 0 and outer[index].start < at < outer[index].end else None

    widened = []
    for span in spans:
        first, last = around(span.start), around(span.end)
        widened.append((first.start if first else span.start, last.end if last else span.end))
    return widened


def _marks(document: Document, mentions: list[Mention], start: int, end: int) -> Iterator[str]:
    """The text from start to end with these mentions, outer before inner, all of them within it."""
    done = start
    index = 0
    while index < len(mentions):
        mention = mentions[index]
        after = index + 1
        while after < len(mentions) and mentions[after].start < mention.end:
            after += 1
        yield escaped(document.text[done : mention.start])
        yield _open_mark(document, mention)
        yield from _marks(document, mentions[index + 1 : after], mention.start, mention.end)
        yield "</mark>"
        done, index = mention.end, after
    yield escaped(document.text[done:end])


def _open_mark(document: Document, mention: Mention) -> str:
    entity = document[mention.entity]
    title = [mention.type, mention.kind.value, entity.name, entity.name_en, entity.wikidata, f"{mention.score:.2f}"]
    # A label of a user's model is free text, so only the four known ones become a class.
    label = mention.type if mention.type in KNOWN_TYPES else ""
    return (
        f"<mark class='{label} {mention.kind.value}' title='{escaped(' · '.join(filter(None, title)))}' "
        f"data-label='{escaped(ARABIC_TYPES.get(mention.type, mention.type))}'>"
    )
