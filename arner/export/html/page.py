"""A document as one HTML page that needs nothing else: text, relations, graph, timeline and entities.

One script runs in it, always the same one, which links a relation to its words; a content security policy names it by
its hash and so forbids any other. Without it, following a relation still leads to its words and lights them up.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from arner._version import __version__
from arner.export.html.markup import KNOWN_TYPES, escaped, marked_text
from arner.export.html.picture import arabic_claim, picture_svg
from arner.export.html.style import script, style
from arner.export.labels import ARABIC_RELATIONS, ARABIC_STATUS, ARABIC_TYPES
from arner.schema import Document, Entity, Relation

__all__ = ["document_page"]

_META: Final = (
    "<meta charset='utf-8'><meta name='viewport' content='width=device-width, initial-scale=1'>"
    "<meta name='color-scheme' content='light dark'>"
    "<meta http-equiv='Content-Security-Policy' content=\"{policy}\">"
)
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
)


def document_page(document: Document) -> str:
    """The whole page, from right to left, with headings in Arabic and English.

    The text is shown whole, entities coloured and labelled in place. Pointing at a relation, touching it or reaching
    it by keyboard lights up the words that state it, and the other way round; following it jumps there. The graph is
    SVG; a timeline shows where dates are known. It follows a light or dark theme, fits a phone and paper, and escapes
    all text.

    >>> page = document_page(Document(id="visit", text="زار بوتين أستانا."))
    >>> page.startswith("<!doctype html>"), page.count("<script")
    (True, 1)
    """
    title = escaped(document.id or "arner")
    entities, relations = len(document.entities), len(document.relations)
    counts = f"الكيانات {entities} · العلاقات {relations}"
    counts += f" <span lang='en' dir='ltr'>{entities} entities · {relations} relations</span>"
    policy = _POLICY.format(hash=b64encode(sha256(script().encode()).digest()).decode())
    return "".join(
        (
            f"<!doctype html>\n<html lang='ar' dir='rtl'><head>{_META.format(policy=policy)}",
            f"<title>{title}</title><style>{style('colours', 'page')}</style></head>\n",
            "<body class='arner'><a class='skip' href='#text'>إلى النص</a>",
            f"<header><h1><bdi>{title}</bdi></h1><p class='dim'>{counts}</p></header>\n<main>",
            "<div class='columns'>",
            _section("text", "النص", "Text", _legend() + _text(document)),
            _section("claims", "العلاقات", "Relations", _claims(document)),
            "</div>",
            _section("graph", "الرسم", "Graph", _graph(document)),
            _section("timeline", "الخط الزمني", "Timeline", _timeline(document)),
            _section("entities", "الكيانات", "Entities", _entities(document)),
            f"</main>\n<footer class='dim' dir='ltr' lang='en'>arner {__version__}",
            f" · {escaped(document.model)}" if document.model else "",
            f"</footer><script>{script()}</script></body></html>\n",
        )
    )


def _section(name: str, arabic: str, english: str, content: str) -> str:
    """A part of the page; none where there is nothing to show."""
    if not content:
        return ""
    heading = f"<h2 id='{name}-heading'>{arabic} <span lang='en' dir='ltr'>{english}</span></h2>"
    return f"<section id='{name}' aria-labelledby='{name}-heading'>{heading}{content}</section>\n"


def _legend() -> str:
    marks = " ".join(f"<mark class='{type} name'>{ARABIC_TYPES[type]}</mark>" for type in KNOWN_TYPES)
    return f"<p class='legend dim'>{marks} <span>تحته خط فقط: نسبة أو وصف</span></p>"


def _text(document: Document) -> str:
    text = marked_text(document, evidence=[relation.evidence for relation in document.relations])
    return f"<div class='arner-text' tabindex='0' role='group' aria-labelledby='text-heading'>{text}</div>"


def _claims(document: Document) -> str:
    if not document.relations:
        return ""
    items = "".join(_claim(document, number, relation) for number, relation in enumerate(document.relations, 1))
    return f"<ol class='claims'>{items}</ol>"


def _claim(document: Document, number: int, relation: Relation) -> str:
    badges = ["<span class='badge no'>منفي <span lang='en'>negated</span></span>"] * (relation.polarity == "negated")
    if relation.status in ARABIC_STATUS:
        badges.append(
            f"<span class='badge'>{ARABIC_STATUS[relation.status]} <span lang='en'>{relation.status}</span></span>"
        )
    if relation.when is not None:
        badges.append(f"<span class='badge'>{_when(relation)}</span>")
    details = f"{relation.type.value} · score {relation.score:.2f} · rule {escaped(relation.rule)}"
    role = f" <span class='role'>({escaped(relation.role)})</span>" if relation.role else ""
    return (
        f"<li id='r{number}' class='claim r{number} {relation.polarity}'><a href='#p{number}'>"
        f"{_bdi(document, relation.subject)} <span class='verb'>{ARABIC_RELATIONS[relation.type]}</span> "
        f"{_bdi(document, relation.object)}</a>{role} {' '.join(badges)}"
        f"<blockquote>{escaped(relation.evidence.text)}</blockquote>"
        f"<small class='dim' dir='ltr' lang='en'>{details}</small></li>"
    )


def _bdi(document: Document, entity_id: str) -> str:
    entity = document[entity_id]
    label = entity.type if entity.type in KNOWN_TYPES else ""
    return f"<bdi class='who {label}'>{escaped(entity.name)}</bdi>"


def _when(relation: Relation) -> str:
    assert relation.when is not None
    words = f"<bdi>{escaped(relation.when.text)}</bdi>"
    iso = relation.when.iso
    return words if iso is None else f"{words} · <time dir='ltr' datetime='{escaped(iso)}'>{escaped(iso)}</time>"


def _graph(document: Document) -> str:
    svg = picture_svg(document)
    return f"<div class='wide' tabindex='0' role='group' aria-labelledby='graph-heading'>{svg}</div>" if svg else ""


def _timeline(document: Document) -> str:
    dated = [
        (relation.when.iso, number, relation)
        for number, relation in enumerate(document.relations, 1)
        if relation.when is not None and relation.when.iso is not None
    ]
    items = "".join(_moment(document, *row) for row in sorted(dated, key=lambda row: row[:2]))
    return f"<ol class='timeline'>{items}</ol>" if items else ""


def _moment(document: Document, iso: str, number: int, relation: Relation) -> str:
    return (
        f"<li class='r{number} {relation.polarity}'><time dir='ltr' datetime='{escaped(iso)}'>{escaped(iso)}</time> "
        f"<a href='#p{number}'>{_bdi(document, relation.subject)} {arabic_claim(relation)} "
        f"{_bdi(document, relation.object)}</a></li>"
    )


def _entities(document: Document) -> str:
    if not document.entities:
        return ""
    heads = (("الاسم", "name"), ("النوع", "type"), ("بالإنجليزية", "English"), ("أسماء أخرى", "also"), ("", "Wikidata"))
    head = "".join(f"<th scope='col'>{arabic} <span lang='en'>{english}</span></th>" for arabic, english in heads)
    rows = "".join(_row(entity) for entity in document.entities)
    return (
        "<div class='wide' tabindex='0' role='group' aria-labelledby='entities-heading'>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(entity: Entity) -> str:
    return "<tr>" + "".join(_cells(entity)) + "</tr>"


def _cells(entity: Entity) -> Iterator[str]:
    label = entity.type if entity.type in KNOWN_TYPES else ""
    yield f"<th scope='row'><bdi class='who {label}'>{escaped(entity.name)}</bdi></th>"
    yield f"<td>{escaped(ARABIC_TYPES.get(entity.type, entity.type))}</td>"
    yield f"<td dir='ltr' lang='en'>{escaped(entity.name_en or '')}</td>"
    yield f"<td>{'، '.join(f'<bdi>{escaped(alias)}</bdi>' for alias in entity.aliases if alias != entity.name)}</td>"
    if entity.wikidata is None:
        yield "<td></td>"
    else:
        address = f"https://www.wikidata.org/wiki/{entity.wikidata}"
        yield f"<td dir='ltr'><a href='{address}' rel='noreferrer'>{entity.wikidata}</a></td>"
