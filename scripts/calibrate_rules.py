"""Sets the scores of rules to what they are worth: the share of a rule's claims that annotated documents confirm.

    python scripts/calibrate_rules.py --fit NAME PATH... [--fit NAME PATH...] [--held-out NAME PATH...] [--write]
        [--rules FILE...] [--model MODEL] [--report FILE.md] [--picture FILE.png]

PATH is an annotated document (JSON: text, mentions, entities, relations; `arner.training.data.annotated_document`) or a
folder of them. Rules read the annotated mentions, so that a rule does not answer for a missing name; a claim is right
where the document has it, optional or not. How few counts become scores: `arner.training.evaluation.rule_scores`.

--write puts the shares into the `score` lines of the built-in rule files (with --rules, of those files), and changes
nothing else in them. Without it the rule files stay as they are.

The report measures what scores promise: each --held-out group by scores fitted on all --fit groups, and each --fit
group by scores fitted on the others. With --model, names are found by that model ("default" for the embedded one), and
precision and recall over `min_score` are measured with these. --report puts the tables between the two `calibration`
comments of a Markdown file; --picture draws them.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from arner.knowledge import Knowledge, load_knowledge
from arner.relations import Rule, RuleSet, load_rules
from arner.relations.loading import BUILT_IN
from arner.relations.scores import BY_PRONOUN
from arner.schema import MentionKind
from arner.training.evaluation.relation_matching import GoldDocument, GoldName, judge, read_gold, relate_names
from arner.training.evaluation.rule_scores import (
    Fit,
    Outcome,
    calibration_error,
    equal_bins,
    fit_scores,
    mean,
    precision_recall,
    ranking,
)

THRESHOLDS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94)
FEWEST: Final = 10
"""A precision of fewer relations than these is not drawn."""
MARKS: Final = ("<!-- calibration: begin -->", "<!-- calibration: end -->")


# --- reading


class Claims(NamedTuple):
    """Of each claim between names its rule, its type and whether it is right; of each through a pronoun that alone."""

    named: list[tuple[str, str, bool]]
    by_pronoun: list[bool]


def claims_of(golds: Iterable[GoldDocument], knowledge: Knowledge, rules: RuleSet) -> Claims:
    """What the rules claim of annotated names. All score 1, so that former scores have no say in what is kept."""
    level = scored(rules, dict.fromkeys((rule.id for rule in rules.rules), 1.0))
    claims = Claims([], [])
    for gold in golds:
        for relation, verdict, _ in judge(gold, relate_names(gold.text, gold.names, knowledge, level))[0]:
            if relation.score < 1.0:  # `arner.relations.scores.BY_PRONOUN`
                claims.by_pronoun.append(verdict != "wrong")
            else:
                claims.named.append((relation.rule, relation.type.value, verdict != "wrong"))
    return claims


def scored(rules: RuleSet, scores: Mapping[str, float]) -> RuleSet:
    """The rules with other scores."""
    return replace(rules, rules=tuple(replace(rule, score=scores.get(rule.id, rule.score)) for rule in rules.rules))


class Group(NamedTuple):
    """Annotated documents under a name, and the names that a model finds in them."""

    name: str
    golds: list[GoldDocument]
    found: list[list[GoldName]]


class Measured(NamedTuple):
    """A group read with scores fitted on others: what came of each relation, by `min_score`, and how many there are."""

    group: str
    fitted_on: str
    names: str
    outcomes: list[Outcome]
    by_threshold: dict[float, list[Outcome]]
    wanted: int


def read_with(
    golds: Sequence[GoldDocument],
    names: Sequence[Sequence[GoldName]],
    knowledge: Knowledge,
    rules: RuleSet,
    min_score: float = 0.0,
) -> list[Outcome]:
    """What comes of the relations that score at least `min_score`, read from names that do."""
    outcomes = []
    for gold, given in zip(golds, names, strict=True):
        document = relate_names(gold.text, [name for name in given if name.score >= min_score], knowledge, rules)
        kept = [relation for relation in document.relations if relation.score >= min_score]
        for found in judge(gold, document, kept)[0]:
            counted = found.verdict != "optional"
            outcomes.append(Outcome(found.relation.score, found.right, counted, found.verdict == "required"))
    return outcomes


def measure(group: Group, fitted_on: str, rules: RuleSet, knowledge: Knowledge) -> list[Measured]:
    """The group read from the annotated names and, where there are any, from those that the model found."""
    wanted = sum(not relation.optional for gold in group.golds for relation in gold.relations)
    result = []
    for label, names in (("annotated", [list(gold.names) for gold in group.golds]), ("found", group.found)):
        if names:
            curve = {t: read_with(group.golds, names, knowledge, rules, t) for t in THRESHOLDS}
            result.append(Measured(group.name, fitted_on, label, curve[0.0], curve, wanted))
    return result


# --- writing


def write_scores(path: Path, scores: Mapping[str, float]) -> int:
    """Put the scores into a rule file, and say how many changed. All but the scores stays as it is.

    Raises:
        ValueError: the file is written in a way in which its scores cannot be found.
    """
    text = path.read_text("utf-8")
    before = tomllib.loads(text)
    lines = text.splitlines(keepends=True)
    heads = [n for n, line in enumerate(lines) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
    tables = before.get("rule", [])
    if len(heads) != len(tables):
        raise ValueError(f"{path}: write each rule as a [[rule]] table of its own")
    changed = 0
    for head, table in reversed(list(zip(heads, tables, strict=True))):
        wanted = scores.get(table["id"])
        if wanted is None or table.get("score") == wanted:
            continue
        changed += 1
        at = next((n for n in range(head + 1, len(lines)) if re.match(r"\s*score\s*=|\[", lines[n])), len(lines))
        if "score" in table:
            if at == len(lines):
                raise ValueError(f"{path}: rule {table['id']!r}: write its score on a line of its own")
            lines[at] = re.sub(r"(score\s*=\s*)[0-9.eE+-]+", rf"\g<1>{wanted}", lines[at], count=1)
        else:
            at = next(n for n in range(head + 1, len(lines)) if re.match(r"\s*id\s*=", lines[n]))
            lines.insert(at + 1, f"score = {wanted}\n")
    text = "".join(lines)
    _check_only_scores(path, before, tomllib.loads(text), scores)
    if changed:
        path.write_text(text, "utf-8")
    return changed


def _check_only_scores(path: Path, before: Any, after: Any, scores: Mapping[str, float]) -> None:
    for table in before.get("rule", []):
        if table["id"] in scores:
            table["score"] = scores[table["id"]]
    if before != after:
        raise ValueError(f"{path}: its scores cannot be found; write each as a line score = 0.8 below its [[rule]]")


def to_score(rules: Iterable[Rule], files: Sequence[Path]) -> list[Rule]:
    """The rules of these files that claim something; of all files where none is given. Others need no score."""
    own = {path.resolve() for path in files}
    return [rule for rule in rules if rule.claims and (not own or Path(rule.file).resolve() in own)]


# --- reporting


def report(measured: Sequence[Measured], fitted: Fit, fitted_on: str, by_pronoun: Sequence[bool]) -> str:
    """The tables as Markdown."""
    count = sum(c.all for c in fitted.counts.values())
    first = (
        f"Scores fitted on {fitted_on}: {count} claims of {len(fitted.counts)} rules between names, "
        f"{fitted.everything:.1%} right; a type is drawn towards all as by {fitted.strength[0]} claims, "
        f"a rule towards its type as by {fitted.strength[1]}. Of {len(by_pronoun)} claims through a pronoun, "
        f"{sum(by_pronoun)} are right; each scores {BY_PRONOUN} times what its rule does."
    )
    if not measured:
        return first
    lines = [
        first,
        "",
        "| texts | scores fitted on | names | relations | mean score | right | calibration error | ranking |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for m in measured:
        shares = (mean(o.score for o in m.outcomes), mean(o.right for o in m.outcomes))
        lines.append(
            f"| {m.group} | {m.fitted_on} | {m.names} | {len(m.outcomes)} | {shares[0]:.3f} | {shares[1]:.3f} "
            f"| {calibration_error(m.outcomes):.3f} | {ranking(m.outcomes):.2f} |"
        )
    shown = [m for m in measured if m.names == "found"] or list(measured)
    lines += ["", f"Precision / recall of relations from names {shown[0].names}:", ""]
    lines.append("| `min_score` | " + " | ".join(m.group for m in shown) + " |")
    lines.append("|---" * (len(shown) + 1) + "|")
    for threshold in THRESHOLDS:
        cells = []
        for m in shown:
            p, r = precision_recall(m.by_threshold[threshold], m.wanted)
            cells.append("–" if math.isnan(p) else f"{p:.3f} / {r:.3f}")
        lines.append(f"| {threshold} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def draw(measured: Sequence[Measured], path: Path) -> None:
    """Two panels: how often relations of a score are right, and precision against recall over `min_score`."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import MultipleLocator

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
    for names, colour, marker in (("annotated", "#2a6f97", "o"), ("found", "#c8553d", "s")):
        outcomes = [o for m in measured if m.names == names for o in m.outcomes]
        if not outcomes:
            continue
        scores, shares, sizes = zip(*equal_bins(outcomes), strict=True)
        errors = [math.sqrt(max(p * (1 - p), 0.01) / n) for p, n in zip(shares, sizes, strict=True)]
        left.errorbar(
            scores,
            shares,
            yerr=errors,
            fmt=marker + "-",
            color=colour,
            capsize=3,
            label=f"names {names} (± standard error)",
        )
    low = min(left.get_xlim()[0], 0.8)
    left.plot([low, 1], [low, 1], "--", color="#888", linewidth=1, label="score = share of right ones")
    left.set(xlabel="score", ylabel="share of right relations", xlim=(low, 1.01), ylim=(min(low, 0.7), 1.03))
    left.legend(loc="lower right", frameon=False)
    shown = [m for m in measured if m.names == "found"] or list(measured)
    marked: list[tuple[str, float, float]] = []
    drawn: list[tuple[float, float]] = []
    styles = dict(zip(dict.fromkeys(m.group for m in shown), ("-", "--", ":"), strict=False))
    for m in shown:
        points = [
            (t, *precision_recall(outcomes, m.wanted))
            for t, outcomes in m.by_threshold.items()
            if sum(o.counted for o in outcomes) >= FEWEST
        ]
        colour = "#2a6f97" if m.names == "annotated" else "#c8553d"
        right.plot(
            [r for _, _, r in points],
            [p for _, p, _ in points],
            styles.get(m.group, "-."),
            color=colour,
            marker=".",
            label=f"{m.group}: names {m.names}",
        )
        marked += [(f"{t:g}", r, p) for t, p, r in points if t in (0.8, 0.85, 0.9)]
        places = [(r, p) for _, p, r in points]
        steps = [(one, other, n / 20) for one, other in pairwise(places) for n in range(21)]
        drawn += [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b, share in steps]
    right.set(xlabel="recall", ylabel="precision", ylim=(min(0.85, right.get_ylim()[0]), 1.015))
    right.set_title("min_score from 0 (at the right) to 0.94", fontsize=10)
    right.legend(loc="lower left", frameon=False)
    left.xaxis.set_major_locator(MultipleLocator(0.05))
    for axes in (left, right):
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    label_points(right, marked, drawn)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=130)
    plt.close(figure)


def label_points(axes: Any, marked: Sequence[tuple[str, float, float]], drawn: Sequence[tuple[float, float]]) -> None:
    """Write words at points, each where it covers neither other words nor the legend, and the least of the lines."""
    figure = axes.figure
    figure.canvas.draw()  # so that the layout is settled
    dots = [tuple(axes.transData.transform(point)) for point in drawn]
    taken = [axes.get_legend().get_window_extent()]
    whole = axes.get_window_extent()
    for words, x, y in marked:
        note = axes.annotate(words, (x, y), (0, 10), textcoords="offset points", fontsize=8, ha="center", va="center")
        places = []
        for far in (10, 15, 21, 28):
            for turn in range(12):
                angle = math.pi / 2 + turn * math.pi / 6
                note.set_position((far * 1.2 * math.cos(angle), far * math.sin(angle)))
                box = note.get_window_extent()
                hidden = 100 * sum(box.overlaps(other) for other in taken) + sum(box.contains(*dot) for dot in dots)
                outside = not (whole.contains(box.x0, box.y0) and whole.contains(box.x1, box.y1))
                places.append((hidden + 100 * outside, len(places), note.get_position()))
        note.set_position(min(places)[2])
        taken.append(note.get_window_extent())


def put_report(path: Path, text: str) -> None:
    """Replace what stands between the two marks of a Markdown file.

    Raises:
        ValueError: the file lacks the marks.
    """
    page = path.read_text("utf-8")
    begin, end = (page.find(mark) for mark in MARKS)
    if not 0 <= begin < end:
        raise ValueError(f"{path}: has no lines {MARKS[0]} and {MARKS[1]} for the report to stand between")
    path.write_text(f"{page[: begin + len(MARKS[0])]}\n\n{text}\n\n{page[end:]}", "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, measure, and write what is asked for."""
    head, _, tail = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=head, epilog=tail, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    groups: dict[str, Any] = {"nargs": "+", "action": "append", "metavar": ("NAME", "PATH"), "default": []}
    parser.add_argument("--fit", required=True, help="a name, and annotated documents to fit on", **groups)
    parser.add_argument("--held-out", help="a name, and annotated documents only to measure on", **groups)
    parser.add_argument("--write", action="store_true", help="write the scores into the rule files")
    parser.add_argument("--rules", nargs="+", type=Path, default=[], help="rule files of your own: fit these alone")
    parser.add_argument("--model", help="also measure with the names that this model finds")
    parser.add_argument("--report", type=Path, help="Markdown file with calibration marks to put the tables into")
    parser.add_argument("--picture", type=Path, help="PNG or SVG to draw")
    options = parser.parse_args(arguments)
    if any(len(group) < 2 for group in [*options.fit, *options.held_out]):
        parser.error("--fit and --held-out take a name and at least one path")

    knowledge, rules = load_knowledge(), load_rules(options.rules)
    fit_groups = [Group(name, read_gold(paths), []) for name, *paths in options.fit]
    held_out = [Group(name, read_gold(paths), []) for name, *paths in options.held_out]
    if options.model:
        find = _finder(options.model)
        fit_groups = [group._replace(found=find(group.golds)) for group in fit_groups]
        held_out = [group._replace(found=find(group.golds)) for group in held_out]
    chosen = to_score(rules.rules, options.rules)
    claims = {group.name: claims_of(group.golds, knowledge, rules) for group in fit_groups}

    def fit_on(names: Sequence[str]) -> Fit:
        return fit_scores([claim for name in names for claim in claims[name].named], chosen)

    everything = fit_on(list(claims))
    all_names = " and ".join(claims)
    measured: list[Measured] = []
    for group in fit_groups:
        others = [name for name in claims if name != group.name]
        if others:
            scores = scored(rules, fit_on(others).scores)
            measured += measure(group, " and ".join(others), scores, knowledge)
    for group in held_out:
        measured += measure(group, all_names, scored(rules, everything.scores), knowledge)
    text = report(measured, everything, all_names, [right for found in claims.values() for right in found.by_pronoun])
    print(text)
    if options.report:
        put_report(options.report, text)
    if options.picture:
        draw(measured, options.picture)
    if options.write:
        files = options.rules or sorted(BUILT_IN.glob("*.toml"))
        print(f"{sum(write_scores(path, everything.scores) for path in files)} scores changed", file=sys.stderr)


def _finder(model: str) -> Callable[[Sequence[GoldDocument]], list[list[GoldName]]]:
    from arner import Extractor

    extractor = Extractor(model)

    def find(golds: Sequence[GoldDocument]) -> list[list[GoldName]]:
        return [
            [
                GoldName(m.start, m.end, m.type, m.entity, m.score)
                for m in document.mentions
                if m.kind is MentionKind.NAME
            ]
            for document in extractor.pipe(gold.text for gold in golds)
        ]

    return find


if __name__ == "__main__":
    main()
