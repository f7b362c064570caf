"""An evaluation as one HTML page that needs nothing else: figures, and every mistake in its context.

Like the page of a document, it runs no script, reads from right to left, follows a light or dark theme and escapes all
text. Each kind of mistake is a section that folds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from arner._version import __version__
from arner.export.html.markup import KNOWN_TYPES, escaped
from arner.export.html.style import style
from arner.training.evaluation.compare import Comparison, Difference
from arner.training.evaluation.mistakes import Mistake, MistakeKind
from arner.training.evaluation.relation_scores import RelationMistake, RelationReport
from arner.training.evaluation.scores import LEVEL, Interval, Score

if TYPE_CHECKING:
    from arner.training.evaluation.evaluating import EvaluationReport

__all__ = ["evaluation_page"]

_META: Final = (
    "<meta charset='utf-8'><meta name='viewport' content='width=device-width, initial-scale=1'>"
    "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)
_STYLE: Final = (
    ".arner summary{cursor:pointer;font-weight:600;padding-block:.4rem}"
    ".arner .num{font-variant-numeric:tabular-nums;direction:ltr;text-align:end}"
    ".arner .gold{border-block-end:3px solid var(--strong);background:none}"
    ".arner .found{outline:2px dashed var(--no);outline-offset:1px}"
    ".arner .context{min-width:22rem;line-height:2}"
    ".arner tr.all{font-weight:700}"
)
_ARABIC: Final = {
    MistakeKind.BOUNDARY: "حدود الاسم",
    MistakeKind.TYPE: "نوع الاسم",
    MistakeKind.BOUNDARY_AND_TYPE: "الحدود والنوع",
    MistakeKind.MISSED: "أسماء فائتة",
    MistakeKind.SPURIOUS: "أسماء زائدة",
}


def evaluation_page(report: EvaluationReport) -> str:
    """The whole page."""
    title = escaped(report.model)
    counts = f"{report.texts:,} texts · {report.tokens:,} tokens · {len(report.mistakes):,} mistakes"
    return "".join(
        (
            f"<!doctype html>\n<html lang='ar' dir='rtl'><head>{_META}<title>{title}</title>",
            f"<style>{style('colours', 'page')}{_STYLE}</style></head>\n<body class='arner'>",
            f"<header><h1><bdi>{title}</bdi></h1><p class='dim' dir='ltr' lang='en'>{counts}</p></header>\n<main>",
            _section("الأسماء", "Names, strict (seqeval, IOB2)", _names(report)),
            _section("الملفات", "Files", _files(report)),
            _section("الأخطاء", "Mistakes", "".join(_mistakes(report.mistakes))),
            _section("العلاقات", "Relations", _relations(report.relations)),
            _section("مقارنة", "Comparison", _comparison(report.model, report.comparison)),
            f"</main>\n<footer class='dim' dir='ltr' lang='en'>arner {__version__}</footer></body></html>\n",
        )
    )


def _section(arabic: str, english: str, content: str) -> str:
    if not content:
        return ""
    return f"<section><h2>{arabic} <span lang='en' dir='ltr'>{escaped(english)}</span></h2>{content}</section>\n"


def _names(report: EvaluationReport) -> str:
    rows = [*_score_rows(report.strict_by_type, report.intervals_by_type)]
    rows.append(_score_row("all", report.strict, report.interval))
    extra = [f"lenient F1, as seqeval counts by default: {report.lenient.f1:.3f}"]
    if report.spans is not None:
        extra.append(f"exact character spans, clitics outside: F1 {report.spans.f1:.3f}")
    if report.ignored_types:
        extra.append(f"not counted, since the data never shows them: {', '.join(report.ignored_types)}")
    if report.unknown_types:
        extra.append(f"types that the model does not know: {', '.join(report.unknown_types)}")
    return _score_table("type", rows) + _lines(extra)


def _files(report: EvaluationReport) -> str:
    if len(report.strict_by_file) < 2:
        return ""
    return _score_table("file", _score_rows(report.strict_by_file, {}))


def _score_rows(scores: dict[str, Score], intervals: dict[str, Interval]) -> Iterator[str]:
    for name, score in scores.items():
        yield _score_row(name, score, intervals.get(name))


def _score_row(name: str, score: Score, interval: Interval | None) -> str:
    sure = "" if interval is None else f"{interval.low:.3f} to {interval.high:.3f}"
    figures = (f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}", sure)
    counts = (f"{score.gold:,}", f"{score.predicted:,}", f"{score.correct:,}")
    cells = "".join(f"<td class='num'>{figure}</td>" for figure in (*figures, *counts))
    kind = " class='all'" if name == "all" else ""
    return f"<tr{kind}><th scope='row'><bdi>{escaped(name)}</bdi></th>{cells}</tr>"


def _score_table(first: str, rows: Iterable[str]) -> str:
    heads = (first, "precision", "recall", "F1", f"{LEVEL:.0%} interval", "in the data", "found", "correct")
    return _table(heads, rows)


def _table(heads: Sequence[str], rows: Iterable[str]) -> str:
    head = "".join(f"<th scope='col' lang='en'><bdi dir='ltr'>{name}</bdi></th>" for name in heads)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f"<div class='wide' tabindex='0'>{table}</div>"


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"<p class='dim' dir='ltr' lang='en'>{escaped(line)}</p>" for line in lines)


def _mistakes(mistakes: Sequence[Mistake]) -> Iterator[str]:
    if mistakes:
        yield _lines(["underlined: the name in the data; in a dashed frame: the name found"])
    for kind in MistakeKind:
        some = [mistake for mistake in mistakes if mistake.kind is kind]
        if not some:
            continue
        rows = "".join(map(_mistake_row, some))
        table = _table(("in the data", "found", "context", "where"), [rows])
        yield (
            f"<details open id='{kind.name.lower()}'><summary>{_ARABIC[kind]} "
            f"<span lang='en' class='dim'>{kind.value} · {len(some):,}</span></summary>{table}</details>"
        )


def _mistake_row(mistake: Mistake) -> str:
    names = ((mistake.gold, mistake.gold_type), (mistake.predicted, mistake.predicted_type))
    return (
        f"<tr>{''.join(f'<td>{_name(*name)}</td>' for name in names)}<td class='context'>{_context(mistake)}</td>"
        f"<td><bdi class='dim' dir='ltr'>{escaped(mistake.source)}</bdi></td></tr>"
    )


def _name(name: str | None, kind: str | None) -> str:
    if name is None or kind is None:
        return "<span class='dim'>—</span>"
    label = kind if kind in KNOWN_TYPES else ""
    return f"<bdi class='who {label}'>{escaped(name)}</bdi> <bdi class='dim'>{escaped(kind)}</bdi>"


def _context(mistake: Mistake) -> str:
    """The words around, with the name in the data underlined and the one found in a frame."""
    text, spans = mistake.context, (mistake.gold_at, mistake.predicted_at)
    bounds = sorted({0, len(text), *(at for span in spans if span is not None for at in span)})
    pieces: list[str] = []
    for start, end in zip(bounds, bounds[1:], strict=False):
        inside = [span is not None and span[0] <= start and end <= span[1] for span in spans]
        classes = " ".join(name for name, here in zip(("gold", "found"), inside, strict=True) if here)
        piece = escaped(text[start:end])
        pieces.append(f"<span class='{classes}'>{piece}</span>" if classes else piece)
    return f"<bdi>{''.join(pieces)}</bdi>"


def _relations(report: RelationReport | None) -> str:
    if report is None:
        return ""
    rows = [*_score_rows(report.relations_by_type, {}), _score_row("all", report.relations, report.interval)]
    attributes = [
        f"{name} right: {score.correct} of {score.total}" for name, score in report.attributes.items() if score.total
    ]
    names = f"names, exact spans, as extract gives them: F1 {report.names.f1:.3f}"
    optional = f"optional triples read, not counted: {report.optional_found}"
    mistakes = _table(("triple", "mistake", "evidence", "rule", "where"), map(_triple_row, report.mistakes))
    folded = f"<details open><summary lang='en'>{len(report.mistakes):,} mistakes</summary>{mistakes}</details>"
    return _score_table("relation", rows) + _lines([*attributes, names, optional]) + folded * bool(report.mistakes)


def _triple_row(mistake: RelationMistake) -> str:
    denied = " class='negated'" if mistake.polarity == "negated" else ""
    triple = (
        f"<bdi>{escaped(mistake.subject)}</bdi> <span class='verb' lang='en'>{mistake.type.value}</span> "
        f"<bdi>{escaped(mistake.object)}</bdi>"
    )
    cells = (mistake.kind.value, escaped(mistake.evidence or ""), escaped(mistake.rule or ""), escaped(mistake.source))
    return f"<tr{denied}><td>{triple}</td>" + "".join(f"<td><bdi>{cell}</bdi></td>" for cell in cells) + "</tr>"


def _comparison(model: str, comparison: Comparison | None) -> str:
    if comparison is None:
        return ""
    rows = [_difference_row(kind, apart) for kind, apart in comparison.names_by_type.items()]
    rows.append(_difference_row("all", comparison.names))
    if comparison.relations is not None:
        rows.append(_difference_row("relations", comparison.relations))
    heads = ("type", f"<bdi>{escaped(model)}</bdi> F1", f"<bdi>{escaped(comparison.model)}</bdi> F1", "difference")
    note = f"approximate randomisation over {comparison.texts:,} texts, {comparison.rounds:,} rounds, two-sided"
    return _table((*heads, f"{comparison.level:.0%} interval", "p"), rows) + _lines([note])


def _difference_row(name: str, apart: Difference) -> str:
    sure = "" if apart.low is None or apart.high is None else f"{apart.low:+.3f} … {apart.high:+.3f}"
    chance = "" if apart.p_value is None else f"{apart.p_value:.4f}"
    figures = (f"{apart.first.f1:.3f}", f"{apart.second.f1:.3f}", f"{apart.difference:+.3f}", sure, chance)
    cells = "".join(f"<td class='num'>{figure}</td>" for figure in figures)
    kind = " class='all'" if name == "all" else ""
    return f"<tr{kind}><th scope='row'><bdi>{escaped(name)}</bdi></th>{cells}</tr>"
