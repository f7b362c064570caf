"""A batch gives what one run gives, wherever it was interrupted, and loses nothing that it was not told to drop."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from arner import Extractor, InputError, ResumeError
from arner.batch import Batch, journal, placing, read_failures, running
from arner.export import FORMATS
from arner.schema import Document


def files(folder: Path = Path()) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name.startswith((".", "out"))}


def failed(path: str = "out.jsonl.failures.jsonl") -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def alone(news, extractor) -> tuple[bytes, bytes]:
    """The output and the list of failures of a run left alone."""
    Batch(news, "alone.jsonl").run(extractor)
    return Path("alone.jsonl").read_bytes(), Path("alone.jsonl.failures.jsonl").read_bytes()


def test_documents_and_failures_come_in_the_order_of_the_inputs(news, extractor):
    report = Batch(news, "out.jsonl").run(extractor)
    assert (report.documents, report.failures, report.skipped, report.stopped) == (12, 6, 0, False)
    documents = [Document.from_json(line) for line in Path("out.jsonl").read_bytes().splitlines()]
    assert [doc.id for doc in documents] == ["a.txt", *"01230123", None, "m", "x/a.txt"]
    assert [doc.to_json() for doc in documents[:1]] == [
        extractor.extract(Path("a.txt").read_bytes().decode(), id="a.txt").to_json()
    ]
    assert [(row["source"], row["error"]) for row in failed()] == [
        ("missing.txt", "FileNotFoundError"),
        ("lines.jsonl:4", "InputError"),
        ("lines.jsonl:5", "EmptyTextError"),
        ("lines.jsonl:6", "InputError"),
        ("png.txt", "EncodingError"),
        ("list.json item 2", "InputError"),
    ]
    assert files() == {"out.jsonl", "out.jsonl.failures.jsonl"}


def test_a_batch_killed_anywhere_is_gone_on_with(news, extractor, alone, tmp_path):
    """The files as they are at each step are what a kill leaves; a run that goes on from them ends the same."""
    states = []

    def keep(_: object) -> None:
        state = tmp_path / f"state{len(states)}"
        state.mkdir()
        for name in ("out.jsonl.partial", "out.jsonl.journal"):
            shutil.copy(name, state)
        states.append(state)

    Batch(news, "out.jsonl").run(extractor, on_progress=keep)
    assert len(states) == 19
    for number, state in enumerate(states):
        shutil.copytree(state, ".", dirs_exist_ok=True)
        report = Batch(news, "out.jsonl").run(extractor, resume=True, batch_size=3)
        assert (report.skipped, report.documents, report.failures) == (number, 12, 6)
        assert (Path("out.jsonl").read_bytes(), Path("out.jsonl.failures.jsonl").read_bytes()) == alone
        assert files() == {"out.jsonl", "out.jsonl.failures.jsonl"}


def test_files_cut_off_anywhere_are_gone_on_with(news, extractor, alone):
    """After a loss of power the disk may hold less of either file than was written."""
    cut: dict[str, bytes] = {}

    def keep(progress: object) -> None:
        cut.update({name: Path(name).read_bytes() for name in ("out.jsonl.partial", "out.jsonl.journal")})

    Batch(news, "out.jsonl").run(extractor, on_progress=keep)
    partial, entries = cut["out.jsonl.partial"], cut["out.jsonl.journal"]
    header = entries.index(b"\n") + 1
    for length in range(header, len(entries), 97):
        for part in (0, len(partial) // 3, len(partial)):
            Path("out.jsonl.partial").write_bytes(partial[:part])
            Path("out.jsonl.journal").write_bytes(entries[:length])
            Batch(news, "out.jsonl").run(extractor, resume=True)
            assert (Path("out.jsonl").read_bytes(), Path("out.jsonl.failures.jsonl").read_bytes()) == alone


class Killed(BaseException):
    """Ends a run at a place."""


@pytest.mark.parametrize("format", ["jsonl", "csv"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["place", "write_failures", "remove"])
def test_a_kill_while_the_output_is_put_in_its_place(news, extractor, monkeypatch, step, when, format):
    owner = {"remove": journal.Journal, "place": running if format == "jsonl" else placing}.get(step, running)
    done = getattr(owner, step)

    def killed(*args: object) -> None:
        if when == "after":
            done(*args)
        raise Killed

    output = Path(f"out.{format}")
    output.write_text("before", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, killed)
        with pytest.raises(Killed):
            Batch(news, output).run(extractor)
    assert Batch(news, output).run(extractor, resume=True).documents == 12
    Batch(news, f"alone.{format}").run(extractor)
    assert output.read_bytes() == Path(f"alone.{format}").read_bytes()
    assert len(failed(f"out.{format}.failures.jsonl")) == 6
    assert files() == {f"out.{format}", f"out.{format}.failures.jsonl"}


@pytest.mark.parametrize("format", list(FORMATS))
def test_every_format_is_gone_on_with(news, extractor, format):
    Batch(news, "alone", format=format).run(extractor)
    interrupt(news, extractor, after=7, format=format)
    Batch(news, "out", format=format).run(extractor, resume=True)
    ours, theirs = Path("out").read_bytes(), Path("alone").read_bytes()
    assert len(ours) == len(theirs) if format in ("gexf", "parquet") else ours == theirs  # gexf holds the day


def interrupt(inputs, extractor, *, after: int, output: str = "out", **options) -> None:
    """Begin a batch, and interrupt it when some documents and failures are done."""

    def count(progress) -> None:
        if progress.documents + progress.failures == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Batch(inputs, output, **options).run(extractor, on_progress=count)


def test_what_is_done_is_not_read_again(news, list_model):
    extractor = Extractor()
    interrupt(news, extractor, after=9)
    again = Extractor()
    Batch(news, "out").run(again, resume=True)
    assert sum(list_model().batches) == 12 - 5


def test_an_unfinished_run_is_not_dropped_unasked(news, extractor):
    interrupt(news, extractor, after=9)
    before = Path("out.partial").read_bytes()
    with pytest.raises(ResumeError, match=r"unfinished after 5 documents.*--resume.*--restart"):
        Batch(news, "out").run(extractor)
    assert Path("out.partial").read_bytes() == before
    assert not Path("out").exists()
    report = Batch(news, "out").run(extractor, resume=False)
    assert (report.skipped, report.documents) == (0, 12)
    assert files() == {"out", "out.failures.jsonl"}


def test_an_output_that_is_gone_is_made_again(news, extractor, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(running, "write_failures", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Batch(news, "out.jsonl").run(extractor)
    Path("out.jsonl").unlink()
    assert Batch(news, "out.jsonl").run(extractor, resume=True).documents == 12
    assert len(Path("out.jsonl").read_bytes().splitlines()) == 12


def test_nothing_unfinished_is_begun(news, extractor):
    assert Batch(news, "out").run(extractor, resume=True).documents == 12


CHANGES = {
    "--min-score was 0.0 and is 0.5": ({"min_score": 0.5}, {}),
    "--date was not given and is 2024-11-27": ({"date": "2024-11-27"}, {}),
    "--rules was not given and is my.toml": ({"rules": "my.toml"}, {}),
    "--knowledge was not given and is my.jsonl": ({"knowledge": ["my.jsonl"]}, {}),
    "--encoding was utf-8 and is windows-1256": ({}, {"encoding": "windows-1256"}),
    "--format was jsonl and is csv": ({}, {"format": "csv"}),
}


@pytest.mark.parametrize("message", CHANGES)
def test_another_batch_is_refused(news, extractor, message):
    Path("my.toml").write_text("", encoding="utf-8")
    Path("my.jsonl").write_text("", encoding="utf-8")
    interrupt(news, extractor, after=9)
    options, asked = CHANGES[message]
    with pytest.raises(ResumeError, match=message):
        Batch(news, "out", **asked).run(Extractor(**options), resume=True)
    assert Batch(news, "out").run(extractor, resume=True).skipped == 9


def test_other_inputs_are_refused(news, extractor):
    interrupt(news, extractor, after=9)
    for inputs, message in [
        (news[:-1], "there were 6 inputs and are 5"),
        (["x/a.txt", *news[1:]], "input 1 was a.txt and is x/a.txt"),
    ]:
        with pytest.raises(ResumeError, match=message):
            Batch(inputs, "out").run(extractor, resume=True)
    Path("lines.jsonl").write_bytes(Path("lines.jsonl").read_bytes() + b"\n")
    with pytest.raises(ResumeError, match=r"lines\.jsonl has changed since it was read"):
        Batch(news, "out").run(extractor, resume=True)


def test_rules_that_hold_something_else_are_refused(news, extractor):
    Path("my.toml").write_text("", encoding="utf-8")
    interrupt(news, Extractor(rules="my.toml"), after=9)
    Path("my.toml").write_text("# another\n", encoding="utf-8")
    with pytest.raises(ResumeError, match=r"--rules: my\.toml holds something else now"):
        Batch(news, "out").run(Extractor(rules="my.toml"), resume=True)


def test_another_model_is_refused(news, extractor, monkeypatch):
    interrupt(news, extractor, after=9)
    with monkeypatch.context() as patch:
        patch.setattr(type(extractor._recognizer), "name", "other 2.0")
        with pytest.raises(ResumeError, match=r"--model was list 1\.0 and is other 2\.0"):
            Batch(news, "out").run(extractor, resume=True)
    with monkeypatch.context() as patch:
        patch.setattr("arner.batch.settings._model_files", lambda options: [Path("a.txt")])
        with pytest.raises(ResumeError, match="model files: they hold something else now"):
            Batch(news, "out").run(extractor, resume=True)


def test_an_input_that_is_mended_before_its_turn_is_read(news, extractor):
    report = Batch(news, "out").run(extractor, stop=True)
    assert (report.stopped, report.documents, report.failures, files()) == (True, 1, 0, {"out.partial", "out.journal"})
    Path("missing.txt").write_text("زار بوتين القاهرة.", encoding="utf-8")
    report = Batch(news, "out").run(extractor, resume=True)
    assert (report.skipped, report.documents, report.failures) == (1, 13, 5)


def test_one_process_at_a_time(news, extractor):
    def other(_: object) -> None:
        with pytest.raises(ResumeError, match="another process is writing this output"):
            Batch(news, "out").run(extractor, resume=True)

    assert Batch(news, "out").run(extractor, on_progress=other).documents == 12


def test_failures_can_be_read_again(news, extractor):
    Batch(news, "out").run(extractor)
    again = read_failures("out.failures.jsonl")
    Path("missing.txt").write_text("زار بوتين القاهرة.", encoding="utf-8")
    lines = Path("lines.jsonl").read_text(encoding="utf-8").split("\n")
    lines[3] = '{"text": "زار بوتين القاهرة.", "id": "mended"}'
    Path("lines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    report = Batch(again, "out2", failures="left.jsonl").run(extractor)
    assert (report.documents, report.failures) == (2, 4)
    assert [json.loads(line)["id"] for line in Path("out2").read_bytes().splitlines()] == ["missing", "mended"]
    assert [row["source"] for row in failed("left.jsonl")] == [
        "lines.jsonl:5",
        "lines.jsonl:6",
        "png.txt",
        "list.json item 2",
    ]


def test_a_list_of_failures_is_emptied_when_nothing_fails(news, extractor):
    Batch(news, "out").run(extractor)
    report = Batch(["a.txt"], "out").run(extractor)
    assert report.failures_path is None
    assert files() == {"out"}
    Batch(["a.txt"], "out", failures="none.jsonl").run(extractor)
    assert Path("none.jsonl").read_bytes() == b""


def test_what_is_no_list_of_failures(news):
    with pytest.raises(InputError, match=r"lines\.jsonl:1: not a line of a list of failures"):
        read_failures("lines.jsonl")


def test_a_text_on_which_the_extractor_fails_is_a_failure(news, extractor, monkeypatch):
    read = Extractor._read

    def fragile(self, ready, *args):
        if " 3 مرة" in ready.text:
            raise ZeroDivisionError("a rule is broken")
        return read(self, ready, *args)

    monkeypatch.setattr(Extractor, "_read", fragile)
    for size in (1, 3, 100):
        report = Batch(news, "out").run(extractor, batch_size=size)
        assert (report.documents, report.failures) == (11, 7)
        assert [json.loads(line)["id"] for line in Path("out").read_bytes().splitlines()][:5] == ["a.txt", *"0120"]
        assert ("lines.jsonl:8", "ZeroDivisionError") in [
            (row["source"], row["error"]) for row in failed("out.failures.jsonl")
        ]


def test_many_failures_in_a_row_wait_in_no_memory(news, extractor, monkeypatch):
    monkeypatch.setattr("arner.batch.reading._FAILURES_WAITING", 10)
    rows = ["{"] * 35
    rows[1:1] = ['{"text": "زار بوتين القاهرة.", "id": "first"}']
    rows[30:30] = ['{"text": "زار بوتين القاهرة.", "id": "second"}']
    Path("bad.jsonl").write_text("\n".join(rows), encoding="utf-8")
    report = Batch(["bad.jsonl"], "out").run(extractor)
    assert (report.documents, report.failures) == (2, 35)
    assert [row["part"] for row in failed("out.failures.jsonl")] == [n for n in range(1, 38) if n not in (2, 31)]


def test_names_that_are_no_utf8(news, extractor):
    name = os.fsdecode("خبر\n".encode() + b"\xff.txt")
    Path(name).write_bytes("زار بوتين القاهرة.".encode())
    bad = os.fsdecode(b"\xfe.txt")
    Path(bad).write_bytes(b"\xff")
    interrupt([name, bad], extractor, after=1)
    report = Batch([name, bad], "out").run(extractor, resume=True)
    assert (report.documents, report.failures, report.skipped) == (1, 1, 1)
    assert [source.path for source in read_failures("out.failures.jsonl")] == [bad]


def test_where_an_output_cannot_be(news, extractor):
    os.mkfifo("pipe")
    for output, message in {
        "nowhere/out": "there is no folder",
        "x": "is a folder",
        "pipe": "is a pipe or a device",
        "a.txt": "is an input, and .* is written by this run",
    }.items():
        with pytest.raises(InputError, match=message):
            Batch(news, output)
    with pytest.raises(InputError, match="name two files"):
        Batch(news, "out", failures="out")
    with pytest.raises(InputError, match="unknown format 'xml'"):
        Batch(news, "out", format="xml")


@pytest.mark.parametrize("name", ["out.partial", "out.journal"])
def test_files_of_others_are_not_written_over(news, extractor, name):
    Path(name).write_text("mine\n", encoding="utf-8")
    with pytest.raises(ResumeError, match="move it away"):
        Batch(news, "out").run(extractor)
    assert Path(name).read_text(encoding="utf-8") == "mine\n"
    assert files() == {name}


def test_an_input_that_cannot_be_read_twice(news, extractor):
    os.mkfifo("pipe.jsonl")
    writer = os.open("pipe.jsonl", os.O_RDWR)
    os.write(writer, '{"text": "زار بوتين القاهرة."}\n'.encode() * 99)
    with pytest.raises(ResumeError, match="cannot be read again"):
        Batch(["pipe.jsonl"], "out").run(extractor, resume=True)
    interrupt(["pipe.jsonl"], extractor, after=1)
    assert files() == set()  # there is no way on from here
    os.close(writer)


def test_a_file_that_grows_is_read_to_where_it_was(news, extractor):
    path = Path("lines.jsonl")

    def grow(progress) -> None:
        if not progress.documents:
            return
        with path.open("a", encoding="utf-8") as file:
            file.write('\n{"text": "زار بوتين القاهرة."}')

    report = Batch([path], "out").run(extractor, batch_size=1, on_progress=grow)
    assert report.documents == 8


def test_a_full_disk_loses_nothing(news, extractor, alone, monkeypatch):
    add = journal.Journal.add

    def full(self, document, after):
        if self.state.documents == 5:
            raise OSError(28, "No space left on device")
        add(self, document, after)

    with monkeypatch.context() as patch:
        patch.setattr(journal.Journal, "add", full)
        with pytest.raises(OSError, match="No space left"):
            Batch(news, "out.jsonl").run(extractor)
    assert Batch(news, "out.jsonl").run(extractor, resume=True).skipped == 9
    assert (Path("out.jsonl").read_bytes(), Path("out.jsonl.failures.jsonl").read_bytes()) == alone


def test_documents_are_on_the_disk_before_a_checkpoint_speaks_of_them(news, extractor, monkeypatch):
    held: list[tuple[int, int]] = []

    def fsync(descriptor: int) -> None:
        name = Path(os.readlink(f"/proc/self/fd/{descriptor}")).name
        size = os.fstat(descriptor).st_size
        if name == "out.partial":
            held.append((size, -1))
        elif name == "out.journal":
            held[-1] = (held[-1][0], json.loads(Path(name).read_bytes().splitlines()[-1])["bytes"])

    monkeypatch.setattr(os, "fsync", fsync)
    Batch(news, "out").run(extractor)
    assert len(held) > 12
    assert all(documents == said for documents, said in held)


def test_progress(news, extractor):
    seen = []
    Batch(news, "out.csv").run(extractor, on_progress=seen.append)
    assert (seen[0].documents, seen[0].bytes) == (0, 0)
    assert seen[0].total_bytes == sum(os.stat(name).st_size for name in news if os.path.exists(name))
    assert [progress.bytes for progress in seen] == sorted(progress.bytes for progress in seen)
    assert seen[-1].bytes == seen[-1].total_bytes
    assert [progress.converted for progress in seen[-12:]] == list(range(1, 13))
