"""What a peer is, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Peer", "UnavailableError", "load_peers"]


class UnavailableError(Exception):
    """A peer cannot be run here; the message says why."""


@dataclass(frozen=True)
class Peer:
    """Something that reads texts.

    Attributes:
        name: as tables call it.
        note: settings, and what it does not do.
        read: reads articles, in order.
        kind: "model" where it runs an encoder, "rules" where it looks names up.
    """

    name: str
    note: str
    read: Callable[[Sequence[str]], object]
    kind: str = "model"


def load_peers(
    model: Path, sample: Sequence[str], *, threads: int, device: str = "cpu"
) -> tuple[list[Peer], dict[str, str]]:
    """The peers that run here, and why the others do not.

    Args:
        model: folder with the weights that all of them use, where they can.
        sample: articles on which settings are chosen.
        threads: CPU threads that each may use.
        device: "cpu" or "cuda".
    """
    from benchmarks.peers import camel, gazetteer, gliner, pipeline, stanza

    found: list[Peer] = []
    absent: dict[str, str] = {}
    for module in (pipeline, camel, gliner, stanza, gazetteer):
        try:
            found += module.load(model, sample, threads=threads, device=device)
        except UnavailableError as error:
            absent[module.NAME] = str(error)
    return found, absent
