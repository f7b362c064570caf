"""A real server on a port of this machine: many clients, slow ones, broken ones, and its end."""

from __future__ import annotations

import asyncio
import json
import socket

import httpx2
import pytest

from arner.serve.problems import ProblemDetails
from tests.serve.conftest import everything, until
from tests.serve.test_api import TEXT


def request(body: bytes, *headers: str, length: int | None = None) -> bytes:
    lines = ["POST /v1/extract HTTP/1.1", "Host: localhost", "Content-Type: application/json", *headers]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def code_of(answer: bytes, status: int) -> str:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode()), answer
    assert b"application/problem+json" in head
    return ProblemDetails.model_validate_json(body).code


def test_many_clients_at_once(server_for, extractor):
    server = server_for()
    texts = [f"زار بوتين أستانا {n} مرات، ولم يزر توكاييف القاهرة." for n in range(200)]

    async def ask() -> list[httpx2.Response]:
        limits = httpx2.Limits(max_connections=None)
        async with httpx2.AsyncClient(base_url=server.url, limits=limits, timeout=60) as client:
            return await asyncio.gather(*(client.post("/v1/extract", json={"text": text}) for text in texts))

    answers = asyncio.run(ask())
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.text for answer in answers] == [extractor.extract(text).to_json() for text in texts]
    batches = next(line for line in server.metrics().splitlines() if line.startswith("arner_batch_texts_count"))
    assert float(batches.split()[1]) < len(texts)  # they shared batches


def test_a_stream_comes_line_by_line(server_for, gate):
    server = server_for(gate, batch_texts=1)
    gate.open.set()
    body = {"texts": [TEXT] * 20}
    headers = {"accept": "application/x-ndjson"}
    with httpx2.stream("POST", server.url + "/v1/extract", json=body, headers=headers, timeout=20) as answer:
        lines = answer.iter_lines()
        assert json.loads(next(lines))["text"] == TEXT
        gate.open.clear()
        assert len(gate.batches) < 20  # the rest is not read ahead of the reader without bound
        gate.open.set()
        assert len(list(lines)) == 19


@pytest.mark.parametrize(
    "data",
    [
        b"GET\r\n\r\n",
        b"\x00\x01\x02\x03\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST /v1/extract HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/extract HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"GET /" + b"a" * 20_000,  # a head without end
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"x: y\r\n" * 4000,
    ],
)
def test_what_is_no_http(server_for, data):
    server = server_for()
    answer = server.send(data)
    assert not answer or code_of(answer, 400) == "malformed_http"
    assert httpx2.get(server.url + "/health").status_code == 200


def test_a_broken_chunk(server_for):
    server = server_for()
    head = (
        b"POST /v1/extract HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    answer = server.send(head + b"zz\r\nnonsense\r\n")
    assert not answer or b"200" not in answer.split(b"\r\n")[0]
    assert httpx2.get(server.url + "/health").status_code == 200


def test_a_slow_head_is_cut_off(server_for):
    server = server_for(read_timeout=0.3)
    assert server.send(b"") == b""
    assert server.send(b"POST /v1/extract HTTP/1.1\r\nHost: loc") == b""
    kept = server.send(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\nGET /hea")  # the second one on a connection
    assert kept.count(b"HTTP/1.1 200") == 1


def test_a_slow_body_is_answered_and_others_are_served(server_for):
    server = server_for(read_timeout=0.5)
    with server.connect() as connection:
        connection.sendall(request(b'{"text": ', length=100))
        assert httpx2.post(server.url + "/v1/extract", json={"text": TEXT}).status_code == 200
        assert code_of(everything(connection), 408) == "slow_body"


def test_an_oversized_body_is_answered_while_it_is_sent(server_for):
    server = server_for(max_body=1000)
    answer = httpx2.post(server.url + "/v1/extract", content=b"x" * 1500, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    with server.connect() as connection:
        connection.sendall(request(b"", "Expect: 100-continue", length=10_000_000))
        answer = everything(connection)  # before a byte of it is sent
    assert code_of(answer, 413) == "body_too_large"


def test_a_reader_who_takes_nothing_is_cut_off(server_for):
    server = server_for(write_timeout=0.5)
    server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # what it accepts has it too
    text = TEXT + "ا" * 20_000
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(
            request(json.dumps({"texts": [text] * 30}, ensure_ascii=False).encode(), "Accept: application/x-ndjson")
        )
        until(lambda: "arner_abandoned_total 1.0" in server.metrics())
    assert httpx2.post(server.url + "/v1/extract", json={"text": TEXT}).status_code == 200


def test_a_client_that_leaves_is_not_read_for(server_for, gate):
    server = server_for(gate)
    first = server.connect()
    first.sendall(request(json.dumps({"text": TEXT}).encode()))
    assert gate.entered.wait(20)
    second = server.connect()
    second.sendall(request(json.dumps({"texts": ["ذهب"] * 10}).encode()))
    until(lambda: "arner_queue_texts 10.0" in server.metrics())
    second.close()
    until(lambda: "arner_queue_texts 0.0" in server.metrics())
    gate.open.set()
    assert b"HTTP/1.1 200" in first.recv(65536)
    first.close()
    assert gate.batches == [[TEXT]]


def test_too_many_connections(server_for):
    server = server_for(max_connections=2)
    held = [server.connect() for _ in range(2)]
    answer = server.send(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
    assert code_of(answer, 503) == "overloaded"
    assert b"retry-after: 2" in answer
    for connection in held:
        connection.close()


def test_two_requests_on_one_connection(server_for):
    server = server_for()
    one = b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
    last = b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    assert server.send(one + one + last).count(b"HTTP/1.1 200 OK") == 3


def test_what_was_accepted_is_answered_at_the_end(server_for, gate):
    server = server_for(gate)
    connections = [server.connect() for _ in range(6)]
    for connection in connections:
        connection.sendall(request(json.dumps({"texts": [TEXT] * 3}).encode()))
    until(lambda: "arner_requests_in_flight 7.0" in server.metrics())  # the one that asks is the seventh
    server.stop(wait=False)
    until(lambda: not server.server.servers[0].is_serving())
    with pytest.raises(OSError, match=r"refused|reset"):
        server.connect()
    gate.open.set()
    for connection in connections:
        answer = everything(connection)
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert len(json.loads(answer.partition(b"\r\n\r\n")[2])["documents"]) == 3
        connection.close()
    server.stop()


def test_the_end_does_not_wait_for_ever(server_for, gate):
    server = server_for(gate, grace=1)
    connections = [server.connect() for _ in range(2)]
    for number, connection in enumerate(connections):
        connection.sendall(request(json.dumps({"text": TEXT + str(number)}).encode()))
        assert gate.entered.wait(20)
    server.stop(wait=False)
    assert [code_of(everything(connection), 503) for connection in connections] == ["stopping", "stopping"]
    gate.open.set()
    server.stop()
    for connection in connections:
        connection.close()
