"""spaCy's `EntityRuler` over arner's list of names: the peer of arner's layers above the model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.peer import Peer, UnavailableError

NAME = "spaCy EntityRuler"


def load(model: Path, sample: Sequence[str], *, threads: int, device: str) -> list[Peer]:  # noqa: ARG001
    """A blank Arabic pipeline with every name of the knowledge files as a pattern."""
    try:
        import spacy
    except ImportError as error:
        raise UnavailableError("spacy is not installed (pip install spacy)") from error
    from arner.knowledge import load_knowledge

    pipeline = spacy.blank("ar")
    ruler = pipeline.add_pipe("entity_ruler")
    names = {(name, entity.type) for entity in load_knowledge() for name in entity.names}
    ruler.add_patterns([{"label": label, "pattern": name} for name, label in sorted(names)])

    def read(texts: Sequence[str]) -> list[object]:
        return [document.ents for document in pipeline.pipe(texts)]

    note = f"{len(names):,} names looked up as they are written: no clitics, no linking, no relations"
    return [Peer(NAME, note, read, kind="rules")]
