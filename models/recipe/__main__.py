"""``python -m models.recipe STAGE``: runs one stage of the recipe."""

from __future__ import annotations

import argparse
import importlib
import logging

STAGES = {
    "import": ("import_encoder", "read the encoder and cut its vocabulary"),
    "tokens": ("tokens", "turn raw text into token ids for the next stage"),
    "pretrain": ("pretrain", "go on with masked-language-model training; resumes where it was stopped"),
    "corpora": ("corpora", "read the labelled corpora into one dataset"),
    "names": ("names", "list names to swap in during training"),
    "train": ("train", "fine-tune the encoder; resumes where it was stopped"),
    "label": ("label", "label raw text with a model, for a second round of training"),
    "average": ("average", "average the weights of several rounds"),
    "export": ("export", "write the shipped files: safetensors, ONNX, tokenizer, config"),
    "evaluate": ("evaluate", "strict entity F1 of a model folder on CoNLL files and annotated documents"),
}


def main() -> None:
    """Parses the command line and runs the stage."""
    parser = argparse.ArgumentParser(prog="python -m models.recipe", description=__doc__)
    commands = parser.add_subparsers(dest="stage", required=True)
    for stage, (module, summary) in STAGES.items():
        loaded = importlib.import_module(f"models.recipe.{module}")
        command = commands.add_parser(
            stage, help=summary, description=loaded.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        loaded.add_arguments(command)
        command.set_defaults(main=loaded.main)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", datefmt="%H:%M:%S")
    args.main(args)


if __name__ == "__main__":
    main()
