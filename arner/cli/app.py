"""The `arner` command: its subcommands, its exit codes, and one-line errors in place of tracebacks."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Annotated, Any

import typer

from arner._version import __version__
from arner.cli.epilog import epilog
from arner.cli.evaluate import evaluate_command
from arner.cli.extract import extract_command
from arner.cli.finetune import finetune_command
from arner.cli.graph import graph_app
from arner.cli.models import models_command
from arner.cli.rules import rules_app
from arner.cli.schema import schema_command
from arner.cli.serve import serve_command
from arner.cli.status import EXIT_INTERRUPTED, EXIT_SETUP, EXIT_SOME_FAILED, EXIT_USAGE, report
from arner.cli.suggest import suggest_command
from arner.cli.view import view_command
from arner.errors import ArnerError, InputError, ResumeError

__all__ = ["app", "main"]

app = typer.Typer(
    name="arner",
    help="Entities and relations from Arabic news text.",
    epilog=epilog(),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"arner {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options that stand before a subcommand."""


app.command(
    "extract",
    epilog=epilog(
        "arner extract article.txt",
        "arner extract 'news/*.txt' --format jsonl -o out.jsonl",
        "arner extract 'news/*.txt' --format jsonl -o out.jsonl --resume",
        "arner extract 'news/*.txt' -o out.jsonl --restart --failures failed.jsonl",
        "arner extract --retry failed.jsonl -o rest.jsonl",
        "cat article.txt | arner extract --date 2024-11-27",
    ),
)(extract_command)
app.command(
    "view",
    epilog=epilog(
        "arner view article.txt -o article.html",
        "arner extract article.txt -o article.json && arner view article.json -o article.html",
    ),
)(view_command)
app.command(
    "finetune",
    epilog=epilog(
        "arner finetune train.conll --eval dev.conll --check", "arner finetune train.conll --eval dev.conll -o my-model"
    ),
)(finetune_command)
app.command(
    "evaluate",
    epilog=epilog("arner evaluate default dev.conll", "arner evaluate default dev.conll --html mistakes.html"),
)(evaluate_command)
app.command("suggest", epilog=epilog("arner suggest news.jsonl -n 200 -o next.jsonl"))(suggest_command)
app.command("models", epilog=epilog("arner models"))(models_command)
app.command("schema", epilog=epilog("arner schema"))(schema_command)
app.command("serve", epilog=epilog("arner serve --port 8000"))(serve_command)
app.add_typer(rules_app)
app.add_typer(graph_app)


def main(args: list[str] | None = None) -> None:
    """Run the command line and leave the process with an exit code.

    Args:
        args: the arguments after the program's name; those of the process by default.
    """
    _write_utf8()
    sys.exit(_run(args))


def _run(args: list[str] | None) -> Any:
    """Run the command; returns its exit code."""
    try:
        try:
            app(args=args, prog_name="arner")
        except SystemExit as end:
            sys.stdout.flush()  # here, where it can be told that the output cannot be written
            return end.code
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of our output, such as head, has left
        _drop_output()
        return EXIT_SOME_FAILED
    except InputError as error:
        report(error)
        return EXIT_SOME_FAILED
    except ResumeError as error:
        report(error)
        return EXIT_USAGE
    except ArnerError as error:
        report(error)
        return EXIT_SETUP
    except OSError as error:
        report(f"{error.filename or 'standard output'}: {error.strerror}" if error.strerror else error)
        _drop_output()
        return EXIT_SOME_FAILED
    return 0


def _drop_output() -> None:
    """What could not be written is forgotten: Python would try again, and complain, when it exits."""
    with suppress(OSError, ValueError):  # where standard output is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_utf8() -> None:
    """Arabic must come out as it is whatever the locale says: a bare machine often has the C locale."""
    if sys.stdout is None:  # closed by who started us: writing there is to fail, and nothing else
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # what was no UTF-8 in an argument goes out as the bytes that came in
            reconfigure(encoding="utf-8", errors="surrogateescape")
