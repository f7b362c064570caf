"""Average the weights of models that were fine-tuned from one start (model soup, Wortsman et al. 2022).

The rounds of self-training start from the first round's weights, so that their weights can be averaged; the average
does better than any of them on documents that none has seen.
"""

from __future__ import annotations

import argparse
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

log = logging.getLogger("recipe.average")


def run(models: Sequence[Path], output: Path) -> None:
    """Writes the folder `output`: the mean of the weights, with the first model's configuration and tokenizer.

    Raises:
        ValueError: the models' weights differ in name or shape.
    """
    import torch
    from safetensors.torch import load_file, save_file

    states = [load_file(model / "model.safetensors") for model in models]
    shapes = [{name: value.shape for name, value in state.items()} for state in states]
    if any(other != shapes[0] for other in shapes):
        raise ValueError("the models differ in their weights' names or shapes, so that they have no average")
    output.mkdir(parents=True, exist_ok=True)
    mean = {name: torch.stack([state[name].float() for state in states]).mean(dim=0) for name in states[0]}
    save_file(mean, output / "model.safetensors", metadata={"format": "pt"})
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(models[0] / name, output / name)
    log.info("wrote %s, the average of %s models", output, len(models))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of this stage."""
    parser.add_argument("--models", type=Path, nargs="+", required=True, help="folders that `train` wrote")
    parser.add_argument("--output", type=Path, required=True, help="folder to write")


def main(args: argparse.Namespace) -> None:
    """Runs the stage from parsed arguments."""
    run(args.models, args.output)
