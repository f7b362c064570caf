"""`arner.finetune`: labelled text and a base model → a model folder that `arner.extract` loads, with its card."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from arner.errors import InputError, LabelledDataError
from arner.knowledge import load_knowledge
from arner.ner.labels import LabelScheme
from arner.ner.models import load_recognizer
from arner.training.base import Base, load_base, quiet_transformers
from arner.training.card import model_card
from arner.training.config import FinetuneConfig
from arner.training.data_report import data_report
from arner.training.evaluation import evaluate_texts
from arner.training.export_onnx import require_onnx
from arner.training.finetune_report import EpochReport, FinetunePlan, FinetuneReport
from arner.training.heads import LabelPlan, fit_head, plan_labels
from arner.training.labelled import LabelledText, passages
from arner.training.loop import Hardware, Progress, TrainingRun, choose_hardware
from arner.training.output import write_model
from arner.training.predictions import TOGETHER
from arner.training.reading import LabelledData, ReadData, read_labelled
from arner.training.scores import Score, require_seqeval
from arner.training.sequences import encode
from arner.training.split import hold_out

__all__ = ["finetune"]

_STRIDE: Final = 48


@quiet_transformers()
def finetune(
    train: LabelledData,
    output: str | Path,
    *,
    base: str | Path = "default",
    eval: LabelledData | None = None,
    types: Mapping[str, str] | None = None,
    config: FinetuneConfig | None = None,
    dry_run: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    **options: Any,
) -> FinetuneReport:
    """Train a model on labelled text, starting from another one.

    The new model knows the types of the training data. It keeps what the base model has learnt of types that both know,
    and does not know types that the data never shows. The folder `output` holds it as safetensors and, for a CPU, as
    ONNX with 8-bit weights, with a card (README.md); `arner.extract(text, model=output)` and transformers both load it.

    A run that was stopped goes on when it is called again with the same arguments, and ends at the same weights.

    Args:
        train: a path (CoNLL; JSON of arner, doccano, Label Studio or Prodigy), a `datasets.Dataset` or a folder of one,
            or a sequence of such.
        output: folder to make.
        base: name of an embedded model, a local folder, or a Hugging Face id.
        eval: data to choose the best epoch by and to report on; by default a part of `train` is held out.
        types: other names for types of the data, such as ``{"PERS": "PER"}``.
        config: options as one object; or give them by name: `epochs`, `learning_rate`, `batch_size`, …
        dry_run: settle the plan and measure the time of a step, and write nothing.
        on_progress: called after every optimiser step.

    Raises:
        LabelledDataError: the data are missing or malformed; with file and line.
        MissingExtraError: torch, transformers, … are not installed.
        ModelError: the base model cannot be found or fine-tuned.
        InputError: an option is wrong, or `output` holds something else.
    """
    settings = _settings(config, options)
    output = Path(output)
    if not dry_run:
        _check_output(output)
    require_seqeval("Fine-tuning")
    if settings.onnx:
        require_onnx()  # here, and not after hours of training
    read = read_labelled(train, types=types)
    held = None if eval is None else read_labelled(eval, types=types)
    if not read.types:
        raise LabelledDataError("no name is labelled here, so there is nothing to learn", path=read.files[0].name)
    learn, judge = _parts(read, held, settings)
    start = load_base(str(base))
    hardware = choose_hardware(settings)
    plan = plan_labels(start.scheme, read.types)
    window = min(settings.window, int(getattr(start.model.config, "max_position_embeddings", settings.window)) - 2)
    fit_head(start.model, start.scheme, plan, settings.seed)
    index = {label: number for number, label in enumerate(plan.labels)}
    # Every sentence is learnt alone and in its passage, since the library reads either; it is judged as it is read.
    alone, in_passage, judged = (
        encode(texts, start.tokenizer, index, window=window, stride=_stride(window))
        for texts in (_sentences(learn), _passages(learn), passages(judge, TOGETHER))
    )
    data = data_report(read, held, start.tokenizer, window)
    run = TrainingRun(
        start.model,
        LabelScheme(plan.labels),
        [*alone, *in_passage],
        judged,
        config=settings,
        hardware=hardware,
        folder=output / "checkpoints",
        pad=start.tokenizer.pad,
        width=int(start.model.config.hidden_size),
        sentences=len(_sentences(learn)),
    )
    settled = _plan(start, plan, run, hardware, len(_sentences(learn)), len(_sentences(judge)), held is None)
    if dry_run:
        return FinetuneReport(data=data, plan=settled.model_copy(update={"seconds": run.seconds()}))
    _claim(output, settings, str(base), plan, learn, judge)
    base_score = _base_score(start, judge, types)
    began = time.monotonic()
    epochs = run.run(on_progress)
    seconds = time.monotonic() - began
    notes = write_model(start, output, window=window, stride=_stride(window), onnx=settings.onnx, check=judged)
    recogniser = load_recognizer(str(output), device=hardware.device, is_name=load_knowledge().is_name)
    report = FinetuneReport(
        output=str(output),
        data=data,
        plan=settled,
        epochs=tuple(EpochReport(number=e.number, loss=e.loss, f1=e.f1) for e in epochs),
        best_epoch=max(epochs, key=lambda epoch: (epoch.f1, -epoch.number)).number,
        base_score=base_score,
        evaluation=evaluate_texts(recogniser, judge, seed=settings.seed),
        seconds=seconds,
        notes=tuple(notes),
    )
    card = model_card(report, settings, licence=start.licence, hub_id=start.name if start.folder is None else None)
    (output / "README.md").write_text(card, encoding="utf-8")
    shutil.rmtree(output / "checkpoints")
    return report


def _settings(config: FinetuneConfig | None, options: Mapping[str, Any]) -> FinetuneConfig:
    if config is not None and options:
        raise InputError(f"give either config or the options by name, not both ({', '.join(options)})")
    if config is not None:
        return config
    try:
        return FinetuneConfig(**options)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(map(str, first["loc"]))
        known = ", ".join(FinetuneConfig.model_fields)
        raise InputError(f"option {name!r}: {first['msg']} (options: {known})") from None


def _check_output(output: Path) -> None:
    """Refuses to write over anything but an unfinished run."""
    if output.exists() and not output.is_dir():
        raise InputError(f"{output} is a file; name a folder for the new model")
    if output.is_dir() and any(output.iterdir()) and not (output / "checkpoints").is_dir():
        raise InputError(f"{output} is not empty; name another folder for the new model, or empty it first")


def _parts(
    read: ReadData, held: ReadData | None, settings: FinetuneConfig
) -> tuple[list[LabelledText], list[LabelledText]]:
    """Texts to learn from, and texts to judge by."""
    if held is not None:
        if not held.types:
            raise LabelledDataError(
                "no name is labelled here, so there is nothing to judge by", path=held.files[0].name
            )
        return read.texts, held.texts
    try:
        learn, judge = hold_out(read.texts, settings.eval_share, settings.seed)
    except ValueError as error:
        raise LabelledDataError(
            f"too little to hold a part out ({error}); name eval data", path=read.files[0].name
        ) from None
    for part, name in ((learn, "train on"), (judge, "judge by")):
        if not any(text.spans for text in part):
            raise LabelledDataError(
                f"too few names: of those labelled, none is left to {name} once a part is held out; name eval data",
                path=read.files[0].name,
            )
    return learn, judge


def _sentences(texts: Sequence[LabelledText]) -> list[LabelledText]:
    return [sentence for text in texts for sentence in text.sentences()]


def _passages(texts: Sequence[LabelledText]) -> list[LabelledText]:
    """Passages that hold more than one sentence."""
    return [text for text in passages(texts, TOGETHER) if len(text.sentences()) > 1]


def _stride(window: int) -> int:
    return min(_STRIDE, (window - 2) // 4)


def _plan(
    start: Base, plan: LabelPlan, run: TrainingRun, hardware: Hardware, train: int, held: int, held_out: bool
) -> FinetunePlan:
    parameters = sum(parameter.numel() for parameter in start.model.parameters())
    return FinetunePlan(
        base=start.name,
        labels=plan.labels,
        kept_types=plan.kept,
        new_types=plan.new,
        dropped_types=plan.dropped,
        train_sentences=train,
        eval_sentences=held,
        held_out=held_out,
        epochs=run.epochs,
        steps=run.steps,
        learning_rate=run.rate,
        device=hardware.device,
        precision=hardware.precision,
        parameters=parameters,
        memory_bytes=16 * parameters,  # weights, gradients and Adam's two averages, four bytes each
    )


def _claim(
    output: Path,
    settings: FinetuneConfig,
    base: str,
    plan: LabelPlan,
    learn: Sequence[LabelledText],
    judge: Sequence[LabelledText],
) -> None:
    """Makes the folder of the checkpoints this run's own, so that no other run goes on from them."""
    digest = hashlib.sha256()
    for text in (*learn, *judge):
        digest.update(json.dumps([text.key, text.labels]).encode())
    run = {
        "config": settings.model_dump(mode="json"),
        "base": base,
        "labels": plan.labels,
        "data": digest.hexdigest(),
    }
    path = output / "checkpoints" / "run.json"
    wanted = json.dumps(run, indent=2) + "\n"
    if path.is_file():
        if path.read_text(encoding="utf-8") != wanted:
            raise InputError(
                f"{output} holds an unfinished run with other data or options. Call it with those to go on, name "
                f"another folder, or delete {path.parent}"
            )
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(wanted, encoding="utf-8")


def _base_score(start: Base, judge: Sequence[LabelledText], types: Mapping[str, str] | None) -> Score | None:
    if start.scheme is None:
        return None
    recogniser = load_recognizer(start.name, is_name=load_knowledge().is_name)
    return evaluate_texts(recogniser, judge, types=types, samples=0).strict
