"""`arner.finetune`: labelled text and a base model → a model folder that `arner.extract` loads, with its card."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from arner.errors import InputError
from arner.ner.labels import LabelScheme
from arner.ner.models import find_folder
from arner.training.data.reading import LabelledData
from arner.training.data.report import data_report
from arner.training.output.claim import Claim, check_output
from arner.training.output.finishing import finish_model
from arner.training.output.folder import write_model
from arner.training.output.report import EpochReport, FinetunePlan, FinetuneReport
from arner.training.tuning.base import REHEARSAL, Base, load_base, quiet_transformers
from arner.training.tuning.config import FinetuneConfig
from arner.training.tuning.estimate import activation_bytes, run_seconds, weight_bytes
from arner.training.tuning.examples import Examples
from arner.training.tuning.hardware import Hardware, choose_hardware
from arner.training.tuning.heads import LabelPlan, fit_head, open_labels, plan_labels
from arner.training.tuning.loop import Progress, TrainingRun
from arner.training.tuning.lora import add_adapters, merge_adapters
from arner.training.tuning.material import Material, gather, sentences
from arner.training.tuning.packages import require_packages
from arner.training.tuning.sequences import Encoded, encode
from arner.training.tuning.teacher import plausible, teach

__all__ = ["finetune"]

_STRIDE: Final = 24
_SHARES: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Shares of the trained weights that are tried in the mean with the base model's."""


def finetune(
    train: LabelledData,
    output: str | Path,
    *,
    base: str | Path = "default",
    eval: LabelledData | None = None,
    rehearsal: LabelledData | None = None,
    types: Mapping[str, str] | None = None,
    config: FinetuneConfig | None = None,
    dry_run: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    **options: Any,
) -> FinetuneReport:
    """Train a model on labelled text, starting from another one.

    The new model knows the types of the base model and those of the data. A file need not mark every type: a word that
    it leaves unmarked may be of any type that the file never shows, and the base model says which (`complete=True`
    means that unmarked words are no names). The folder `output` holds the model as safetensors and ONNX, with a card
    (README.md), pictures and logs; `arner.extract(text, model=output)` and transformers both load it.

    A run that was stopped goes on when it is called again with the same arguments, and ends at the same weights. Called
    again after its end, it returns its report.

    Args:
        train: a path (CoNLL; JSON of arner, doccano, Label Studio or Prodigy), a `datasets.Dataset` or a folder of one,
            or a sequence of such.
        output: folder to make.
        base: name of an embedded model, a local folder, or a Hugging Face id (``owner/name``, or
            ``owner/name@revision`` for a branch, tag or commit; one that is in the cache is not asked for again).
        eval: data to choose the best epoch by and to report on; by default a part of `train` is held out.
        rehearsal: text that keeps old types in mind: labelled data of them, or plain text (.txt, a passage on each
            line) that the base model labels. At most as many words as `train` has are used. By default the text in the
            base model's folder, where the data leaves types unmarked (`rehearse=False`: none).
        types: other names for types of the data, such as ``{"PERS": "PER"}``.
        config: options as one object; or give them by name: `epochs`, `learning_rate`, `batch_tokens`, …
        dry_run: settle the plan, measure time and memory of a step, and write nothing.
        on_progress: called after every optimiser step.

    Raises:
        LabelledDataError: the data are missing or malformed; with file and line.
        MissingExtraError: torch, transformers, … are not installed.
        ModelError: the base model cannot be found or fine-tuned.
        InputError: an option is wrong, or `output` holds something else.
    """
    settings = _settings(config, options)
    output = Path(output)
    tensorboard = require_packages(settings)
    if not dry_run:
        check_output(output)
    own = _own_rehearsal(str(base)) if rehearsal is None and settings.rehearse and not settings.complete else None
    material = gather(train, eval, rehearsal if own is None else own, types, settings)
    with quiet_transformers():
        hardware = choose_hardware(settings)
        start = load_base(str(base), device=hardware.device)
        plan = plan_labels(start.scheme, material.types, complete=settings.complete)
        if own is not None and not plan.unmarked:
            material = material.without_rehearsal()
        claim = Claim(output, settings, start, plan, (material.learn, material.judge, material.rehearse), hardware)
        done = None if dry_run else claim.finished()
        if done is not None:
            return done
        if not dry_run:
            claim.take()
        window = min(settings.window, int(getattr(start.model.config, "max_position_embeddings", settings.window)) - 2)
        stride = min(_STRIDE, (window - 2) // 4)
        train_sequences, held = _sequences(start, plan, material, window, stride)
        examples = _examples(start, plan, material, train_sequences, settings, hardware, claim, dry_run=dry_run)
        run = _run(start, plan, material, examples, held, settings, hardware, claim, output, tensorboard)
        report = FinetuneReport(
            data=data_report(material.read, material.held, start.tokenizer, window),
            plan=_plan(start, plan, material, run, hardware),
        )
        if dry_run:
            measured = {"activation_bytes": activation_bytes(run, run.model), "seconds": run_seconds(run)}
            return report.model_copy(update={"plan": report.plan.model_copy(update=measured)})
        began = time.monotonic()
        epochs = run.run(on_progress)
        share = _blend(run) if settings.average and start.scheme is not None else 1.0
        seconds = time.monotonic() - began
        model = merge_adapters(run.model) if settings.lora else run.model
        checks, notes = write_model(
            start,
            model,
            output,
            window=window,
            stride=stride,
            onnx=settings.onnx,
            check=held,
            scratch=claim.checkpoints / "onnx",
        )
        report = report.model_copy(
            update={
                "output": str(output),
                "epochs": tuple(EpochReport(**asdict(epoch)) for epoch in epochs),
                "best_epoch": max(epochs, key=lambda epoch: (epoch.f1, -epoch.number)).number,
                "share": share,
                "onnx": tuple(checks),
                "seconds": seconds,
                "notes": tuple(notes),
            }
        )
        report = finish_model(report, start, plan, material, settings, window=window, stride=stride, types=types)
    claim.finish(report)
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


def _own_rehearsal(base: str) -> Path | None:
    """The rehearsal text in the folder of the base model, if there is one."""
    folder = find_folder(base)
    path = None if folder is None else folder / REHEARSAL
    return path if path is not None and path.is_file() else None


def _sequences(
    start: Base, plan: LabelPlan, material: Material, window: int, stride: int
) -> tuple[list[Encoded], list[Encoded]]:
    """What is learnt, and what is judged by, as the model reads it."""
    index = {label: number for number, label in enumerate(plan.labels)}
    learnt = [*material.running(material.learn), *material.running(material.rehearse)]
    judged = material.passages(material.judge)
    first, second = (encode(texts, start.tokenizer, index, window=window, stride=stride) for texts in (learnt, judged))
    return first, second


def _examples(
    start: Base,
    plan: LabelPlan,
    material: Material,
    sequences: list[Encoded],
    settings: FinetuneConfig,
    hardware: Hardware,
    claim: Claim,
    *,
    dry_run: bool,
) -> Examples:
    """The sequences with what their files leave open, and what the base model says of that."""
    unmarked = {
        file: (0,) if settings.complete else open_labels(plan.labels, marked)
        for file, marked in material.marked.items()
    }
    teacher = likely = None
    open_old = any(plan.labels[index][2:] not in plan.new for indices in unmarked.values() for index in indices[1:])
    if start.scheme is not None and open_old and settings.distil > 0 and not dry_run:
        teacher = teach(
            start.model,
            start.scheme,
            plan.labels,
            sequences,
            pad=start.tokenizer.pad,
            device=hardware.device,
            path=claim.checkpoints / "teacher.safetensors",
        )
        likely = plausible(sequences, teacher, plan.labels, plan.new)
    return Examples(sequences, len(plan.labels), unmarked, teacher, likely, start.tokenizer.pad)


def _run(
    start: Base,
    plan: LabelPlan,
    material: Material,
    examples: Examples,
    held: list[Encoded],
    settings: FinetuneConfig,
    hardware: Hardware,
    claim: Claim,
    output: Path,
    tensorboard: bool,
) -> TrainingRun:
    fit_head(start.model, start.scheme, plan, settings.seed)
    decay = settings.layer_decay_for(unmarked=bool(plan.unmarked))
    model = add_adapters(start.model, settings.lora, settings.seed) if settings.lora else start.model
    return TrainingRun(
        model,
        LabelScheme(plan.labels),
        examples,
        held,
        judged=material.judged,
        config=settings,
        hardware=hardware,
        folder=claim.checkpoints,
        log=output / "logs",
        tensorboard=tensorboard,
        epochs=settings.epochs_for(len(sentences(material.learn))),
        rate=settings.rate_for(int(start.model.config.hidden_size), decay),
        layer_decay=decay,
        budget=settings.batch_tokens_for(sum(examples.lengths)),
    )


def _plan(start: Base, plan: LabelPlan, material: Material, run: TrainingRun, hardware: Hardware) -> FinetunePlan:
    weights = list(run.model.parameters())
    return FinetunePlan(
        base=start.name,
        labels=plan.labels,
        kept_types=plan.kept,
        unmarked_types=plan.unmarked,
        new_types=plan.new,
        dropped_types=plan.dropped,
        train_sentences=len(sentences(material.learn)),
        rehearsal_sentences=len(sentences(material.rehearse)),
        eval_sentences=len(sentences(material.judge)),
        held_out=material.held is None,
        epochs=run.epochs,
        steps=run.steps,
        batch_tokens=run.budget,
        learning_rate=run.rate,
        layer_decay=run.layer_decay,
        device=hardware.device,
        precision=hardware.precision,
        parameters=sum(weight.numel() for weight in weights),
        trained_parameters=sum(weight.numel() for weight in weights if weight.requires_grad),
        memory_bytes=weight_bytes(run.model),
    )


def _blend(run: TrainingRun) -> float:
    """Takes the mean of start and end (WiSE-FT, Wortsman et al. 2022) that reads best; of equals the nearest."""
    scores = {}
    for share in _SHARES:
        run.blend(share)
        scores[share] = run.judge().f1
    best = max(scores.values())
    share = min(share for share, f1 in scores.items() if f1 == best)
    run.blend(share)
    return share
