"""A document as pieces of HTML for the page, made by the export layer."""

from __future__ import annotations

import re
from typing import Final

from arner.export.html.markup import marked_text
from arner.export.html.picture import picture_svg
from arner.schema import Document
from arner.serve.messages import Pieces

__all__ = ["pieces_of"]

_STYLE: Final = re.compile(r"(<svg [^>]*?) style='[^']*'")


def pieces_of(document: Document) -> Pieces:
    """The coloured text and the graph; style attributes, which the page's policy forbids, are left out.

    >>> pieces_of(Document(text="1 < 2")).text
    '1 &lt; 2'
    """
    text = marked_text(document, evidence=[relation.evidence for relation in document.relations])
    return Pieces(text=text, graph=_STYLE.sub(r"\1", picture_svg(document), count=1))
