"""A component for spaCy pipelines: ``nlp.add_pipe("arner")``. Needs `arner[spacy]`.

spaCy's tokens are whole written words, so that ب and القاهرة in «بالقاهرة» are one token, and no span of tokens can be
القاهرة alone. Nothing is lost by that:

- ``doc._.arner`` is the `Document`, with the exact offsets, entities, evidence and all else.
- ``doc.spans["arner"]`` has a span for every mention, in the same order: the tokens that it touches. Its `label_` is
  the type, its `kb_id_` the Wikidata id where known, its `id_` the entity's id: ``doc._.arner[span.id_]`` is the
  entity. The group's ``attrs["exact"]`` says for each whether the tokens are the mention and nothing more.
- ``doc.ents`` gets the names among them; of two that share a token, the longer. Entities that an earlier component has
  set stay.
- ``doc._.relations`` are the document's relations.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from arner.errors import EmptyTextError, InputError, MissingExtraError
from arner.schema import Document, MentionKind, Relation
from arner.stream import TextItem, as_date, check_text, cut_batches

try:
    from spacy.language import Language
    from spacy.tokens import Doc, SpanGroup
    from spacy.util import filter_spans
except ImportError as error:
    raise MissingExtraError("The spaCy component", "spacy") from error

if TYPE_CHECKING:
    from arner.extractor import Extractor

__all__ = ["ArnerComponent", "make_component"]

_KEY: Final = "arner"
"""Name of the component, of the group of spans, of the extension, and of the JSON in ``doc.user_data``."""


class ArnerComponent:
    """The component. The model is loaded when the first text comes.

    Args:
        settings: arguments of `arner.Extractor`, by name.
    """

    def __init__(self, **settings: Any) -> None:
        self._settings = settings
        self._extractor: Extractor | None = None
        _add_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Read one text, and set what the module says on its `Doc`."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 16) -> Iterator[Doc]:
        """Read a stream of texts, several at a time; what ``nlp.pipe`` calls."""
        if self._extractor is None:
            from arner.extractor import Extractor

            self._extractor = Extractor(**self._settings)
        for docs in cut_batches(stream, size=batch_size, weight=len, most=65_536):
            # A text without a visible character is nothing to read, and nothing to stop a pipeline for.
            items = [TextItem(doc.text) for doc in docs if _is_visible(doc.text)]
            documents = iter(self._extractor.extract_batch(items))
            for doc in docs:
                _set(doc, next(documents) if _is_visible(doc.text) else Document(text=doc.text))
                yield doc

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002 - spaCy's signature
        """Write the rule and knowledge files into a folder, so that the pipeline can be moved. spaCy keeps the rest."""
        for name in ("rules", "knowledge"):
            # Read before the folder is emptied: a pipeline may be saved over the one that it was loaded from.
            contents = [(Path(file).name, Path(file).read_bytes()) for file in self._settings.get(name) or ()]
            folder = Path(path) / name
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            for number, (file, content) in enumerate(contents):
                (folder / f"{number:03}_{file.removeprefix(f'{number:03}_')}").write_bytes(content)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> ArnerComponent:  # noqa: ARG002
        """Take the rule and knowledge files that `to_disk` wrote."""
        for name in ("rules", "knowledge"):
            self._settings[name] = sorted(map(str, (Path(path) / name).iterdir()))
        self._extractor = None
        return self


def make_component(
    nlp: Language,  # noqa: ARG001 - spaCy hands it to every factory
    name: str,  # noqa: ARG001
    model: str,
    rules: list[str],
    knowledge: list[str],
    min_score: float,
    device: str,
    date: str | None,
    threads: int,
) -> ArnerComponent:
    """The component that ``nlp.add_pipe("arner", config={…})`` makes; the config has the arguments of an `Extractor`.

    >>> import spacy
    >>> nlp = spacy.blank("ar")
    >>> _ = nlp.add_pipe("arner", config={"date": "2024-11-28"})
    >>> doc = nlp("زار فلاديمير بوتين القاهرة أمس.")
    >>> [(ent.text, ent.label_, ent.kb_id_) for ent in doc.ents]
    [('فلاديمير بوتين', 'PER', 'Q7747'), ('القاهرة', 'LOC', 'Q85')]
    >>> [(doc._.arner[r.subject].name, r.type.value, doc._.arner[r.object].name, r.when.iso) for r in doc._.relations]
    [('فلاديمير بوتين', 'visited', 'القاهرة', '2024-11-27')]
    """
    return ArnerComponent(
        model=model,
        rules=rules,
        knowledge=knowledge,
        min_score=min_score,
        device=device,
        date=as_date(date),  # a wrong date is told here, and not when the first text comes
        threads=threads,
    )


def _is_visible(text: str) -> bool:
    try:
        check_text(text)
    except EmptyTextError:
        return False
    return True


def _set(doc: Doc, document: Document) -> None:
    # As JSON, so that the doc can be written to bytes and sent between processes.
    doc.user_data[_KEY] = document.to_json()
    spans, exact = [], []
    for mention in document.mentions:
        span = doc.char_span(
            mention.start,
            mention.end,
            label=mention.type,
            kb_id=document[mention.entity].wikidata or "",
            span_id=mention.entity,
            alignment_mode="expand",
        )
        assert span is not None  # every visible character is in a token
        spans.append(span)
        exact.append((span.start_char, span.end_char) == (mention.start, mention.end))
    doc.spans[_KEY] = SpanGroup(doc, name=_KEY, attrs={"exact": exact}, spans=spans)
    names = (span for span, mention in zip(spans, document.mentions, strict=True) if mention.kind is MentionKind.NAME)
    taken = {token.i for ent in doc.ents for token in ent}
    free = [span for span in names if taken.isdisjoint(range(span.start, span.end))]
    doc.ents = (*doc.ents, *filter_spans(free))


def _add_extensions() -> None:
    for name, getter in ((_KEY, _document), ("relations", _relations)):
        if not Doc.has_extension(name):
            Doc.set_extension(name, getter=getter)
        elif Doc.get_extension(name)[2] is not getter:
            raise InputError(
                f"another component has defined doc._.{name}; leave it out of this program, or take the extension away "
                f"with Doc.remove_extension({name!r})"
            )


def _document(doc: Doc) -> Document | None:
    """The document; None where the component has not read the doc."""
    data = doc.user_data.get(_KEY)
    return None if data is None else _parsed(data)


def _relations(doc: Doc) -> tuple[Relation, ...]:
    document = _document(doc)
    return () if document is None else document.relations


@lru_cache(maxsize=64)
def _parsed(data: str) -> Document:
    return Document.from_json(data)


# spaCy loads this module by its entry point, and looks the factory up by its name.
Language.factory(
    _KEY,
    assigns=["doc.ents", "doc.spans", "doc._.arner", "doc._.relations"],
    default_config={
        "model": "default",
        "rules": [],
        "knowledge": [],
        "min_score": 0.0,
        "device": "auto",
        "date": None,
        "threads": 0,
    },
    func=make_component,
)
