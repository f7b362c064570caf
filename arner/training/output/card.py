"""The card of a fine-tuned model: README.md in its folder, in the form that the Hugging Face hub reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from arner._version import __version__
from arner.training.data.report import FileReport
from arner.training.evaluation.scores import Score
from arner.training.output.folder import FP32_TOLERANCE, INT8_AGREEMENT
from arner.training.output.report import FinetuneReport
from arner.training.tuning.config import FinetuneConfig

__all__ = ["model_card"]


def model_card(report: FinetuneReport, config: FinetuneConfig, *, licence: str | None, hub_id: str | None) -> str:
    """The card as Markdown.

    Args:
        licence: of the base model's weights, which binds those made from them; None where it is not known.
        hub_id: of the base model, if it came from the Hugging Face hub.
    """
    return "\n".join(_lines(report, config, licence, hub_id)) + "\n"


def _lines(report: FinetuneReport, config: FinetuneConfig, licence: str | None, hub_id: str | None) -> Iterator[str]:
    plan, evaluation = report.plan, report.evaluation
    assert evaluation is not None and report.output is not None  # a card is written after a run
    types = (*plan.kept_types, *plan.unmarked_types, *plan.new_types)
    yield "---"
    yield "language: ar"
    if licence:
        yield f"license: {licence.lower()}"
    if hub_id:
        yield f"base_model: {hub_id}"
    yield from (
        "library_name: transformers",
        "pipeline_tag: token-classification",
        "tags:",
        "- ner",
        "- arner",
        "---",
        "",
    )
    yield from (f"# {evaluation.model}", "")
    yield f"Names in Arabic text: {', '.join(types)}. Fine-tuned by arner {__version__} from `{_public(plan.base)}`."
    yield from ("", "```python", "import arner", "")
    yield from (f'doc = arner.extract(text, model="{_public(report.output)}")', "```", "", "## How well it reads", "")
    files = ", ".join(map(_public, evaluation.files))
    yield (
        f"seqeval, strict IOB2, on {'a part of the training data that was held out' if plan.held_out else files}"
        f" ({evaluation.texts:,} texts, {evaluation.tokens:,} tokens), "
        "of the model as it is in this folder. The best epoch was chosen by the same data, so a test on other data "
        "may come out lower."
    )
    yield from ("", "| type | precision | recall | F1 | names |", "|---|---|---|---|---|")
    for kind, score in evaluation.strict_by_type.items():
        yield _row(kind, score)
    yield _row("**all**", evaluation.strict)
    yield ""
    if evaluation.interval is not None:
        sure = evaluation.interval
        yield f"- F1 of all names: {sure.low:.3f} to {sure.high:.3f} ({sure.level:.0%} interval, bootstrap over texts)"
    yield f"- lenient F1 (seqeval's default mode): {evaluation.lenient.f1:.3f}"
    if evaluation.spans is not None:
        yield f"- exact character spans, clitics outside: F1 {evaluation.spans.f1:.3f}"
    if report.base_score is not None:
        yield f"- the base model on the same data: F1 {report.base_score.f1:.3f}"
    if evaluation.mistakes_by_kind:
        counts = ", ".join(f"{kind} {count}" for kind, count in evaluation.mistakes_by_kind.items())
        yield f"- mistakes: {counts}"
    yield from ("", "![Which types are confused](confusion.png)", "", "### Scores", "")
    yield from _scores(report)
    yield from ("", "## Labels", "")
    yield f"- of the base model, and marked in the data: {', '.join(plan.kept_types) or 'none'}"
    yield f"- new: {', '.join(plan.new_types) or 'none'}"
    if plan.unmarked_types:
        yield (
            f"- of the base model, and not marked in the data: {', '.join(plan.unmarked_types)}. Unmarked words were "
            "taken for what the base model says of them"
        )
    if report.retention is not None:
        kept = report.retention
        yield (
            f"- of those types, the base model finds {kept.gold:,} names in the evaluation text (and rehearsal text "
            f"that was kept back) and this model {kept.predicted:,}; {kept.correct:,} are the same (F1 {kept.f1:.3f})"
        )
    if plan.dropped_types:
        yield f"- of the base model, but not in the data, so not known any more: {', '.join(plan.dropped_types)}"
    yield from ("", "## Data", "", "| file | form | sentences | words | names |", "|---|---|---|---|---|")
    for file in (*report.data.train, *report.data.eval):
        yield _file_row(file)
    yield ""
    data = report.data
    yield (
        f"Repairs {len(data.repairs)}, duplicates {len(data.duplicates)}, contradictions {len(data.conflicts)}, "
        f"sentences shared by training and evaluation {len(data.leaks)}."
    )
    yield from ("", "## Training", "")
    epochs = f"{len(report.epochs)} epochs of at most {plan.epochs}, best {report.best_epoch}"
    more = f" and {plan.rehearsal_sentences:,} of rehearsal" if plan.rehearsal_sentences else ""
    yield f"- {plan.train_sentences:,} sentences{more}, {epochs}"
    decay = f" (each layer {plan.layer_decay:g} of the one above)" if plan.layer_decay < 1 else ""
    yield (
        f"- peak learning rate {plan.learning_rate:g}{decay}, {plan.batch_tokens * config.accumulate:,} tokens a step, "
        f"seed {config.seed}, {plan.precision} on {plan.device}"
    )
    adapters = f", {plan.trained_parameters:,} of them in adapters of rank {config.lora}" if config.lora else ""
    yield f"- {plan.parameters:,} parameters{adapters}, {report.seconds or 0:.0f} seconds"
    if report.share is not None and report.share < 1:
        yield f"- the weights are a mean: {report.share:.0%} trained, {1 - report.share:.0%} of the base model"
    yield from (
        "",
        "![Loss and F1 of each epoch](learning_curve.png)",
        "",
        "| epoch | loss | strict F1 |",
        "|---|---|---|",
    )
    for epoch in report.epochs:
        yield f"| {epoch.number} | {epoch.loss:.4f} | {epoch.f1:.3f} |"
    if report.onnx:
        yield from ("", "## Files", "", "| file | MB | same label | largest difference of a probability |")
        yield "|---|---|---|---|"
        for check in report.onnx:
            size = f"{check.bytes / 1e6:.1f}"
            yield f"| {check.file} | {size} | {check.agreement:.2%} of {check.words:,} words | {check.difference:.4f} |"
        yield ""
        yield (
            "Compared with `model.safetensors` on the evaluation data. A 32-bit copy is written if no probability "
            f"differs by more than {FP32_TOLERANCE}, an 8-bit copy if {INT8_AGREEMENT:.0%} of the words get the same "
            "label."
        )
    for note in report.notes:
        yield from ("", f"Note: {note}.")


def _scores(report: FinetuneReport) -> Iterator[str]:
    calibration = report.calibration
    assert calibration is not None
    yield (
        "A name's score is the geometric mean of its words' probabilities of its type. The expected calibration error "
        f"is {calibration.error:.3f} (ten bins, {calibration.names:,} names); the temperature "
        f"{calibration.temperature:g} was fitted on the same data, so the error on other data may be larger."
    )
    yield from ("", "![How often names of a score are right](calibration.png)")


def _public(place: str) -> str:
    """A path as a card names it, which others read: where it lies on this machine is left out."""
    return Path(place).name if Path(place).is_absolute() else place


def _row(name: str, score: Score) -> str:
    return f"| {name} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} | {score.gold:,} |"


def _file_row(file: FileReport) -> str:
    names = ", ".join(f"{kind} {count:,}" for kind, count in file.names.items())
    return f"| {_public(file.file)} | {file.form} | {file.sentences:,} | {file.words:,} | {names} |"
