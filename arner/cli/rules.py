"""`arner rules`: list the rules, check a rule file, explain a reading, print the schema of rule files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arner.cli.completing import relation_types, rule_stages
from arner.cli.epilog import epilog
from arner.cli.options import DateOption, DeviceOption, EncodingOption, KnowledgeOption, ModelOption, RulesOption
from arner.cli.status import EXIT_SETUP, EXIT_SOME_FAILED, report
from arner.errors import InputError

if TYPE_CHECKING:
    from arner.relations import Rule

__all__ = ["rules_app"]

rules_app = typer.Typer(
    name="rules", help="The rules that read relations, and your own.", no_args_is_help=True, epilog=epilog()
)

JsonOption = Annotated[
    bool | None,
    typer.Option("--json/--table", help="JSON or a table; by default a table on a terminal.", show_default=False),
]


@rules_app.command(
    "list", epilog=epilog("arner rules list --type visited", "arner rules list --rules my_rules.toml --table")
)
def list_command(
    type: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TYPE",
            help="Only rules that claim this relation type; may be given more than once.",
            autocompletion=relation_types,
            show_default=False,
        ),
    ] = None,
    stage: Annotated[
        str | None,
        typer.Option(
            metavar="STAGE",
            help="Only rules of this stage, such as clause or title.",
            autocompletion=rule_stages,
            show_default=False,
        ),
    ] = None,
    rules: RulesOption = None,
    as_json: JsonOption = None,
) -> None:
    """List the rules: id, relation types, stage, score, patterns, file and line. JSON lines in a pipe."""
    from arner.relations import load_rules

    wanted = set(type or ())
    _check_names(wanted, stage)
    shown = [
        rule
        for rule in load_rules(rules or ()).rules
        if (not wanted or wanted & {member.value for member in rule.types}) and stage in (None, rule.stage)
    ]
    if _wants_json(as_json):
        for rule in shown:
            sys.stdout.write(json.dumps(_row(rule), ensure_ascii=False) + "\n")
        return
    from arner.cli.rule_tables import print_rules

    print_rules(shown)


@rules_app.command("check", epilog=epilog("arner rules check my_rules.toml"))
def check_command(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Rule files (TOML), as they are used together.")
    ],
    knowledge: KnowledgeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
) -> None:
    """Check rule files and run their examples. Exit code 0 if all is well, 3 otherwise."""
    from arner.knowledge import load_knowledge
    from arner.relations import check_rules

    found = check_rules(files, load_knowledge([Path(path) for path in knowledge or ()]))
    if as_json:
        sys.stdout.write(found.model_dump_json(indent=2) + "\n")
    else:
        for problem in found.problems:
            typer.echo(str(problem))
        changes = [("added", found.added), ("replaced", found.replaced), ("switched off", found.switched_off)]
        told = ", ".join(f"{len(ids)} {what}" for what, ids in changes if ids) or "none"
        typer.echo(f"rules: {told}; examples run: {found.examples}; problems: {len(found.problems)}")
        if found.without_example:
            typer.echo("without an example: " + ", ".join(found.without_example))
    if not found.ok:
        raise typer.Exit(EXIT_SETUP)


@rules_app.command(
    "explain",
    epilog=epilog(
        "arner rules explain 'زار الوزير محمد علي القاهرة.'", "arner rules explain article.txt --rules my_rules.toml"
    ),
)
def explain_command(
    text: Annotated[
        str,
        typer.Argument(metavar="TEXT|FILE", help="A text, a text file, or - for standard input.", show_default=False),
    ],
    model: ModelOption = "default",
    device: DeviceOption = "auto",
    rules: RulesOption = None,
    knowledge: KnowledgeOption = None,
    min_score: Annotated[float, typer.Option(min=0.0, max=1.0, help="Relations below are near misses.")] = 0.0,
    date: DateOption = None,
    encoding: EncodingOption = "utf-8",
    as_json: JsonOption = None,
) -> None:
    """Tell which rules fire on which words, which nearly do, and why not. JSON in a pipe."""
    from arner.extractor import Extractor, check_text

    read = check_text(_text(text, encoding))
    extractor = Extractor(
        model, rules=rules or (), knowledge=knowledge or (), min_score=min_score, device=device, date=date
    )
    explanation = extractor.explain(read)
    if _wants_json(as_json):
        sys.stdout.write(explanation.model_dump_json() + "\n")
        return
    from arner.cli.rule_tables import print_explanation

    print_explanation(explanation)


@rules_app.command("schema", epilog=epilog("arner rules schema"))
def schema_command() -> None:
    """Print the JSON Schema of rule files, for editors that check TOML."""
    from arner.relations import rules_schema

    json.dump(rules_schema(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _wants_json(choice: bool | None) -> bool:
    return not sys.stdout.isatty() if choice is None else choice


def _check_names(types: set[str], stage: str | None) -> None:
    from arner.relations.rule import STAGES
    from arner.schema import RelationType

    known = [member.value for member in RelationType]
    for name in sorted(types - set(known)):
        raise typer.BadParameter(f"unknown relation type {name!r}: use one of {', '.join(known)}", param_hint="--type")
    if stage is not None and stage not in STAGES:
        raise typer.BadParameter(f"unknown stage {stage!r}: use one of {', '.join(STAGES)}", param_hint="--stage")


def _row(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "types": [member.value for member in rule.types],
        "stage": rule.stage,
        "score": rule.score,
        "patterns": list(dict.fromkeys(pattern.text for pattern in rule.patterns)),
        "examples": list(rule.examples),
        "file": rule.file,
        "line": rule.line,
    }


def _text(argument: str, encoding: str) -> str:
    """The text itself, or that of the file that it names."""
    from arner.inputs import Failure, read_inputs

    try:
        is_file = argument == "-" or Path(argument).is_file()
    except (OSError, ValueError):  # longer than a path may be, or with a NUL in it
        is_file = False
    if not is_file:
        return argument
    for item in read_inputs([argument], encoding):
        if isinstance(item, Failure):
            report(f"{item.shown}: {item.reason}")
            raise typer.Exit(EXIT_SOME_FAILED)
        return item.text
    raise InputError(f"{argument} holds no text")
