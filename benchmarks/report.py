"""Results as a Markdown page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["markdown"]


def markdown(results: dict[str, Any]) -> str:
    """The tables of a run; how to read them is said in docs/PERFORMANCE.md."""
    parts = [f"# {results['machine']['processor']}, {results['machine']['cores']} cores", _machine(results)]
    if results.get("quality"):
        parts.append("## Quality: strict F1 of names\n\n" + _quality(results["quality"]))
    if results.get("comparison"):
        parts.append("## Against what could be used instead\n\n" + _comparison(results["comparison"]))
    if results.get("speed"):
        parts.append("## Speed and memory of arner\n\n" + _speed(results["speed"]))
    if results.get("roofline"):
        rows = results["roofline"]
        parts.append("## Share of what the processor can do\n\n" + "\n\n".join(map(_roofline, rows)))
    if results.get("profile"):
        parts.append("## Where the time goes\n\n" + _profile(results["profile"]))
    if results.get("open"):
        parts.append("## Left open\n\n" + "\n".join(f"- {line}" for line in results["open"]))
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines)


def _machine(results: dict[str, Any]) -> str:
    machine = results["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return (
        f"`{results['command']}`, {results['date']}, {results['minutes']:.1f} minutes; load before the run: "
        f"{machine['load before']}; Python {machine['python']}, {machine['system']}; {packages}; "
        f"model {results['model']}."
    )


def _quality(rows: Sequence[dict[str, Any]]) -> str:
    kinds = list(dict.fromkeys(kind for row in rows for kind in row["by_type"]))
    return _table(
        ["data", "model", "texts", "P", "R", "F1", *kinds],
        [
            [
                row["data"],
                row["model"],
                row["texts"],
                *(f"{100 * row[name]:.2f}" for name in ("precision", "recall", "f1")),
                *(f"{100 * row['by_type'][kind]:.2f}" if kind in row["by_type"] else "" for kind in kinds),
            ]
            for row in rows
        ],
    )


def _comparison(found: dict[str, Any]) -> str:
    rows = sorted(found["rows"], key=lambda row: -row["words_per_second"])
    table = _table(
        ["", "words/s", "arner is faster by", "p", "settings"],
        [
            [
                row["name"],
                f"{row['words_per_second']:,.0f}",
                "" if row["p"] is None else f"{row['times_slower']:.2f}×",
                "" if row["p"] is None else f"{row['p']:.4f}",
                row["note"],
            ]
            for row in rows
        ],
    )
    method = (
        f"{found['chunks']} chunks of texts, {found['words']:,} words, read by all in turns. The ratio is the median "
        "over the chunks, for models to arner's names *and* relations, for rules to arner without its model; p is "
        "that of a paired sign-flip permutation test."
    )
    lines = [method, table]
    if found["absent"]:
        lines.append("\n".join(f"- {name} is absent: {reason}." for name, reason in found["absent"].items()))
    return "\n\n".join(lines)


def _speed(rows: Sequence[dict[str, Any]]) -> str:
    return _table(
        ["what", "cores", "words", "words/s", "texts/s", "p50 ms", "p99 ms", "peak MB", "growth MB"],
        [
            [
                row["label"],
                row.get("cores") or "all",
                f"{row['words']:,}",
                f"{row['words_per_second']:,.0f}",
                f"{row['documents_per_second']:.1f}",
                "" if row["p50_ms"] is None else f"{row['p50_ms']:.0f}",
                "" if row["p99_ms"] is None else f"{row['p99_ms']:.0f}",
                f"{row['peak_mb']:.0f}",
                "" if row["growth_mb"] is None else f"{row['growth_mb']:.0f}",
            ]
            for row in rows
        ],
    )


def _roofline(found: dict[str, Any]) -> str:
    encoder = (
        f"- encoder alone: {found['tokens_per_second']:,.0f} tokens/s on {found['threads']} "
        f"{'thread' if found['threads'] == 1 else 'threads'}, "
        f"{found['tokens_read_per_word']:.2f} tokens read a word (context of windows included), windows of "
        f"{found['mean_window']:.0f} tokens"
    )
    needs = f"- it needs {1000 * found['gflop_per_token']:.1f} MFLOP a token: {found['encoder_gflops']:,.0f} GFLOP/s"
    lines = [encoder, needs]
    if "share_of_limit" in found:
        lines.append(
            f"- products by weights at the int8 rate and those of attention at the fp32 rate would give "
            f"{found['limit_tokens_per_second']:,.0f} tokens/s: the encoder is at {found['share_of_limit']:.0%} of that"
        )
    for kind in ("fp32", "int8"):
        if f"{kind}_absent" in found:
            lines.append(f"- {kind} not measured: {found[f'{kind}_absent']}")
        else:
            lines.append(
                f"- a bare {kind} product runs at {found[f'{kind}_gflops']:,.0f} GFLOP/s: the encoder is at "
                f"{found[f'share_of_{kind}']:.0%} of it"
            )
    return "\n".join(lines)


def _profile(found: dict[str, Any]) -> str:
    layers = found["layers_us_per_word"]
    whole = sum(layers.values())
    order = sorted(layers.items(), key=lambda item: -item[1])
    table = _table(["layer", "µs a word", "share"], [[n, f"{v:.1f}", f"{v / whole:.1%}"] for n, v in order])
    parts = [f"One core, CPU time, {found['words']:,} words; the least of five rounds for each layer.", table]
    if "operators_ms" in found:
        operators = found["operators_ms"]
        total = sum(operators.values())
        shown = {name: value for name, value in operators.items() if value >= 0.01 * total}
        rows = [[f"`{name}`", f"{value:.2f}", f"{value / total:.1%}"] for name, value in shown.items()]
        rows.append(["the others", f"{total - sum(shown.values()):.2f}", f"{1 - sum(shown.values()) / total:.1%}"])
        parts.append(f"Within the encoder, for a window of {found['window_tokens']:.0f} tokens, {total:.1f} ms:")
        parts.append(_table(["operator", "ms", "share"], rows))
    return "\n\n".join(parts)
