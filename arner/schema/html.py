"""A document as a self-contained piece of HTML, for a notebook's output cell."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from arner.schema.document import Document, Mention, Relation

__all__ = ["document_html"]

_LIMIT: Final = 20_000
"""Characters of text shown: a browser grows slow on a book in an output cell."""

_KNOWN_TYPES: Final = ("PER", "LOC", "ORG", "MISC")
_KIND_ORDER: Final = {"name": 0, "demonym": 1, "nominal": 2}

# A mention gets a background and a line below it, never padding or a border: those would break the joined script where
# a mention begins inside a written word. The kind of line tells the types apart without colour.
_STYLE: Final = """
.arner{color-scheme:light dark;--ink:light-dark(#1f2328,#e6edf3);--dim:light-dark(#59636e,#9aa4ae);
--line:light-dark(#d1d9e0,#3d444d);--per:light-dark(#cfe6ff,#17456f);--loc:light-dark(#cdf0d4,#1b5230);
--org:light-dark(#ead9ff,#502c78);--misc:light-dark(#fff0b8,#5e4a08);--other:light-dark(#e3e6ea,#3a414a);
--no:light-dark(#b42318,#ff9189);color:var(--ink);background:light-dark(#fff,#151b23);border:1px solid var(--line);
border-radius:6px;padding:12px 16px;max-width:60em;
font:15px system-ui,"Noto Sans Arabic","Noto Naskh Arabic",sans-serif}
[data-jp-theme-light="true"] .arner,.vscode-light .arner{color-scheme:light}
[data-jp-theme-light="false"] .arner,.vscode-dark .arner{color-scheme:dark}
.arner-text{white-space:pre-wrap;line-height:2;max-height:28em;overflow:auto;text-align:start}
.arner mark{color:inherit;background:var(--other);text-decoration:underline 2px;text-underline-offset:.35em}
.arner mark.PER{background:var(--per)}
.arner mark.LOC{background:var(--loc);text-decoration-style:dashed}
.arner mark.ORG{background:var(--org);text-decoration-style:double}
.arner mark.MISC{background:var(--misc);text-decoration-style:dotted}
.arner mark.demonym,.arner mark.nominal{background:none}
.arner-note{color:var(--dim);font-size:12px;margin:8px 0}
.arner-note mark{margin-right:6px;padding:0 4px}
.arner table{border-collapse:collapse;margin:8px 0 0;color:inherit;font-size:14px}
.arner th,.arner td{text-align:start!important;padding:4px 10px;border-bottom:1px solid var(--line);vertical-align:top}
.arner th{color:var(--dim);font-weight:600}
.arner tr{background:none!important}
.arner .negated{color:var(--no)}
.arner .short{white-space:nowrap}
.arner .evidence{color:var(--dim)}
""".replace("\n", "")


def document_html(document: Document, *, limit: int = _LIMIT) -> str:
    """The text from right to left with its mentions coloured, and its relations as a table.

    The markup needs no script and no file from elsewhere, follows a light or dark theme, and escapes all text.

    Args:
        document: the document to show.
        limit: how many characters of the text to show at most.

    >>> from arner.schema import Document
    >>> "1 &lt; 2" in document_html(Document(text="1 < 2"))
    True
    """
    return (
        f"<div class='arner' dir='ltr'><style>{_STYLE}</style>"
        f"<div class='arner-text' dir='rtl' lang='ar'>{''.join(_marked_text(document, limit))}</div>"
        f"{_note(document, limit)}{_table(document)}</div>"
    )


def _marked_text(document: Document, limit: int) -> Iterator[str]:
    done = 0
    for mention in _apart(document.mentions):
        if mention.end > limit:
            break
        entity = document[mention.entity]
        title = [mention.type, mention.kind.value, entity.name, entity.name_en, entity.wikidata, f"{mention.score:.2f}"]
        # A label of a user's model is free text, so only the four known ones become a class.
        label = mention.type if mention.type in _KNOWN_TYPES else ""
        yield escape(document.text[done : mention.start])
        yield f"<mark class='{label} {mention.kind.value}' title='{escape(' · '.join(filter(None, title)))}'>"
        yield f"{escape(mention.text)}</mark>"
        done = mention.end
    yield escape(document.text[done:limit])


def _apart(mentions: tuple[Mention, ...]) -> list[Mention]:
    """Mentions that do not overlap, in order. Of two that do, names go before demonyms and those before nominals."""
    taken: set[int] = set()
    kept = []
    for mention in sorted(mentions, key=lambda m: (_KIND_ORDER[m.kind], m.start - m.end)):
        if taken.isdisjoint(range(mention.start, mention.end)):
            taken.update(range(mention.start, mention.end))
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def _note(document: Document, limit: int) -> str:
    """The legend, and what is not shown."""
    marks = "".join(f"<mark class='{label}'>{label}</mark>" for label in _KNOWN_TYPES)
    parts = [f"{marks} names; only underlined: demonyms and descriptions", escape(document.model)]
    if len(document.text) > limit:
        parts.append(f"{len(document.text) - limit:,} more characters not shown")
    return f"<div class='arner-note'>{' · '.join(filter(None, parts))}</div>"


def _table(document: Document) -> str:
    if not document.relations:
        return ""
    rows = "".join(_row(document, relation) for relation in document.relations)
    head = "<tr><th>subject</th><th>relation</th><th>object</th><th>claim</th><th dir='rtl'>evidence</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _row(document: Document, relation: Relation) -> str:
    claim: list[str] = [relation.polarity]
    if relation.status != "actual":
        claim.append(relation.status)
    if relation.when is not None:
        claim.append(relation.when.iso or relation.when.text)
    return (
        f"<tr class='{relation.polarity}'>{_name(document, relation.subject)}"
        f"<td class='short'>{relation.type.value}</td>"
        f"{_name(document, relation.object)}<td class='short'>{escape(', '.join(claim))}</td>"
        f"<td class='evidence' dir='rtl' lang='ar'>{escape(relation.evidence.text)}</td></tr>"
    )


def _name(document: Document, entity_id: str) -> str:
    entity = document[entity_id]
    return f"<td title='{escape(entity.name_en or '')}'><bdi>{escape(entity.name)}</bdi></td>"
