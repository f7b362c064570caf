"""Every exception that arner raises on purpose, in one tree.

.. code-block:: text

    ArnerError
    ├── InputError            the text or file given cannot be read
    │   ├── EmptyTextError        nothing to read: no text, or blanks and invisible marks
    │   └── EncodingError         bytes that are not text in the stated encoding
    ├── ModelError            a model cannot be found, or is not one that arner can run
    │   ├── ModelNotFoundError    no such name, folder or cached hub id
    │   └── ModelFormatError      the folder lacks a file, or holds one that is unsafe or malformed
    ├── DataFileError         a rule, knowledge or labelled file is broken; says file, line and what is expected
    │   ├── RuleError
    │   ├── KnowledgeError
    │   └── LabelledDataError     text with labels, to train on or to evaluate on
    ├── ResumeError           a batch that was left unfinished cannot be gone on with as it is asked for
    ├── DocumentError         a document is inconsistent, or its JSON is not a document
    └── MissingExtraError     an optional dependency is needed; names the pip command

Arguments of the wrong Python type raise :class:`InputError` as well, so that ``except arner.ArnerError`` is enough
around a whole run.
"""

from __future__ import annotations

from pathlib import Path

__all__ = [
    "ArnerError",
    "DataFileError",
    "DocumentError",
    "EmptyTextError",
    "EncodingError",
    "InputError",
    "KnowledgeError",
    "LabelledDataError",
    "MissingExtraError",
    "ModelError",
    "ModelFormatError",
    "ModelNotFoundError",
    "ResumeError",
    "RuleError",
]


class ArnerError(Exception):
    """The root of the tree: catch it to catch everything that arner raises on purpose."""


class InputError(ArnerError):
    """The text, file or argument given cannot be used."""


class EmptyTextError(InputError):
    """The text holds nothing to read."""


class EncodingError(InputError):
    """The bytes of a file are not text in the stated encoding."""


class ModelError(ArnerError):
    """A model cannot be used."""


class ModelNotFoundError(ModelError):
    """No model has that name, and no folder is there."""


class ModelFormatError(ModelError):
    """The folder is there but is not a token-classification model that arner runs."""


class DataFileError(ArnerError):
    """A data file (rules, knowledge or labelled text) is broken.

    Args:
        message: what is wrong and what is expected instead.
        path: the file; shown in front of the message.
        line: the line, counted from 1, where known.
    """

    def __init__(self, message: str, *, path: Path | str | None = None, line: int | None = None) -> None:
        self.path = path
        self.line = line
        where = "" if path is None else f"{path}:{line}: " if line is not None else f"{path}: "
        super().__init__(where + message)


class RuleError(DataFileError):
    """A rule file is broken."""


class KnowledgeError(DataFileError):
    """A knowledge file is broken."""


class LabelledDataError(DataFileError):
    """A file of text with labels, to train on or to evaluate on, is broken."""


class ResumeError(ArnerError):
    """A batch was left unfinished, and what is asked for now is another one, or would lose what is done."""


class DocumentError(ArnerError):
    """A document is inconsistent, or a JSON text is not a document."""


class MissingExtraError(ArnerError, ImportError):
    """An optional dependency is missing.

    Args:
        feature: what the user asked for.
        extra: the name of the extra that brings it.
    """

    def __init__(self, feature: str, extra: str) -> None:
        self.extra = extra
        super().__init__(
            f"{feature} needs packages that are not installed. Install them with: pip install 'arner[{extra}]'"
        )
