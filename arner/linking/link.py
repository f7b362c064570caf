"""Linking: every mention finds its entity."""

from __future__ import annotations

from collections.abc import Sequence

from arner.knowledge import Knowledge
from arner.linking import things
from arner.linking.brackets import bracketed_pairs
from arner.linking.clusters import Clusters
from arner.linking.demonyms import find_demonyms, settle_ambiguous
from arner.linking.entities import build
from arner.linking.names import read_names
from arner.linking.people import assign_people
from arner.linking.result import LinkedText, NameLike
from arner.text.words import Word

__all__ = ["link"]


def link(text: str, words: Sequence[Word], names: Sequence[NameLike], knowledge: Knowledge) -> LinkedText:
    """Bring the mentions of one thing together as one entity, and add the demonyms as mentions of their countries.

    Nearly linear in the number of words and names.

    Args:
        text: the text as given.
        words: its words, as `arner.text.words.split_words` cuts them.
        names: the names found in it: offsets in code points of the text, type, score between 0 and 1.
        knowledge: what is known beforehand.

    >>> from arner.knowledge import load_knowledge
    >>> from arner.text.words import split_words
    >>> from typing import NamedTuple
    >>> class Found(NamedTuple):
    ...     start: int
    ...     end: int
    ...     type: str
    ...     score: float
    >>> text = "وصل ناريندرا مودي، ثم عاد مودي إلى الهند"
    >>> linked = link(text, split_words(text), [Found(4, 17, "PER", 0.9), Found(26, 30, "PER", 0.8)], load_knowledge())
    >>> [(entity.name, entity.wikidata, entity.mentions) for entity in linked.entities]
    [('ناريندرا مودي', 'Q1058', (0, 1))]
    """
    found = read_names(text, names, knowledge)
    clusters = Clusters()
    types = things.key_types(found)
    nodes = things.bind_known(types, things.words_before(found), clusters, knowledge)
    demonyms = find_demonyms(words, [(name.start, name.end) for name in found], knowledge)
    for first, second in bracketed_pairs(text, found):
        inner = knowledge.get(clusters.known(found[second].node) or "")
        if inner is None or inner.kind != "media":  # «… (CNN)» names the source
            clusters.join(found[first].node, found[second].node)
    shortened = things.join_things(types, clusters, knowledge)
    mentioned = [clusters.known(name.node) or "" for name in found]
    countries = things.support(mentioned, [m.demonym.country for m in demonyms if not m.demonym.ambiguous], knowledge)
    things.bind_ambiguous(types, nodes, countries, clusters, knowledge, shortened)
    demonyms = settle_ambiguous(demonyms, nodes)
    owners = assign_people(found, countries, clusters, knowledge)
    return build(text, names, found, owners, demonyms, nodes, clusters, knowledge)
