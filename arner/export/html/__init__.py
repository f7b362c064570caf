"""A document as HTML: a piece for a notebook's cell, and a page of its own."""

from arner.export.html.cell import document_html
from arner.export.html.page import document_page

__all__ = ["document_html", "document_page"]
