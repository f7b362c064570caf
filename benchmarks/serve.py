"""Loads a server with many clients at once, on this machine, and says how it bore it.

    python benchmarks/serve.py [--clients 500] [--seconds 60] [--url http://127.0.0.1:8000 --pid PID]

Starts `arner serve` on a free port of the loopback interface, or uses the one that is named (of this machine only).
Each client sends a text, reads the whole answer, and sends the next; after a refusal (429 or 503) it waits as long as
Retry-After says. Prints how many requests had which status, how many were answered per second, the time of accepted
requests (median, 95th, 99th percentile, longest), whether each answer was that of `arner.extract`, and the resident
memory of the server over time. Ends with exit code 1 where a request ended in anything but 200, 429 or 503, or an
answer was wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import arner

PEOPLE = ("خالد نعمان", "منى السالم", "سامح شكري", "هاكان فيدان", "رجب طيب أردوغان")
PLACES = ("القاهرة", "أنقرة", "تونس", "أستانا", "الخرطوم")
SENTENCES = (
    "التقى {0} نظيره التركي {1} في {2}، الثلاثاء، وبحثا تعزيز التعاون بين البلدين.",
    "وصل الرئيس {0} إلى {2} في زيارة رسمية تستغرق يومين.",
    "ولم يزر {1} مدينة {2} منذ سنوات، بحسب المتحدث باسم الحكومة {0}.",
)


def texts(sentences: int) -> list[str]:
    """Some texts of news, each of so many sentences."""
    made = []
    for number in range(25):
        parts = [
            SENTENCES[(number + step) % 3].format(
                PEOPLE[(number + step) % 5], PEOPLE[(number + 2) % 5], PLACES[step % 5]
            )
            for step in range(sentences)
        ]
        made.append(" ".join(parts))
    return made


class Load:
    """Clients that ask as fast as they are answered, and what came of it."""

    def __init__(self, host: str, port: int, expected: dict[str, bytes], token: str | None) -> None:
        self.host, self.port, self.expected = host, port, expected
        self.token = f"Authorization: Bearer {token}\r\n" if token else ""
        self.statuses: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.wrong = 0
        self.memory: list[tuple[float, int]] = []

    async def client(self, number: int, end: float) -> None:
        """One client: a connection that is kept, a request after another."""
        wanted = list(self.expected)
        reader = writer = None
        while time.perf_counter() < end:
            number += 1
            text = wanted[number % len(wanted)]
            begin = time.perf_counter()
            try:
                if writer is None or writer.is_closing():
                    reader, writer = await asyncio.open_connection(self.host, self.port)
                assert reader is not None
                status, headers, body = await self.ask(reader, writer, text)
            except (OSError, asyncio.IncompleteReadError) as error:
                self.statuses[type(error).__name__] += 1
                writer = None
                await asyncio.sleep(0.1)
                continue
            self.statuses[str(status)] += 1
            if "connection: close" in headers:
                writer.close()
                writer = None
            if status == 200:
                self.seconds.append(time.perf_counter() - begin)
                self.wrong += body != self.expected[text]
            elif status in (429, 503):
                after = re.search(r"retry-after: (\d+)", headers)
                await asyncio.sleep(min(float(after[1]) if after else 1, max(0.0, end - time.perf_counter())))
        if writer is not None:
            writer.close()

    async def ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, text: str
    ) -> tuple[int, str, bytes]:
        """One request: status, headers in lower case, body."""
        body = json.dumps({"text": text}, ensure_ascii=False).encode()
        head = (
            f"POST /v1/extract HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{self.token}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = re.search(r"content-length: (\d+)", answer)
        content = await reader.readexactly(int(length[1])) if length else await reader.read()
        return int(answer.split(" ", 2)[1]), answer, content

    async def watch(self, pid: int, begin: float, end: float) -> None:
        """The resident memory of the server, every second, in KiB."""
        while time.perf_counter() < end and Path(f"/proc/{pid}/status").exists():
            found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
            if found:
                self.memory.append((time.perf_counter() - begin, int(found[1])))
            await asyncio.sleep(1)

    async def run(self, clients: int, seconds: float, pid: int | None) -> None:
        """All clients, for so long."""
        begin = time.perf_counter()
        end = begin + seconds
        watching = [self.watch(pid, begin, end)] if pid else []
        await asyncio.gather(*(self.client(number, end) for number in range(clients)), *watching)


def started() -> tuple[subprocess.Popen[str], str]:
    """A server on a free port, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "arner", "serve", "--port", "0"], stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(r"serving on (http://\S+)", line)
        if found:
            return process, found[1]
    raise SystemExit("the server did not start")


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def report(load: Load, seconds: float) -> None:
    """Print what came of it."""
    print("requests by status: " + ", ".join(f"{status}: {count}" for status, count in sorted(load.statuses.items())))
    if load.seconds:
        shares = {"median": 0.5, "p95": 0.95, "p99": 0.99, "longest": 1.0}
        times = ", ".join(f"{name} {percentile(load.seconds, share):.2f} s" for name, share in shares.items())
        print(f"accepted: {len(load.seconds) / seconds:.1f} a second; {times}; wrong answers: {load.wrong}")
    if load.memory:
        step = max(1, len(load.memory) // 10)
        print("resident MiB: " + ", ".join(f"{at:.0f} s {size / 1024:.0f}" for at, size in load.memory[::step]))


def main() -> None:
    """Load, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--sentences", type=int, default=3, help="length of a text")
    parser.add_argument("--url", help="a server that runs on this machine")
    parser.add_argument("--pid", type=int, help="its process, for its memory")
    args = parser.parse_args()
    address = urlsplit(args.url or "http://127.0.0.1")
    if address.hostname not in ("127.0.0.1", "localhost", "::1"):
        parser.error("only a server on this machine is loaded")
    expected = {text: arner.extract(text).to_json().encode() for text in texts(args.sentences)}
    process = None
    if not args.url:
        process, url = started()
        address = urlsplit(url)
    pid = process.pid if process else args.pid
    try:
        load = Load(str(address.hostname), int(address.port or 80), expected, os.environ.get("ARNER_TOKEN"))
        print(f"{args.clients} clients, {args.seconds:g} s, {platform.machine()}, {os.cpu_count()} cores", flush=True)
        asyncio.run(load.run(args.clients, args.seconds, pid))
    finally:
        if process:
            process.terminate()
            process.wait(90)
    report(load, args.seconds)
    if load.wrong or set(load.statuses) - {"200", "429", "503"}:
        sys.exit(1)


if __name__ == "__main__":
    main()
