"""The graph of a document as inline SVG; the browser joins and orders the Arabic letters."""

from __future__ import annotations

from collections.abc import Iterator

from arner.export.html.markup import KNOWN_TYPES, escaped
from arner.export.labels import ARABIC_RELATIONS, ARABIC_STATUS
from arner.export.layout import PlacedEntity, PlacedRelation, draw_plan
from arner.schema import Document, Relation

__all__ = ["arabic_claim", "picture_svg"]


def arabic_claim(relation: Relation) -> str:
    """A relation in Arabic words, with its denial and status.

    >>> from arner.schema import Span
    >>> arabic_claim(Relation(subject="e1", type="visited", object="e2", polarity="negated",
    ...                       evidence=Span(start=0, end=6, text="لم يزر"), score=1.0, rule="r"))
    'زار (منفي)'
    """
    notes = ["منفي"] if relation.polarity == "negated" else []
    notes += [ARABIC_STATUS[relation.status]] if relation.status in ARABIC_STATUS else []
    words = ARABIC_RELATIONS[relation.type]
    return f"{words} ({'، '.join(notes)})" if notes else words


def picture_svg(document: Document) -> str:
    """The graph as an ``<svg>`` element, and a note on what had no room; the empty string where no relations are.

    Relation number n, from 1, is two groups of the class ``rn``: its line and, above all lines, its words.
    """
    picture = draw_plan(document)
    if not picture.entities:
        return ""
    label = f"الكيانات {len(picture.entities)}، العلاقات {len(picture.relations)}؛ تقول قائمة العلاقات الشيء نفسه"
    # Arabic stands in the middle of its place whatever its direction, so the anchor needs no left or right.
    head = (
        f"<svg role='img' aria-label='{label}' dir='rtl' viewBox='0 0 {picture.width:.0f} {picture.height:.0f}' "
        f"style='max-width:{picture.width:.0f}px;min-width:min({picture.width:.0f}px,60rem)'>"
        "<defs><marker id='tip' viewBox='0 0 10 10' refX='9' refY='5' markerWidth='10' markerHeight='10' "
        "markerUnits='userSpaceOnUse' orient='auto-start-reverse'>"
        "<path d='M0 0 10 5 0 10z' fill='context-stroke'/></marker></defs>"
    )
    parts = [head, *_lines(picture.relations), *_words(picture.relations), *_entities(picture.entities), "</svg>"]
    if picture.hidden:
        parts.append(f"<p class='dim' dir='ltr' lang='en'>{picture.hidden} more entities are not drawn.</p>")
    return "".join(parts)


def _lines(placed: tuple[PlacedRelation, ...]) -> Iterator[str]:
    for item in placed:
        curve = (
            f"M{item.start.x:.1f} {item.start.y:.1f}"
            f"Q{item.control.x:.1f} {item.control.y:.1f} {item.end.x:.1f} {item.end.y:.1f}"
        )
        tips = "marker-end='url(#tip)'" + (" marker-start='url(#tip)'" if item.relation.type.symmetric else "")
        yield f"<g class='{_look(item)}'><path d='{curve}' {tips}/></g>"


def _words(placed: tuple[PlacedRelation, ...]) -> Iterator[str]:
    for item in placed:
        at = f"x='{item.label_at.x:.1f}' y='{item.label_at.y + 4:.1f}'"
        yield f"<g class='{_look(item)}'><text {at}>{arabic_claim(item.relation)}</text></g>"


def _look(item: PlacedRelation) -> str:
    relation = item.relation
    look = "negated" if relation.polarity == "negated" else "" if relation.status == "actual" else "unsure"
    return f"edge r{item.number} {look}"


def _entities(placed: tuple[PlacedEntity, ...]) -> Iterator[str]:
    for item in placed:
        entity = item.entity
        label = entity.type if entity.type in KNOWN_TYPES else ""
        title = " · ".join(filter(None, (entity.name, entity.name_en, entity.wikidata)))
        yield (
            f"<g class='node {label}'><title>{escaped(title)}</title>"
            f"<rect x='{item.at.x - item.width / 2:.1f}' y='{item.at.y - item.height / 2:.1f}' "
            f"width='{item.width:.1f}' height='{item.height:.1f}' rx='8'/>"
            f"<text x='{item.at.x:.1f}' y='{item.at.y + 5:.1f}'>{escaped(item.label)}</text></g>"
        )
