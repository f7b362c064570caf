"""`arner graph`: a knowledge graph over many documents, built, queried and asked."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arner.cli.epilog import epilog
from arner.cli.options import KnowledgeOption
from arner.cli.status import EXIT_SOME_FAILED, stoppable, tell
from arner.errors import InputError

if TYPE_CHECKING:
    from arner.kg import Answers, KnowledgeGraph

__all__ = ["graph_app"]

graph_app = typer.Typer(
    name="graph", help="A knowledge graph over many documents.", no_args_is_help=True, epilog=epilog()
)

GraphArgument = Annotated[Path, typer.Argument(metavar="KG", help="The graph: a folder that arner graph build wrote.")]


class ResultFormat(StrEnum):
    """Shapes of what a query finds; those of rows first, then those of triples."""

    AUTO = "auto"
    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    TSV = "tsv"
    XML = "xml"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"


class AnswerFormat(StrEnum):
    """Shapes of the answers to a ready question."""

    AUTO = "auto"
    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


@graph_app.command("build", epilog=epilog("arner graph build out.jsonl -o kg"))
def build_command(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILES...",
            help="What arner extract wrote: .jsonl or .json files, or patterns such as 'news/*.jsonl'.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="KG", help="The graph, a folder; documents are added to one that is there."
        ),
    ],
    knowledge: KnowledgeOption = None,
) -> None:
    """Put documents into a graph, and merge their entities.

    A document whose id is there already takes the place of the earlier one. The graph changes as a whole when all is
    done: if the command fails or is stopped, it stays as it was.
    """
    from arner.cli.graph_documents import DocumentReader
    from arner.kg import KnowledgeGraph

    with stoppable(lambda: "; the graph stays as it was"):
        graph = KnowledgeGraph.open(output, knowledge=knowledge or ())
        reader = DocumentReader(files)
        with reader.documents() as documents:
            added = graph.add(documents)
    counts = {"new": added.new, "changed": added.changed, "unchanged": added.unchanged, "failed": reader.failures}
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "none"
    tell(f"{output}: documents: {told}")
    if reader.failures:
        raise typer.Exit(EXIT_SOME_FAILED)


@graph_app.command("query", epilog=epilog("arner graph query kg 'SELECT * WHERE { ?s ?p ?o } LIMIT 5'"))
def query_command(
    graph: GraphArgument,
    sparql: Annotated[
        str | None, typer.Argument(metavar="[SPARQL]", help="A SPARQL 1.1 query.", show_default=False)
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Read the query from a file.", show_default=False)
    ] = None,
    format: Annotated[
        ResultFormat,
        typer.Option("--format", "-f", help="auto: a table on a terminal, JSON in a pipe; Turtle for triples."),
    ] = ResultFormat.AUTO,
) -> None:
    """Run a SPARQL query: SELECT, ASK, CONSTRUCT or DESCRIBE.

    The prefixes arner, itsrdf, nif, owl, prov, rdf, rdfs, schema, skos, wd, wdt and xsd are declared. All documents
    together are the default graph; GRAPH ?document { … } asks for single ones.
    """
    if (sparql is None) == (file is None):
        raise typer.BadParameter("give a query, or a file that holds one with --file", param_hint="SPARQL")
    if file is not None:
        try:
            sparql = file.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(f"{file}: is not UTF-8 text (byte {error.start})") from None
    assert sparql is not None
    from arner.cli.graph_tables import write_result

    write_result(_opened(graph).query(sparql), format.value)


@graph_app.command("ask", epilog=epilog("arner graph ask kg"))
def ask_command(
    graph: GraphArgument,
    question: Annotated[
        str | None,
        typer.Argument(
            metavar="[QUESTION]",
            help="A ready question, or a file that ends in .rq. Without one, the ready questions are listed.",
            show_default=False,
        ),
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=]VALUE",
            help="What the question is narrowed to: names in Arabic or English, Wikidata ids; in the order of its "
            "parameters, or each as parameter=value.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Answers shown.", show_default=False)] = None,
    format: Annotated[
        AnswerFormat, typer.Option("--format", "-f", help="auto: a table on a terminal, JSON lines in a pipe.")
    ] = AnswerFormat.AUTO,
) -> None:
    """Ask a ready question; every answer comes with a document and the words that say so."""
    from arner.cli.graph_tables import print_questions, write_answers
    from arner.kg import ready_questions

    if question is None:
        print_questions(ready_questions().values())
        return
    given, named = _values(values or [])
    answers = _opened(graph).ask(question, *given, **named)
    _tell_meant(answers)
    write_answers(answers, format.value, limit)


@graph_app.command("stats", epilog=epilog("arner graph stats kg"))
def stats_command(graph: GraphArgument) -> None:
    """Tell what a graph holds, as JSON."""
    import json
    from dataclasses import asdict

    json.dump(asdict(_opened(graph).stats()), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


@graph_app.command("export", epilog=epilog("arner graph export kg -o kg.nq"))
def export_command(
    graph: GraphArgument,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="File to write: .nq, .trig, .ttl or .nt says the format."),
    ],
) -> None:
    """Write the whole graph as RDF: a graph per document (.nq, .trig), or all in one (.ttl, .nt)."""
    _opened(graph).export(output)


def _opened(path: Path) -> KnowledgeGraph:
    from arner.kg import KnowledgeGraph

    graph = KnowledgeGraph.open(path)
    if not path.exists():
        raise InputError(f"{path}: there is no graph; arner graph build FILES -o {path} makes one")
    return graph


def _values(arguments: list[str]) -> tuple[list[str], dict[str, str]]:
    """Values without and with the name of a parameter. What stands before = is a name only if it can be one."""
    plain: list[str] = []
    named: dict[str, str] = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if equals and name.isidentifier() and name.isascii():
            if name in named:
                raise InputError(f"the parameter {name!r} is given twice")
            named[name] = value
        else:
            plain.append(argument)
    return plain, named


def _tell_meant(answers: Answers) -> None:
    for parameter, found in answers.meant.items():
        tell(f"{parameter}: {'; '.join(_shown(one.name, one.name_en, one.iri, one.documents) for one in found)}")


def _shown(name: str, english: str | None, iri: str, documents: int) -> str:
    """An entity in one line; namesakes are told apart by their IRIs, which a question takes as well."""
    called = iri.rpartition("/")[2] if "/entity/Q" in iri else iri
    known = "" if english is None else f"{english}, "
    return f"{name} ({known}{called}; {documents:,} document{'s'[: documents != 1]})"
