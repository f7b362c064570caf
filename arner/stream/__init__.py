"""Texts on their way to the model: each is checked, then put into batches, which processes may share.

Nothing here knows what is done with a text. See `Extractor.extract_batch` and `Extractor.pipe`.
"""

from __future__ import annotations

from arner.stream.batches import cut_batches
from arner.stream.items import CheckedItems, TextItem, as_date, as_item, as_paths, check_text
from arner.stream.workers import map_in_processes

__all__ = [
    "CheckedItems",
    "TextItem",
    "as_date",
    "as_item",
    "as_paths",
    "check_text",
    "cut_batches",
    "map_in_processes",
]
