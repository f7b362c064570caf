"""Entities: clusters of mentions turned into the entities and mentions of a result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from arner.knowledge import Knowledge, KnownEntity
from arner.linking.clusters import Clusters
from arner.linking.demonyms import DemonymMention
from arner.linking.forms import names_latin
from arner.linking.names import Name, majority_type
from arner.linking.result import LinkedText, NameLike
from arner.schema import Entity, Mention, MentionKind

__all__ = ["build"]


@dataclass(slots=True)
class _Group:
    """What belongs to one entity."""

    forms: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    mentions: list[int] = field(default_factory=list)


def build(
    text: str,
    spans: Sequence[NameLike],
    names: Sequence[Name],
    owners: Sequence[str],
    demonyms: Sequence[DemonymMention],
    nodes: Mapping[str, str],
    clusters: Clusters,
    knowledge: Knowledge,
) -> LinkedText:
    """The result of linking.

    Args:
        text: the whole text.
        spans: the names as they were given, for their labels and scores.
        names: the mentions by name.
        owners: the node of each of them.
        demonyms: the mentions by demonym.
        nodes: the node of each known entity that is named, by its id.
        clusters: which nodes are one.
        knowledge: names and ids of known entities.
    """
    given = {(span.start, span.end): span for span in reversed(spans)}
    rows: list[tuple[int, int, str, int]] = []  # start, end, cluster, index of the name or -1
    for number, (name, owner) in enumerate(zip(names, owners, strict=True)):
        rows.append((name.start, name.end, clusters.find(owner), number))
    for mention in demonyms:
        country = mention.demonym.country
        node = nodes.get(country, "= " + country)
        clusters.bind(node, country)
        rows.append((mention.start, mention.end, clusters.find(node), -1))
    rows.sort(key=lambda row: (row[0], -row[1]))

    groups: dict[str, _Group] = {}
    for index, (_, _, cluster, number) in enumerate(rows):
        group = groups.setdefault(cluster, _Group())
        group.mentions.append(index)
        if number >= 0:
            group.forms[names[number].form] += 1
            group.types[given[names[number].start, names[number].end].type] += 1
    ids = {cluster: f"e{number}" for number, cluster in enumerate(groups, start=1)}

    entities: list[Entity] = []
    known: dict[str, KnownEntity] = {}
    for cluster, group in groups.items():
        entity_id = clusters.known(cluster)
        thing = None if entity_id is None else knowledge.get(entity_id)
        if thing is not None:
            known[ids[cluster]] = thing
        canonical = _canonical(group, thing)
        entities.append(
            Entity(
                id=ids[cluster],
                type=_type(group.types, thing),
                name=canonical,
                name_en=_english(group, thing),
                wikidata=None if thing is None else thing.wikidata,
                aliases=tuple(form for form in group.forms if form != canonical),
                mentions=tuple(group.mentions),
            )
        )
    types = {entity.id: entity.type for entity in entities}
    mentions: list[Mention] = []
    for start, end, cluster, number in rows:
        span = given[start, end] if number >= 0 else None
        mentions.append(
            Mention(
                start=start,
                end=end,
                text=text[start:end],
                type=types[ids[cluster]] if span is None else span.type,
                kind=MentionKind.DEMONYM if span is None else MentionKind.NAME,
                entity=ids[cluster],
                score=1.0 if span is None else min(1.0, max(0.0, float(span.score))),
            )
        )
    return LinkedText(tuple(mentions), tuple(entities), known)


def _type(types: Counter[str], thing: KnownEntity | None) -> str:
    if not types:
        return "LOC" if thing is None else thing.type
    most = max(types.values())
    if thing is not None and types[thing.type] == most:
        return thing.type
    return majority_type(types)


def _canonical(group: _Group, thing: KnownEntity | None) -> str:
    """A person goes by the fullest name in the text, a known thing by its usual name, any other by its fullest name."""
    forms = [form for form in group.forms if not names_latin(form)] or list(group.forms)
    fullest = max(forms, key=lambda form: (form.count(" "), group.forms[form]), default="")
    if thing is None or (thing.type == "PER" and " " in fullest and thing.name not in group.forms):
        return fullest
    return thing.name


def _english(group: _Group, thing: KnownEntity | None) -> str | None:
    if thing is not None:
        return thing.name_en
    latin = [form for form in group.forms if names_latin(form)]
    return max(latin, key=len) if latin else None
