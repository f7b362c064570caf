"""Places, organisations and other things: their names brought together by knowledge, by form and by spelling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Final

from arner.knowledge import Knowledge, KnownEntity
from arner.linking.clusters import Clusters
from arner.linking.forms import bare_article, bare_descriptor, is_head
from arner.linking.names import Name, majority_type
from arner.linking.spelling import representatives

__all__ = ["bind_ambiguous", "bind_known", "join_things", "key_types", "support", "words_before"]

# Every country has a مجلس النواب and many a حزب العمال: only the country that the text is about settles which is meant.
_SHARED: Final = frozenset(("state body", "party"))


def _node(key: str) -> str:
    return "- " + key


def _candidates(key: str, type_: str, knowledge: Knowledge) -> list[KnownEntity]:
    found = knowledge.lookup(key)
    same = [entity for entity in found if entity.type == type_]
    if same or type_ not in ("LOC", "ORG"):
        return same
    # A model may take a state body for its building and a country for its government.
    other = [e for e in found if e.type in ("LOC", "ORG") and not knowledge.is_ambiguous(e, key)]
    return other if len(other) == 1 and other[0].kind in ("state body", "country", "capital", "site") else []


def bind_known(
    types: dict[str, Counter[str]], before: Mapping[str, set[str]], clusters: Clusters, knowledge: Knowledge
) -> dict[str, str]:
    """Bind each name that plainly means one known entity, and join the names of the same one.

    Args:
        types: keys of names that are not people's, each with the types of its mentions.
        before: the words that stand before each key: of «قناة الجزيرة» it is the channel.
        clusters: where nodes are joined.
        knowledge: where names are looked up.

    Returns:
        the node of each known entity found, by its id.
    """
    nodes: dict[str, str] = {}
    for key, counted in types.items():
        type_ = majority_type(counted)
        candidates = _candidates(key, type_, knowledge)
        if not candidates:
            bare = bare_descriptor(key, type_)
            candidates = [] if bare is None else _candidates(bare, type_, knowledge)
        plain = [entity for entity in candidates if not knowledge.is_ambiguous(entity, key)]
        if len(candidates) == 1 and (plain or candidates[0].type == "LOC"):
            bind(_node(key), candidates[0].id, nodes, clusters)
        elif candidates:
            named = {
                entity.id
                for word in before.get(key, ())
                for entity in knowledge.lookup(f"{word} {key}")
                if entity in candidates and not knowledge.is_ambiguous(entity, f"{word} {key}")
            }
            if len(named) == 1:
                bind(_node(key), named.pop(), nodes, clusters)
    return nodes


def bind(node: str, entity_id: str, nodes: dict[str, str], clusters: Clusters) -> None:
    """Bind a node to a known entity and join it with the node that stands for that entity."""
    if clusters.known(node) not in (None, entity_id):
        return
    clusters.bind(node, entity_id)
    clusters.join(nodes.setdefault(entity_id, node), node)


def bind_ambiguous(
    types: dict[str, Counter[str]],
    nodes: dict[str, str],
    countries: Counter[str],
    clusters: Clusters,
    knowledge: Knowledge,
    shortened: Container[str] = (),
) -> None:
    """Bind ambiguous names whose context speaks for one reading: that thing is named otherwise in the text, or its
    country is the one that the text speaks of most.

    Args:
        types: keys of names that are not people's, each with the types of its mentions.
        nodes: the node of each known entity found, by its id; grows.
        countries: ISO codes of the countries of names and demonyms in the text, with their numbers.
        clusters: where nodes are joined.
        knowledge: where names are looked up.
        shortened: keys that stand for a longer name in the text, which says what they mean.
    """
    top = max(countries.values(), default=0)
    unsettled: dict[tuple[str, ...], str] = {}
    for key, counted in types.items():
        node = _node(key)
        if clusters.known(node) is not None or key in shortened:
            continue
        type_ = majority_type(counted)
        scored: list[tuple[int, KnownEntity]] = []
        candidates = _candidates(key, type_, knowledge)
        for entity in candidates:
            score = 1000 if entity.id in nodes else 0
            if entity.country is not None:
                count = countries[entity.country]
                score += count if entity.kind not in _SHARED or count == top else 0
            elif entity.kind == "international":
                score += 1
            if score:
                scored.append((score, entity))
        scored.sort(key=lambda pair: -pair[0])
        if scored and (len(scored) == 1 or scored[0][0] > scored[1][0]):
            bind(node, scored[0][1].id, nodes, clusters)
        elif candidates:  # whatever it means, other names with the same readings mean it too
            clusters.join(unsettled.setdefault(tuple(sorted(e.id for e in candidates)), node), node)


def join_things(types: dict[str, Counter[str]], clusters: Clusters, knowledge: Knowledge) -> set[str]:
    """Join the names that are one by form: a descriptor or article more or less, a shortening, another spelling.

    Returns:
        the keys that were found to be the beginning of a longer name.
    """
    for key, counted in types.items():
        type_ = majority_type(counted)
        bare = bare_descriptor(key, type_)
        for other in (bare, bare_article(key), None if bare is None else bare_article(bare)):
            if other is not None and other != key and other in types and majority_type(types[other]) == type_:
                clusters.join(_node(other), _node(key))
    _join_spellings(types, clusters, knowledge)
    return _join_shortened(types, clusters, knowledge)


def _join_shortened(types: dict[str, Counter[str]], clusters: Clusters, knowledge: Knowledge) -> set[str]:
    """A name that is the beginning of exactly one longer name in the text is that name shortened: مجلس الأمن of مجلس
    الأمن الدولي, التكتل of تكتل القوى الديمقراطية. Of places only those that nothing is known of: كوريا is no short
    form of كوريا الجنوبية, nor بيروت of بيروت الغربية.
    """
    owners: dict[str, set[str]] = {}
    for key, counted in types.items():
        type_ = majority_type(counted)
        if type_ == "LOC" and knowledge.lookup(key):
            continue
        words = key.split()
        shorter = {" ".join(words[:size]) for size in range(1, min(len(words), 8))}
        if len(words) > 1 and type_ == "ORG":
            if words[1].startswith("ل"):  # أدنوك للحفر is a part of أدنوك
                shorter.discard(words[0])
            if is_head(words[0]):
                shorter.add("ال" + words[0])
        for short in shorter & types.keys():
            if majority_type(types[short]) == type_ and not (type_ == "LOC" and knowledge.lookup(short)):
                owners.setdefault(short, set()).add(key)
    joined: set[str] = set()
    for short in sorted(owners, key=len, reverse=True):  # so that مجلس finds مجلس الأمن joined with what is longer
        found = {clusters.find(_node(key)) for key in owners[short]}
        if len(found) == 1 and clusters.join(found.pop(), _node(short)):
            joined.add(short)
    return joined


def _join_spellings(types: dict[str, Counter[str]], clusters: Clusters, knowledge: Knowledge) -> None:
    for wanted in ("LOC", "ORG"):
        counts: dict[str, int] = {}
        full: dict[str, str] = {}
        for key, counted in types.items():
            if majority_type(counted) == wanted and (wanted == "LOC" or " " not in key):
                bare = bare_article(key)
                full.setdefault(bare, key)
                counts[bare] = counts.get(bare, 0) + counted.total()

        def settled(bare: str, full: dict[str, str] = full) -> bool:
            return bool(knowledge.lookup(full[bare]))

        for bare, chosen in representatives(counts.items(), settled).items():
            if chosen != bare:
                clusters.join(_node(full[chosen]), _node(full[bare]))


def key_types(names: Iterable[Name]) -> dict[str, Counter[str]]:
    """The keys of names that are not people's, each with the types of its mentions, in the order of the text."""
    types: dict[str, Counter[str]] = {}
    for name in names:
        if name.type != "PER":
            types.setdefault(name.key, Counter())[name.type] += 1
    return types


def words_before(names: Iterable[Name]) -> dict[str, set[str]]:
    """The words that stand right before each name that is not a person's, by key."""
    found: dict[str, set[str]] = {}
    for name in names:
        if name.type != "PER" and name.before:
            found.setdefault(name.key, set()).add(name.before)
    return found


def support(names: Sequence[str], demonym_countries: Iterable[str], knowledge: Knowledge) -> Counter[str]:
    """How often the text speaks of each country: ISO codes of known entities and demonyms."""
    counted: Counter[str] = Counter()
    for entity_id in (*names, *demonym_countries):
        entity = knowledge.get(entity_id)
        if entity is not None and entity.country is not None:
            counted[entity.country] += 1
    return counted
