"""Documents written in a few words: who is named, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence

from arner.knowledge import load_knowledge
from arner.schema import Document, Entity, Mention, Relation, Span, When

KNOWN = {
    "مصر": ("LOC", "Q79"),
    "العراق": ("LOC", "Q796"),
    "تونس": ("LOC", "Q948"),
    "فرنسا": ("LOC", "Q142"),
    "لبنان": ("LOC", "Q822"),
    "أستانا": ("LOC", "Q1520"),
    "فلاديمير بوتين": ("PER", "Q7747"),
}


def knowledge():
    return load_knowledge()


def entity(name: str, type: str | None = None, *, id: str, wikidata: str | None = None, aliases=(), name_en=None):
    known_type, known_id = KNOWN.get(name, (None, None))
    return Entity(
        id=id,
        type=type or known_type,
        name=name,
        name_en=name_en,
        wikidata=wikidata or known_id,
        aliases=tuple(aliases),
        mentions=(),
    )


def document(id: str, *facts: tuple, about: str | None = None, others: Sequence[Entity] = ()) -> Document:
    """A document of facts: (subject, relation, object), then perhaps a dict of the relation's other fields.

    A subject or object is a name in `KNOWN`, a (name, type) or an `Entity`. A fact of one is a name alone. `about` is a
    country that the text mentions often.
    """
    entities: dict[str, Entity] = {one.id: one for one in others}

    def put(what) -> str:
        if isinstance(what, Entity):
            entities[what.id] = what
            return what.id
        name, type = what if isinstance(what, tuple) else (what, None)
        for one in entities.values():
            if one.name == name:
                return one.id
        one = entity(name, type, id=f"e{len(entities) + 1}")
        entities[one.id] = one
        return one.id

    pieces: list[str] = []
    relations: list[Relation] = []
    for fact in facts:
        if len(fact) == 1:
            put(fact[0])
            continue
        subject, type, object, *rest = fact
        ends = put(subject), put(object)
        start = sum(len(piece) + 1 for piece in pieces)
        sentence = f"{entities[ends[0]].name} {type} {entities[ends[1]].name}."
        pieces.append(sentence)
        fields = {"score": 0.9, "rule": f"{type}.test"} | (rest[0] if rest else {})
        if isinstance(fields.get("when"), str):
            fields["when"] = When(text=fields["when"], iso=fields["when"])
        evidence = Span(start=start, end=start + len(sentence), text=sentence)
        relations.append(Relation(subject=ends[0], type=type, object=ends[1], evidence=evidence, **fields))
    mentions: list[Mention] = []
    if about is not None:
        place = put(about)
        for _ in range(3):
            start = sum(len(piece) + 1 for piece in pieces)
            pieces.append(about)
            mentions.append(Mention(start=start, end=start + len(about), text=about, type="LOC", entity=place, score=1))
        entities[place] = entities[place].model_copy(update={"mentions": (0, 1, 2)})
    return Document(
        id=id,
        text=" ".join(pieces) or "نص",
        mentions=tuple(mentions),
        entities=tuple(entities.values()),
        relations=tuple(relations),
        model="list 1.0",
    )
