"""The picture: nothing on top of anything, the same every time; and drawn by matplotlib without a warning."""

from __future__ import annotations

import random
from io import BytesIO
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from arner.export import layout
from arner.export.layout import MAX_ENTITIES, Picture, draw_plan
from arner.schema import Document, Entity, Relation, RelationType, Span


def tangle(entities: int, relations: int, seed: int = 1) -> Document:
    chance = random.Random(seed)
    text = "نص"
    names = [" ".join(["اسم"] * chance.randint(1, 6)) + str(n) for n in range(entities)]
    return Document(
        text=text,
        entities=[Entity(id=f"e{n}", type="PER", name=name, mentions=()) for n, name in enumerate(names)],
        relations=[
            Relation(
                subject=f"e{chance.randrange(entities)}",
                type=chance.choice(list(RelationType)),
                object=f"e{chance.randrange(entities)}",
                polarity=chance.choice(["affirmed", "negated"]),
                evidence=Span(start=0, end=2, text=text),
                score=1,
                rule="r",
            )
            for _ in range(relations)
        ],
    )


@pytest.mark.parametrize("seed", range(4))
def test_boxes_stand_apart_and_within(seed):
    picture = draw_plan(tangle(25, 30, seed))
    for box in picture.entities:
        assert box.width / 2 <= box.at.x <= picture.width - box.width / 2
        assert box.height / 2 <= box.at.y <= picture.height - box.height / 2
    for one, other in combinations(picture.entities, 2):
        apart = abs(one.at.x - other.at.x) >= (one.width + other.width) / 2
        assert apart or abs(one.at.y - other.at.y) >= (one.height + other.height) / 2


def through_others(picture: Picture) -> int:
    """How many lines go through a box that is not one of their ends."""
    count = 0
    for line in picture.relations:
        steps = [n / 50 for n in range(1, 50)]
        points = [
            (
                (1 - t) ** 2 * line.start.x + 2 * t * (1 - t) * line.control.x + t * t * line.end.x,
                (1 - t) ** 2 * line.start.y + 2 * t * (1 - t) * line.control.y + t * t * line.end.y,
            )
            for t in steps
        ]
        ends = (line.relation.subject, line.relation.object)
        others = [box for box in picture.entities if box.entity.id not in ends]
        count += any(
            abs(x - box.at.x) < box.width / 2 and abs(y - box.at.y) < box.height / 2
            for x, y in points
            for box in others
        )
    return count


@pytest.mark.parametrize("seed", range(4))
def test_a_line_behind_a_box_is_led_around_it(seed, monkeypatch):
    doc = tangle(12, 16, seed)
    led = through_others(draw_plan(doc))
    monkeypatch.setattr(layout, "_DETOURS", (0.0,))
    straight = through_others(draw_plan(doc))
    assert led <= straight / 4


def test_one_document_has_one_picture(plain):
    assert draw_plan(plain) == draw_plan(Document.from_json(plain.to_json()))


def test_relations_of_one_pair_do_not_cover_each_other(plain):
    one, other = (r for r in draw_plan(plain).relations if r.relation.object == "e2")
    assert one.control != other.control
    assert one.label_at != other.label_at


def test_who_has_no_relation_is_not_drawn(plain):
    assert {box.entity.id for box in draw_plan(plain).entities} == {"e1", "e2", "e3", "e4"}
    assert draw_plan(plain.model_copy(update={"relations": ()})).entities == ()


def test_a_thicket_is_thinned_and_says_so():
    doc = tangle(300, 600)
    picture = draw_plan(doc)
    assert len(picture.entities) <= MAX_ENTITIES
    assert picture.hidden > 200
    assert f"{picture.hidden} more entities are not drawn" in doc.to_html()


def drawn(figure: Figure) -> bytes:
    data = BytesIO()
    figure.savefig(data, format="png", dpi=50)
    return data.getvalue()


def test_a_figure(plain):
    figure = plain.plot()
    texts = {text.get_text() for text in figure.axes[0].texts}
    assert {"فلاديمير بوتين", "not visited", "met with (planned)"} <= texts
    assert drawn(figure).startswith(b"\x89PNG")


def test_axes_of_ones_own(plain):
    figure = Figure()
    left, _ = figure.subplots(1, 2)
    assert plain.plot(ax=left) is figure
    assert left.texts


def test_a_document_without_relations_says_so():
    figure = Document(text="نص").plot()
    assert [text.get_text() for text in figure.axes[0].texts] == ["no relations"]
    assert drawn(figure)


def test_signs_in_names_are_no_formulas():
    doc = tangle(2, 6)
    entities = [entity.model_copy(update={"name": "$x_1^$ \\frac{"}) for entity in doc.entities]
    assert drawn(doc.model_copy(update={"entities": tuple(entities)}).plot())


def ink(text: str) -> NDArray[Any]:
    """The columns of the picture of a text: how much ink each holds."""
    figure = Figure(figsize=(3, 1), dpi=100)
    canvas = FigureCanvasAgg(figure)
    figure.text(0.1, 0.5, text, fontsize=24)
    canvas.draw()
    columns = (255 - np.asarray(canvas.buffer_rgba())[:, :, 0].astype(int)).sum(axis=0)
    return columns[columns.nonzero()[0][0] : columns.nonzero()[0][-1] + 1]


def test_arabic_is_joined_and_runs_from_right_to_left():
    joined, separate = ink("محمد"), ink("\u200c".join("محمد"))
    assert 0 not in joined  # no gap
    assert 0 in separate
    columns = ink("ا ششش")
    gap = (columns == 0).nonzero()[0]
    word, alef = columns[: gap[0]], columns[gap[-1] + 1 :]
    assert len(alef) < len(word) / 4  # the narrow letter that comes first stands at the right
