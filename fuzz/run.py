"""Fuzzes one target, or all of them one after the other, and keeps the inputs that reach code no other input reaches.

    python -m fuzz.run [TARGET ...] [--runs 100000] [--seconds 0] [--keep]

An input that breaks the target is written to fuzz/found/ and named; the exit status is then 1. Ten seconds for one
input, or 2 GB of memory, count as broken. Needs `pip install 'arner[fuzz]'` (Linux).
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from fuzz.corpus import CORPORA, read_corpus, write_corpus
from fuzz.minimise import smallest
from fuzz.seeds import DICTIONARY, seeds_of
from fuzz.targets import TARGETS

__all__ = ["main"]

_SECONDS: Final = 10
_MEGABYTES: Final = 2048
_FOUND: Final = CORPORA.parent / "found"
_CHILD: Final = """
import sys
import atheris
with atheris.instrument_imports(include=["arner", "tomllib"], enable_loader_override=False):
    from fuzz.targets import TARGETS
    target = TARGETS[sys.argv[1]].load(sys.argv[1])
from fuzz.seeds import seeds_of
for seed in seeds_of(sys.argv[1]):  # rules and knowledge are loaded before the clock of the first input runs
    target(seed)
atheris.Setup([sys.argv[0], *sys.argv[2:]], target)
atheris.Fuzz()
"""


def main() -> None:
    """Parses the command line, fuzzes, and prints a line for each target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"of: {', '.join(TARGETS)}; all where none is named"
    )
    parser.add_argument("--runs", type=int, default=100_000, help="executions of each target")
    parser.add_argument("--seconds", type=int, default=0, help="stop a target after this time; 0 waits for its runs")
    parser.add_argument("--keep", action="store_true", help="write the smallest inputs that reach as much into corpus/")
    options = parser.parse_args()
    unknown = [target for target in options.targets if target not in TARGETS]
    if unknown:
        parser.error(f"no target {unknown[0]}; there are: {', '.join(TARGETS)}")
    try:
        import atheris  # noqa: F401
    except ImportError:
        parser.exit(2, "fuzzing needs atheris: pip install 'arner[fuzz]' (Linux)\n")
    broken = [target for target in options.targets or TARGETS if not _fuzz(target, options)]
    if broken:
        sys.exit(f"broken: {', '.join(broken)}; the inputs are in {_FOUND}")


def _fuzz(target: str, options: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory(prefix="arner-fuzz-") as name:
        work = Path(name)
        _unpack(target, work / "corpus")
        (work / "words").write_text("".join(f'"{_quoted(word)}"\n' for word in DICTIONARY), "ascii")
        _FOUND.mkdir(exist_ok=True)
        limits = [f"-timeout={_SECONDS}", f"-rss_limit_mb={_MEGABYTES}", f"-max_len={TARGETS[target].longest}"]
        command = [sys.executable, "-c", _CHILD, target, *limits, f"-dict={work / 'words'}", "-print_final_stats=1"]
        runs = [f"-runs={options.runs}", f"-max_total_time={options.seconds}", f"-artifact_prefix={_FOUND}/{target}-"]
        log = work / "log"
        with log.open("wb") as file:
            done = subprocess.run(  # noqa: S603  # this Python, with arguments of our own
                [*command, *runs, str(work / "corpus")], stdout=file, stderr=file, env=_environment(), check=False
            )
        said = log.read_text("utf-8", "replace")
        sound = done.returncode == 0 or _only_waited(target, said)
        if not sound:
            print(said[-6000:], file=sys.stderr)
        print(f"{target}: {_numbers(said)}{'' if sound else '; BROKEN'}", flush=True)
        if options.keep and sound:
            found = [path.read_bytes() for path in (work / "corpus").iterdir()]
            kept = smallest(TARGETS[target].load(target), found)
            write_corpus(target, kept)
            print(f"{target}: of {len(found):,} inputs {len(kept)} are kept", flush=True)
    return sound


def _only_waited(target: str, said: str) -> bool:
    """Whether an input was given up only because the machine was busy: libFuzzer's clock is that on the wall."""
    written = re.findall(r"Test unit written to (\S+-timeout-\S+)", said)
    if not written:
        return False
    path, function = Path(written[-1]), TARGETS[target].load(target)
    data = path.read_bytes()
    function(seeds_of(target)[0])  # loads what is loaded once
    begin = time.process_time()
    function(data)
    seconds = time.process_time() - begin
    if seconds < 1:
        path.unlink()
        print(f"{target}: stopped by a busy machine; the input takes {seconds:.3f} s of computing", flush=True)
    return seconds < 1


def _unpack(target: str, folder: Path) -> None:
    folder.mkdir()
    for number, data in enumerate((*seeds_of(target), *read_corpus(target))):
        (folder / str(number)).write_bytes(data)


def _quoted(word: str) -> str:
    """A word as libFuzzer's dictionaries write it."""
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}"
        for byte in word.encode("utf-8", "surrogateescape")
    )


def _numbers(said: str) -> str:
    runs = re.findall(r"stat::number_of_executed_units: (\d+)", said) or re.findall(r"Done (\d+) runs", said)
    cover = re.findall(r"cov: (\d+)", said)
    seconds = re.findall(r"Done \d+ runs in (\d+) second", said)
    parts = [
        f"{int(runs[-1]):,} runs" if runs else "no count",
        f"{cover[-1]} places reached" if cover else "",
        f"{seconds[-1]} s" if seconds else "",
    ]
    return ", ".join(part for part in parts if part)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(CORPORA.parents[1])}


if __name__ == "__main__":
    main()
