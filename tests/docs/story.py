"""Runs a page from top to bottom in a folder of its own: writes its files, runs its Python and its commands."""

from __future__ import annotations

import io
import os
import re
import runpy
import shlex
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from arner.cli import main
from arner.cli.app import app
from tests.docs.blocks import ROOT, Block, Command, reason

FILES = {
    "article.txt": "وصل الرئيس الروسي فلاديمير بوتين، الأربعاء 27 نوفمبر 2024، إلى كازاخستان في زيارة رسمية.",
    "news/first.txt": "التقى وزير الخارجية المصري سامح شكري نظيره التركي هاكان فيدان في أنقرة.",
    "news/second.txt": "لم يزر فلاديمير بوتين القاهرة.",
    "news.jsonl": '{"id": "one", "text": "وصلت البعثة إلى مدينة الضالع ومعها خالد النوبي."}',
    "train.conll": "زار\tO\nسامح\tB-PER\nشكري\tI-PER\nباريس\tB-LOC\n.\tO\n\nغادر\tO\nبوتين\tB-PER\nدبي\tB-LOC\n.\tO\n",
    "dev.conll": "وصل\tO\nهاكان\tB-PER\nفيدان\tI-PER\nإلى\tO\nأنقرة\tB-LOC\n.\tO\n",
}
"""What stands in the folder before a page is run: files that pages name and do not show."""

ADDRESS = "http://127.0.0.1:8000"
"""Where pages say that a server listens."""


class Story:
    """One page while it is run. Python blocks share their names; each step's output is compared with what is shown."""

    def __init__(
        self, folder: Path, server: Callable[[], str], patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]
    ) -> None:
        self.server = server
        self.patch = patch
        self.capture = capture
        self.names: dict[str, object] = {"__name__": "__main__"}
        self.printed = ""
        for name, text in FILES.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text + "\n" * (not text.endswith("\n")), "utf-8")
        (folder / "examples").symlink_to(ROOT / "examples")
        patch.chdir(folder)
        patch.setenv("COLUMNS", "400")

    def tell(self, block: Block) -> None:
        """Run one block."""
        if block.file:
            Path(block.file).parent.mkdir(parents=True, exist_ok=True)
            Path(block.file).write_text(block.content, "utf-8")
        elif reason(block.page, block.content) and not block.commands:
            pass
        elif block.language == "python":
            code = block.content
            if ADDRESS in code:
                code = code.replace(ADDRESS, self.server())
            exec(compile(code, block.place, "exec"), self.names)
            self.printed = self.output()
        elif block.language == "text":
            assert self.printed == block.content, block.place
        elif block.commands:
            self.printed = "".join(self.run(command, block) for command in block.commands)
        else:
            raise AssertionError(f"{block.place}: a block of {block.language!r} that neither runs nor has a reason")

    def run(self, command: Command, block: Block) -> str:
        """Run one command, and compare what it prints with what is shown below it."""
        if reason(block.page, command.text):
            if command.text.startswith("arner "):
                parse(shlex.split(command.text)[1:])
            return ""
        head, pipe, tail = command.text.partition(" | ")
        words = shlex.split(tail or head)
        words[0] = words[0].removeprefix(".venv/bin/")
        if pipe:
            cat, file = shlex.split(head)
            assert cat == "cat", f"{block.place}: a pipe from {cat}"
            self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(file).read_bytes()), "utf-8"))
        if words[0] == "curl":
            printed = ask(self.server(), words)
        elif words[0] == "python":
            self.patch.setattr(sys, "argv", [str(ROOT / words[1]), *words[2:]])
            runpy.run_path(sys.argv[0], run_name="__main__")
            printed = self.output()
        else:
            assert words[0] == "arner", f"{block.place}: {words[0]} neither runs nor has a reason"
            printed = self.arner(words[1:], fails=any("error" in line for line in command.shown) or "broken" in head)
        for line in command.shown:
            assert holds(printed, line), f"{block.place}: {command.text}\nshown: {line}\nprinted: {printed}"
        return printed

    def arner(self, arguments: list[str], *, fails: bool) -> str:
        # In a pipe, these two write JSON; pages show a terminal.
        table = ["--table"] if arguments[:2] in (["rules", "list"], ["rules", "explain"]) else []
        with pytest.raises(SystemExit) as caught:
            main([*arguments, *table])
        printed = self.output()
        assert bool(caught.value.code) == fails, printed
        return printed

    def output(self) -> str:
        """What was printed since the last call."""
        captured = self.capture.readouterr()
        return captured.out + captured.err


def parse(arguments: list[str]) -> None:
    """Fail where the command line would refuse these arguments."""
    command = typer.main.get_command(app)
    context = command.make_context("arner", [], resilient_parsing=True)
    rest = arguments
    try:
        while hasattr(command, "get_command"):
            name, *rest = rest
            command = command.get_command(context, name)
            assert command is not None, "no such command"
        command.make_context(name, rest, parent=context)
    except Exception as error:
        raise AssertionError(f"arner {shlex.join(arguments)}: {error}") from error


def holds(output: str, line: str) -> bool:
    """Whether the words of a line stand in the output in this order; ``…`` stands for others between them."""
    rest = " ".join(_words(output))
    for part in line.split("…"):
        wanted = " ".join(_words(part))
        if wanted not in rest:
            return False
        rest = rest[rest.index(wanted) + len(wanted) :]
    return True


def _words(text: str) -> list[str]:
    return re.sub(r"[─━]+", " ", text).split()


def ask(url: str, words: list[str]) -> str:
    """What curl with these arguments prints, asked of the server at `url` in place of the one that is named."""
    path = next(re.sub(r"^http://[^/]+", "", word) for word in words if word.startswith("http://"))
    headers = dict(os.path.expandvars(words[n + 1]).split(": ") for n, word in enumerate(words) if word == "-H")
    body = next((words[n + 1].encode() for n, word in enumerate(words) if word == "-d"), None)
    request = urllib.request.Request(url + path, body, headers)
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()
