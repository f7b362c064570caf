"""The blocks of code in README.md and docs/, and which of them are not run, each with its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = ("README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")))

_BLOCK: Final = re.compile(
    r"(?:`(?P<file>[\w/.-]+\.\w+)`:\n\n)?^```(?P<language>[\w-]*)\n(?P<content>.*?)^```", re.M | re.S
)

NOT_RUN: Final[dict[tuple[str, str], str]] = {
    # (page or *, how the block or command begins): why it is not run
    ("*", "pip install"): "installs packages; scripts/wheel installs the wheel into an environment of its own",
    ("*", "python3 -m venv"): "makes an environment, as scripts/wheel does",
    ("*", ". .venv/bin/activate"): "changes the shell",
    ("*", ".venv/bin/pip"): "installs packages; scripts/wheel installs the wheel into an environment of its own",
    ("*", "scripts/"): "is what CI runs",
    ("*", "arner serve"): "runs until it is stopped; tests/serve starts servers",
    ("*", "podman"): "needs podman and the network",
    ("*", "pip wheel"): "asks the package index",
    ("*", "cypher-shell"): "needs Neo4j",
    ("README.md", '{\n "text"'): "is shortened; tests/test_readme.py compares it with the output",
    ("*", "arner finetune train.conll --eval dev.conll --dry-run"): "trains some steps to estimate the time",
    ("README.md", "arner finetune train.conll --eval dev.conll -o"): "trains for minutes; tests/training trains",
    ("README.md", "arner evaluate my-model"): "needs a trained model",
    ("README.md", "arner extract article.txt --model my-model"): "needs a trained model",
    ("docs/FINETUNING.md", "from pathlib"): "trains; tests/training/test_finetuning_docs.py runs it with a small model",
    (
        "docs/FINETUNING.md",
        "arner finetune train.conll --eval dev.conll -o",
    ): "trains for minutes; tests/training trains",
    ("docs/CLI.md", "arner finetune train.conll --eval dev.conll -o"): "trains for minutes; tests/training trains",
    ("docs/FINETUNING.md", "arner finetune train.conll -o"): "trains for minutes; tests/training trains",
    ("docs/FINETUNING.md", "arner evaluate my-model"): "needs a trained model",
    ("docs/FINETUNING.md", "arner extract article.txt --model my-model"): "needs a trained model",
    ("docs/PERFORMANCE.md", "python benchmarks/"): "measures for minutes on a machine that does nothing else",
    ("docs/PERFORMANCE.md", "python scripts/performance_guard.py"): "measures on a machine that does nothing else",
    ("docs/INTEGRATIONS.md", "from pyspark"): "needs Spark; tests/bridges/test_spark.py runs the function over frames",
    ("docs/INTEGRATIONS.md", "from typing import Any\n\nimport arner\nfrom llama_index"): "needs llama-index-core",
    ("docs/SCALING.md", "import ray"): "needs files elsewhere; tests/test_ray.py reads files with Ray",
    ("docs/SCALING.md", "arner extract --engine ray"): "starts Ray for tables; tests/test_ray.py does",
    ("docs/EXPORT.md", "doc:claim-1"): "is a part of what tests/export/test_rdf.py reads back",
    ("docs/SERVING.md", '{\n  "type"'): "tests/serve/test_serving_docs.py compares it with the answer",
    ("docs/SERVING.md", "export ARNER_TOKEN"): "sets a variable of the shell",
    ("docs/SERVING.md", "location /"): "configures nginx",
    ("docs/THREAT_MODEL.md", " texts, labelled files,"): "is a drawing",
    ("docs/SERVING.md", "[Service]"): "configures systemd",
}


@dataclass(frozen=True, slots=True)
class Command:
    """A line of a console block, and the output that the page shows below it."""

    text: str
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page: the content of a file where the page names one just above it."""

    page: str
    line: int
    language: str
    content: str
    file: str | None = None
    commands: tuple[Command, ...] = field(default=())

    @property
    def place(self) -> str:
        """Where to look."""
        return f"{self.page}:{self.line}"


@lru_cache
def blocks_of(page: str) -> tuple[Block, ...]:
    """The blocks of a page, from top to bottom."""
    text = (ROOT / page).read_text("utf-8")
    return tuple(
        Block(
            page,
            text.count("\n", 0, match.start("language")) + 1,
            match["language"],
            match["content"],
            match["file"],
            commands(match["content"]) if match["language"] in ("console", "bash") else (),
        )
        for match in _BLOCK.finditer(text)
    )


def commands(content: str) -> tuple[Command, ...]:
    """The commands of a block: lines behind ``$``, each with its output, or every line where none has that sign.

    >>> commands("$ arner --version\\narner 1\\n$ ls")
    (Command(text='arner --version', shown=('arner 1',)), Command(text='ls', shown=()))
    >>> commands("a \\\\\\n  b   # why\\nc && d")
    (Command(text='a    b', shown=()), Command(text='c', shown=()), Command(text='d', shown=()))
    """
    lines = content.replace("\\\n", " ").splitlines()
    if not any(line.startswith("$ ") for line in lines):
        lines = [f"$ {line}" for line in lines if line.strip() and not line.startswith("#")]
    found: list[Command] = []
    for line in lines:
        if line.startswith("$ "):
            command = re.sub(r"\s+#\s.*", "", line[2:]).strip()
            found += [Command(part.strip()) for part in command.split(" && ")]
        elif found:
            found[-1] = Command(found[-1].text, (*found[-1].shown, line))
    return tuple(found)


def reason(page: str, start: str) -> tuple[str, str] | None:
    """The entry of `NOT_RUN` that this command or block falls under."""
    for key in ((page, beginning) for page, beginning in NOT_RUN if start.startswith(beginning)):
        if key[0] in ("*", page):
            return key
    return None
