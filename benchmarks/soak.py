"""A day of a newsroom in minutes: read, explain, export, serve and refuse in turn, with memory that stays flat.

    python benchmarks/soak.py [--texts 20000]

20,000 texts are more than a large news agency sends in 24 hours. Each is read; of every ten, one is explained and
written in every format, one goes through a server in the same process, and one is something that must be refused: a
text without letters, a broken rule file, a broken model folder, JSON that is no document, a request that is none. Ends
with an error where a result differs from the first of its text, a refusal is no error of arner, or, after the first
fifth, the resident memory has grown by 50 MB or more, or the open files or the threads by four or more.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import itertools
import json
import os
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import arner
from arner.export import FORMATS, save
from arner.extractor import Extractor
from arner.serve.server import make_server
from arner.serve.settings import Settings
from benchmarks.texts import articles

_MOST_GROWTH = 50.0
_MOST_MORE = 4
"""Open files and threads that come and go at any moment."""


class State:
    """What of this process must not grow."""

    def __init__(self) -> None:
        status = Path("/proc/self/status").read_text("ascii").splitlines()
        self.memory = int(next(line for line in status if line.startswith("VmRSS:")).split()[1]) / 1024
        self.files = len(os.listdir("/proc/self/fd"))
        self.threads = threading.active_count()

    def __str__(self) -> str:
        return f"{self.memory:.0f} MB resident, {self.files} open files, {self.threads} threads"


class Day:
    """One of everything, again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.extractor = Extractor()
        self.done: Counter[str] = Counter()
        self.first: dict[str, str] = {}
        (folder / "rules.toml").write_text('[[rule]]\nid = "a.b"\npattern = "("\n', "utf-8")
        (folder / "model").mkdir()
        (folder / "model" / "config.json").write_text('{"id2label": {"0": 1}}', "utf-8")
        (folder / "model" / "pytorch_model.bin").write_bytes(b"\x80\x04.")
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.server = make_server(self.extractor, Settings(), log_level="critical")
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listener]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def hour(self, number: int, text: str) -> None:
        """One text; what else is done depends on its number."""
        document = self.extractor.extract(text, id=str(number))
        same = self.first.setdefault(text, (digest := _digest(document.model_copy(update={"id": None}).to_json())))
        self.done["read"] += 1
        if same != digest:
            self.done["DIFFERENT"] += 1
        if number % 10 == 0:
            self.extractor.explain(text)
            for name in FORMATS:
                save(document, self.folder / "out", format=name)
            document.to_html()
            self.done["explained and exported"] += 1
        elif number % 10 == 5:
            status, body = self.ask(json.dumps({"text": text, "id": str(number)}).encode())
            self.done["served" if status == 200 and body.decode() == document.to_json() else "SERVED WRONGLY"] += 1
        elif number % 10 == 7:
            self.refuse(number)

    def ask(self, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer to a request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", "/v1/extract", body, {"content-type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def refuse(self, number: int) -> None:
        """Asks for something that no one should get."""
        wrong: tuple[Callable[[], object], ...] = (
            lambda: self.extractor.extract(" \u200f "),
            lambda: self.extractor.extract("\ud800"),
            lambda: Extractor(rules=self.folder / "rules.toml"),
            lambda: Extractor(self.folder / "model"),
            lambda: arner.Document.from_json('{"text": "x", "mentions": [{}]}'),
        )
        chosen = number // 10 % (len(wrong) + 1)
        if chosen == len(wrong):
            self.done["refused" if self.ask(b'{"text": 5}')[0] == 422 else "REFUSED WRONGLY"] += 1
            return
        try:
            wrong[chosen]()
        except arner.ArnerError:
            self.done["refused"] += 1
        else:
            self.done["REFUSED WRONGLY"] += 1

    def end(self) -> None:
        """Stops the server."""
        self.server.should_exit = True
        self.thread.join(30)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def main() -> None:
    """Parses the command line, runs the day, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=20_000)
    options = parser.parse_args()
    begin, early = time.perf_counter(), None
    with tempfile.TemporaryDirectory() as folder:
        day = Day(Path(folder))
        for number, text in enumerate(itertools.islice(itertools.cycle(articles()), options.texts)):
            day.hour(number, text)
            if number + 1 == max(1, options.texts // 5):
                early = State()
                print(f"after {number + 1:,} texts: {early}", flush=True)
        late = State()
        day.end()
    assert early is not None
    print(f"after {options.texts:,} texts: {late}; {time.perf_counter() - begin:.0f} s")
    print(", ".join(f"{count:,} {what}" for what, count in day.done.items()))
    wrong = [what for what in day.done if what.isupper()]
    grown = [
        name
        for name, most in (("memory", _MOST_GROWTH), ("files", _MOST_MORE), ("threads", _MOST_MORE))
        if getattr(late, name) - getattr(early, name) >= most
    ]
    if wrong or grown:
        sys.exit(f"not as it should be: {', '.join((*wrong, *grown))}")


if __name__ == "__main__":
    main()
