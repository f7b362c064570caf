"""Requests made to do harm, on a real server: each is answered or refused, and good requests go on meanwhile."""

from __future__ import annotations

import contextlib
import gzip
import json
import time
from collections.abc import Iterator

import httpx2
import pytest

from arner.serve.settings import Settings
from tests.serve.conftest import Running, everything
from tests.serve.test_api import TEXT
from tests.serve.test_server import request

HEAD = b"POST /v1/extract HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
BODY = json.dumps({"text": TEXT}).encode()
SECOND = b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def status_of(answer: bytes) -> int:
    """The status of the first answer on a connection; 0 where the connection was closed without one."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def is_well(server) -> None:
    assert httpx2.post(server.url + "/v1/extract", json={"text": TEXT}, timeout=20).status_code == 200


class Attacked(Running):
    """A server to which bad requests are sent all at once, and a good one while they are in work."""

    def send_all(self, requests: list[bytes]) -> list[tuple[bytes, bytes]]:
        connections = [self.connect() for _ in requests]
        for connection, data in zip(connections, requests, strict=True):
            with contextlib.suppress(OSError):  # it may be refused before all is sent
                connection.sendall(data)
        is_well(self)
        answers = [everything(connection) for connection in connections]
        for connection in connections:
            connection.close()
        is_well(self)
        return list(zip(requests, answers, strict=True))


@pytest.fixture(scope="module")
def server(extractor) -> Iterator[Attacked]:
    running = Attacked(extractor, Settings(keep_alive=1, grace=10, read_timeout=1, max_body=2_000_000))
    yield running
    running.stop()


TWO_LENGTHS = [
    HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
    HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + SECOND,
    HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND,
    HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SECOND,
    HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SECOND,
    HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SECOND,
    HEAD + b"Content-Length: +5\r\n\r\nhello" + SECOND,
    HEAD + b"Content-Length: 5, 6\r\n\r\nhello" + SECOND,
    HEAD + b"Content-Length: 0x5\r\n\r\nhello" + SECOND,
    HEAD + b"Content-Length: 99999999999999999999999999\r\n\r\nhello",
    HEAD + b"X: a\r\n b\r\nContent-Length: 0\r\n\r\n" + SECOND,
    HEAD + b"X: a\x00b\r\nContent-Length: 0\r\n\r\n" + SECOND,
    HEAD + b"X\x01: a\r\nContent-Length: 0\r\n\r\n" + SECOND,
    HEAD.replace(b"\r\n", b"\n") + b"Content-Length: 0\n\n" + SECOND,
]


def test_two_lengths_of_one_body(server):
    """Where proxies and servers may differ over the end of a body, nothing of it is read as a request that succeeds."""
    for data, answer in server.send_all(TWO_LENGTHS):
        assert 400 <= (status_of(answer) or 400) < 500, (data, answer)
        assert answer.count(b"HTTP/1.1 200") <= 1, data  # the second request, where the end of the first is certain


CHUNKS = [
    b"FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
    b"-5\r\nhello\r\n0\r\n\r\n",
    b"5;" + b"x" * 100_000 + b"\r\nhello\r\n0\r\n\r\n",
    b"5\r\nhelloworld\r\n0\r\n\r\n",
    b"1\r\nx\r\n" * 20_000 + b"0\r\n\r\n",
    b"0\r\n" + b"x: y\r\n" * 20_000 + b"\r\n",
]


def test_chunks_without_measure(server):
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    for data, answer in server.send_all([head + chunks for chunks in CHUNKS]):
        assert 400 <= (status_of(answer) or 400) < 500, (data[:200], answer)


def test_a_body_that_is_packed_is_not_unpacked(server):
    """A small archive may hold gigabytes: no encoding of bodies is taken."""
    packed = gzip.compress(b'{"text": "' + b"x" * 20_000_000 + b'"}')
    encodings = ("gzip", "deflate", "br", "gzip, gzip", "zstd")
    for _, answer in server.send_all(
        [request(packed, f"Content-Encoding: {encoding}", "Connection: close") for encoding in encodings]
    ):
        assert status_of(answer) in (400, 413, 415), answer[:300]


BODIES = [
    b"[" * 500_000,
    b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"texts": ' + b'{"a": ' * 50_000 + b"1" + b"}" * 50_000 + b"}",
    b'{"text": "\xff\xfe"}',
    b'{"text": "\xed\xa0\x80"}',
    b'{"text": "\\ud800"}',
    b'{"text": "x", "min_score": ' + b"9" * 100_000 + b"}",
    b'{"text": "x", "min_score": 1e999999999}',
    b'{"text": "x", "min_score": NaN}',
    b'{"text": "a", "text": ["b"]}',
    b'{"__proto__": {"text": "a"}, "constructor": 1}',
    b'\xef\xbb\xbf{"text": 1}',
    b"\x80\x04\x95.",
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
]


def test_bodies_made_to_break_the_reader(server):
    for data, answer in server.send_all([request(body, "Connection: close") for body in BODIES]):
        assert 400 <= status_of(answer) < 500, (data[:200], answer[:300])
        assert b"Traceback" not in answer and b"root:" not in answer


ELSEWHERE = [
    (
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ),
    (
        b"POST /v1/extract HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        b"HTTP2-Settings: AAMAAABk\r\nContent-Length: 0\r\n\r\n"
    ),
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /page/../../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /page/%2e%2e%2f%2e%2e%2fsettings.py HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /page/..%5c..%5csettings.py HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /page/page.js%00.html HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /health/live?" + b"a=b&" * 2000 + b" HTTP/1.0\r\n\r\n",
]


def test_neither_tunnels_nor_files_of_the_machine(server):
    for data, answer in server.send_all(ELSEWHERE):
        assert not answer.startswith(b"HTTP/1.1 101"), (data, answer)
        assert b"root:" not in answer and b"import " not in answer, data
        assert status_of(answer) < 500, (data, answer)


def test_good_requests_go_on_while_many_drip(server_for):
    """Slow heads and bodies hold connections, not the server."""
    server = server_for(read_timeout=3, max_connections=200)
    held = [server.connect() for _ in range(100)]
    try:
        for number, connection in enumerate(held):
            connection.sendall(HEAD + (b"Content-Length: 100\r\n\r\n{" if number % 2 else b"X-Drip: "))
        for beat in range(3):
            for connection in held:
                try:
                    connection.sendall(b"a")
                except OSError:
                    assert beat, "cut off at once"
            is_well(server)
            time.sleep(0.05)
        assert [status_of(everything(connection)) for connection in held].count(200) == 0  # all are ended
    finally:
        for connection in held:
            connection.close()
    is_well(server)


def test_a_bad_request_behind_good_ones_on_one_connection(server):
    ((_, answer),) = server.send_all([request(BODY) * 3 + b"\x00nonsense\r\n\r\n"])
    assert answer.count(b"HTTP/1.1 200") == 3
    assert answer.count(b"HTTP/1.1 400") == 1
