"""Real processes that are killed, stopped, or run out of room: what is done is kept, and nothing is done twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")

COMMAND = ["extract", "in.jsonl", "missing.txt", "-o"]


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    lines = [json.dumps({"id": "same", "text": f"زار بوتين القاهرة {n} مرة."}, ensure_ascii=False) for n in range(150)]
    lines[20:20] = ["{", "[]"]
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def start(*args: str, batch: float = 0.1, at_start: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    def set_up() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs do not heed it
        if at_start is not None:
            at_start()

    command = [sys.executable, "-m", "tests.batch.child", str(batch), "0", *args]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=env, preexec_fn=set_up, stdout=pipe, stderr=pipe, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[int, str, list[str]]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, [line for line in err.splitlines() if "in.jsonl:" not in line]


def wait_for(process: subprocess.Popen[str], lines: int) -> None:
    """Until the journal has so many lines, of which each document makes one."""
    while Path("out.jsonl.journal").read_bytes().count(b"\n") < lines if Path("out.jsonl.journal").exists() else True:
        assert process.poll() is None, "it ended before it was to be stopped"
        time.sleep(0.002)


@pytest.fixture
def alone(folder) -> bytes:
    assert finish(start(*COMMAND, "alone.jsonl", batch=0))[0] == 1
    return Path("alone.jsonl").read_bytes()


def test_kill_minus_nine(alone):
    """At random moments, each after the last run has done a little more."""
    chance = random.Random(5)
    for kill in range(5):
        process = start(*COMMAND, "out.jsonl", "--resume")
        held = Path("out.jsonl.journal").read_bytes().count(b"\n") if kill else 0
        wait_for(process, held + chance.randint(1, 12))
        time.sleep(chance.random() * 0.02)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert not Path("out.jsonl").exists()
    assert finish(start(*COMMAND, "out.jsonl", "--resume"))[0] == 1
    assert Path("out.jsonl").read_bytes() == alone
    failed = [json.loads(line)["source"] for line in Path("out.jsonl.failures.jsonl").read_bytes().splitlines()]
    assert failed == ["in.jsonl:21", "in.jsonl:22", "missing.txt"]


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_stopping_is_told_in_a_line(alone, number, code, word):
    process = start(*COMMAND, "out.jsonl")
    wait_for(process, 9)
    process.send_signal(number)
    returned, _, told = finish(process)
    assert returned == code
    assert len(told) == 1
    assert told[0].startswith(f"arner: {word}; ")
    assert told[0].endswith("done and kept: --resume goes on with the run")
    kept = Path("out.jsonl.partial").read_bytes()
    assert kept
    assert alone.startswith(kept)
    assert finish(start(*COMMAND, "out.jsonl", "--resume", batch=0))[0] == 1
    assert Path("out.jsonl").read_bytes() == alone


def test_ctrl_c_while_it_waits_for_its_input(folder):
    os.mkfifo("pipe")
    process = start("extract", "pipe")
    with open("pipe", "wb"):  # opened when the other end is
        process.send_signal(signal.SIGINT)
        returned, out, told = finish(process)
    assert (returned, out, told) == (130, "", ["arner: interrupted"])


def test_a_reader_that_leaves(folder):
    with start("extract", "in.jsonl") as process:
        assert json.loads(process.stdout.readline())["id"] == "same"
        process.stdout.close()
        assert process.wait(60) == 1
        assert [line for line in process.stderr if "in.jsonl:" not in line] == []


def test_no_room_is_told_and_loses_nothing(alone):
    import resource

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(alone) // 2, -1))

    process = start(*COMMAND, "out.jsonl", batch=0, at_start=little_room)
    returned, _, told = finish(process)
    assert returned == 1
    assert len(told) == 1
    assert "out.jsonl: File too large; " in told[0]
    assert "documents done and kept: --resume goes on" in told[0]
    assert finish(start(*COMMAND, "out.jsonl", "--resume", batch=0))[0] == 1
    assert Path("out.jsonl").read_bytes() == alone
