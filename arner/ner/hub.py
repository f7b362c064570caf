"""Models of the Hugging Face hub: from the cache where they are in it, and only else from the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["hub_id", "load_from_hub"]

Loaded = TypeVar("Loaded")


def hub_id(model: str) -> tuple[str, str | None]:
    """The id and the revision (a branch, a tag or a commit) of ``owner/name`` or ``owner/name@revision``.

    >>> hub_id("acme/news-ner@v1.2")
    ('acme/news-ner', 'v1.2')
    >>> hub_id("acme/news-ner")
    ('acme/news-ner', None)
    """
    name, _, revision = model.partition("@")
    return name, revision or None


def load_from_hub(load: Callable[..., Loaded], model: str, **options: Any) -> Loaded:
    """What `load`, a function of transformers in the manner of `from_pretrained`, makes of a model.

    A model that is in the cache is loaded without a question to the network, so that it goes on working where there is
    none, and stays the same until the cache is emptied or another revision is named.

    Raises:
        Exception: as `load` does.
    """
    name, revision = hub_id(model)
    options["revision"] = revision or "main"
    try:
        return load(name, local_files_only=True, **options)
    except (OSError, ValueError):  # not there, or not all of it
        return load(name, **options)
