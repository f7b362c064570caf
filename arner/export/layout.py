"""Where entities and relations stand in a picture: a layout without a drawing, so that SVG and matplotlib share it.

Entities that no relation joins are left out. Each group of joined entities is laid out by forces (joined ones attract,
all repel), boxes are pushed apart, and the groups are set side by side. One document always gives the same picture.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from arner.export.labels import claim_label
from arner.schema import Document, Entity, Relation
from arner.text import fold_plain

__all__ = ["Picture", "PlacedEntity", "PlacedRelation", "Point", "draw_plan", "shortened"]

MAX_ENTITIES: Final = 60
"""More would be a thicket, and take seconds to place."""

_LETTER: Final = 8.6  # width of a letter in the names, generous
_SMALL_LETTER: Final = 6.6
_HEIGHT: Final = 34.0
_SMALL_HEIGHT: Final = 18.0
_EDGE: Final = 120.0  # wished-for length of a relation: its words must fit
_PULL: Final = 0.25  # of the middle of a group on its members: without it, chains stretch far
_MARGIN: Final = 26.0
_FLOOR: Final = 48.0  # between boxes that stand one above another: the words of a relation must fit
_BEND: Final = 46.0  # between the middles of two relations that join the same two entities
_DETOURS: Final = (0.0, 70.0, -70.0, 130.0, -130.0, 200.0, -200.0, 280.0, -280.0)
_CLEAR: Final = 6.0  # between a line and a box that it passes
_LABEL_PLACES: Final = tuple(0.5 + side * step * 0.04 for step in range(8) for side in (1, -1))
_STEPS: Final = 160
_ROW: Final = 1150.0  # groups are set in rows of about this width
_NAME_LENGTH: Final = 28


class Point(NamedTuple):
    """A place, in units of about one screen pixel; y grows downwards."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PlacedEntity:
    """A box with a name, by its middle."""

    entity: Entity
    label: str
    at: Point
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PlacedRelation:
    """A curve from `start` to `end`, pulled towards `control`, with its words at `label_at`."""

    number: int
    relation: Relation
    start: Point
    control: Point
    end: Point
    label_at: Point


@dataclass(frozen=True, slots=True)
class Picture:
    """A laid-out document; `hidden` counts the joined entities for which there was no room."""

    width: float
    height: float
    entities: tuple[PlacedEntity, ...]
    relations: tuple[PlacedRelation, ...]
    hidden: int


@dataclass(slots=True)
class _Box:
    width: float
    x: float = 0.0
    y: float = 0.0


def shortened(name: str, length: int = _NAME_LENGTH) -> str:
    """A name on one line, cut where it is long.

    >>> shortened("جامعة الدول العربية", 8)
    'جامعة ا…'
    """
    name = " ".join(name.split())
    return name if len(name) <= length else name[: length - 1] + "…"


def draw_plan(document: Document) -> Picture:
    """The layout of a document's entities and relations.

    Where more than `MAX_ENTITIES` are joined, those with the most relations stay.
    """
    degree: Counter[str] = Counter()
    for relation in document.relations:
        degree[relation.subject] += 1
        degree[relation.object] += 1
    shown = {id for id, _ in degree.most_common(MAX_ENTITIES)}
    relations = [
        (number, relation)
        for number, relation in enumerate(document.relations, 1)
        if relation.subject in shown and relation.object in shown
    ]
    neighbours: dict[str, list[str]] = defaultdict(list)
    for _, relation in relations:
        neighbours[relation.subject].append(relation.object)
        neighbours[relation.object].append(relation.subject)
    boxes = {id: _Box(_width(document[id].name, _LETTER) + 28) for id in neighbours}
    groups = list(_groups(neighbours))
    for group in groups:
        _settle(group, boxes, neighbours)
    width, height = _set_side_by_side(groups, boxes)
    entities = tuple(
        PlacedEntity(document[id], shortened(document[id].name), Point(box.x, box.y), box.width, _HEIGHT)
        for id, box in boxes.items()
    )
    curves = tuple(_curves(relations, boxes, width, height))
    return Picture(width, height, entities, curves, len(degree) - len(boxes))


def _width(text: str, letter: float) -> float:
    return max(24.0, len(fold_plain(shortened(text))) * letter)


def _groups(neighbours: dict[str, list[str]]) -> Iterator[list[str]]:
    """The groups of joined entities, the largest first, each in the order of a walk from its busiest member."""
    left = dict.fromkeys(sorted(neighbours, key=lambda id: -len(neighbours[id])))
    groups = []
    while left:
        group = [next(iter(left))]
        del left[group[0]]
        for id in group:  # grows while it is walked
            for other in neighbours[id]:
                if other in left:
                    del left[other]
                    group.append(other)
        groups.append(group)
    yield from sorted(groups, key=len, reverse=True)


def _settle(group: list[str], boxes: dict[str, _Box], neighbours: dict[str, list[str]]) -> None:
    """Place a group around the origin: Fruchterman and Reingold's forces from a spiral, then push boxes apart."""
    for number, id in enumerate(group):
        angle, far = 2.4 * number, _EDGE * 0.6 * math.sqrt(number)
        boxes[id].x, boxes[id].y = far * math.cos(angle), far * math.sin(angle)
    ids = {id: index for index, id in enumerate(group)}
    edges = {(min(a, b), max(a, b)) for id in group for a, b in [(ids[id], ids[o]) for o in neighbours[id]] if a != b}
    points = [boxes[id] for id in group]
    for step in range(_STEPS):
        moves = [[0.0, 0.0] for _ in points]
        for a, one in enumerate(points):
            for b in range(a):
                other = points[b]
                dx, dy = one.x - other.x, one.y - other.y
                square = max(dx * dx + dy * dy, 1.0)
                force = _EDGE * _EDGE / square
                moves[a][0] += dx * force
                moves[a][1] += dy * force
                moves[b][0] -= dx * force
                moves[b][1] -= dy * force
        for a, b in edges:
            dx, dy = points[a].x - points[b].x, points[a].y - points[b].y
            force = math.hypot(dx, dy) / _EDGE
            moves[a][0] -= dx * force
            moves[a][1] -= dy * force
            moves[b][0] += dx * force
            moves[b][1] += dy * force
        for move, box in zip(moves, points, strict=True):
            move[0] -= box.x * _PULL
            move[1] -= box.y * _PULL
        most = _EDGE * 0.5 * (1 - step / _STEPS)
        for box, (dx, dy) in zip(points, moves, strict=True):
            length = math.hypot(dx, dy)
            if length > 0:
                box.x += dx / length * min(length, most)
                box.y += dy / length * min(length, most)
    for box in points:
        box.x *= 1.4  # names are wide
        box.y *= 0.9
    _push_apart(points)


def _push_apart(points: list[_Box]) -> None:
    for _ in range(200):
        moved = False
        for a, one in enumerate(points):
            for other in points[:a]:
                across = (one.width + other.width) / 2 + _MARGIN - abs(one.x - other.x)
                down = _HEIGHT + _FLOOR - abs(one.y - other.y)
                if across > 0 and down > 0:
                    moved = True
                    if across < down:
                        shift = across / 2 if one.x >= other.x else -across / 2
                        one.x, other.x = one.x + shift, other.x - shift
                    else:
                        shift = down / 2 if one.y >= other.y else -down / 2
                        one.y, other.y = one.y + shift, other.y - shift
        if not moved:
            return


def _set_side_by_side(groups: list[list[str]], boxes: dict[str, _Box]) -> tuple[float, float]:
    """Move the groups into rows; the size of the whole."""
    left = top = tallest = widest = 0.0
    for group in groups:
        members = [boxes[id] for id in group]
        # Room around a group for curves that bend out of it and for words beside a line.
        west = min(box.x - box.width / 2 for box in members) - _MARGIN
        east = max(box.x + box.width / 2 for box in members) + _MARGIN
        north = min(box.y for box in members) - _HEIGHT - _MARGIN / 2
        south = max(box.y for box in members) + _HEIGHT + _MARGIN / 2
        if left > 0 and left + east - west > _ROW:
            left, top, tallest = 0.0, top + tallest, 0.0
        for box in members:
            box.x += left - west
            box.y += top - north
        left += east - west
        tallest = max(tallest, south - north)
        widest = max(widest, left)
    return widest, top + tallest


def _curves(
    relations: list[tuple[int, Relation]], boxes: dict[str, _Box], width: float, height: float
) -> Iterator[PlacedRelation]:
    together = Counter(frozenset((r.subject, r.object)) for _, r in relations)
    seen: Counter[frozenset[str]] = Counter()
    taken = [(box.x, box.y, box.width, _HEIGHT) for box in boxes.values()]
    for number, relation in relations:
        pair = frozenset((relation.subject, relation.object))
        place = seen[pair] - (together[pair] - 1) / 2
        seen[pair] += 1
        one, other = boxes[relation.subject], boxes[relation.object]
        if len(pair) == 1:  # a relation of an entity with itself: a loop above its box
            top = one.y - _HEIGHT / 2
            start, end = Point(one.x - 18, top), Point(one.x + 18, top)
            control = Point(one.x, top - 2 * _MARGIN)
        else:
            # The side to which a curve bends must not depend on which end is the subject.
            first, second = (boxes[id] for id in sorted(pair))
            others = [box for box in boxes.values() if box is not one and box is not other]
            ways = (_way(first, second, 2 * _BEND * place + more) for more in _DETOURS)
            if one is not first:
                ways = ((end, control, start) for start, control, end in ways)
            start, control, end = _freest(ways, others, width, height)
        label_width = _width(claim_label(relation), _SMALL_LETTER)
        # The first of equally good places is taken, so the words stand in the middle where they can.
        label_at = min(
            (_on_curve(start, control, end, t) for t in _LABEL_PLACES),
            key=lambda at: sum(_overlap((at.x, at.y, label_width, _SMALL_HEIGHT), other) for other in taken),
        )
        taken.append((label_at.x, label_at.y, label_width, _SMALL_HEIGHT))
        yield PlacedRelation(number, relation, start, control, end, label_at)


def _way(one: _Box, other: _Box, bend: float) -> tuple[Point, Point, Point]:
    """Start, control point and end of a curve between two boxes; `bend` is how far its control point lies aside."""
    dx, dy = other.x - one.x, other.y - one.y
    length = math.hypot(dx, dy) or 1.0
    control = Point((one.x + other.x) / 2 - dy / length * bend, (one.y + other.y) / 2 + dx / length * bend)
    return _edge_of(one, control), control, _edge_of(other, control)


def _freest(
    ways: Iterable[tuple[Point, Point, Point]], boxes: list[_Box], width: float, height: float
) -> tuple[Point, Point, Point]:
    """The first way that goes through no box and stays in the picture; else the one that goes through the least.

    A line behind a box would look as if it ended there.
    """
    best, least = None, math.inf
    for way in ways:
        hidden = 0
        for step in range(1, 20):
            x, y = _on_curve(*way, step / 20)
            hidden += not (0 < x < width and 0 < y < height)
            hidden += any(
                abs(x - box.x) < box.width / 2 + _CLEAR and abs(y - box.y) < _HEIGHT / 2 + _CLEAR for box in boxes
            )
        if hidden < least:
            best, least = way, hidden
        if hidden == 0:
            break
    assert best is not None
    return best


def _edge_of(box: _Box, towards: Point) -> Point:
    """Where the way from a box's middle to a point leaves the box."""
    dx, dy = towards.x - box.x, towards.y - box.y
    if dx == 0 and dy == 0:
        return Point(box.x, box.y)
    share = min(
        (box.width / 2 + 3) / abs(dx) if dx else math.inf,
        (_HEIGHT / 2 + 3) / abs(dy) if dy else math.inf,
        1.0,
    )
    return Point(box.x + dx * share, box.y + dy * share)


def _on_curve(start: Point, control: Point, end: Point, t: float) -> Point:
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return Point(a * start.x + b * control.x + c * end.x, a * start.y + b * control.y + c * end.y)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    across = (one[2] + other[2]) / 2 - abs(one[0] - other[0])
    down = (one[3] + other[3]) / 2 - abs(one[1] - other[1])
    return max(across, 0.0) * max(down, 0.0)
