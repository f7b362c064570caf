"""What a server refuses, and how it says so."""

from __future__ import annotations

import threading

import pytest

from tests.serve.conftest import until
from tests.serve.test_api import TEXT, problem

TOKEN = "a-token-of-this-test"
JSON = {"content-type": "application/json"}


def test_the_size_of_a_body(client_for):
    client = client_for(max_body=200)
    assert client.post("/v1/extract", json={"text": "x" * 150}).status_code == 200
    problem(client.post("/v1/extract", json={"text": "x" * 250}), 413, "body_too_large")
    pieces = (b"x" * 100 for _ in range(5))  # of no declared length
    problem(client.post("/v1/extract", content=pieces, headers=JSON), 413, "body_too_large")


def test_the_size_of_a_text_and_of_a_list(client_for):
    client = client_for(max_chars=10, max_texts=3)
    assert client.post("/v1/extract", json={"texts": ["نص"] * 3}).status_code == 200
    details = problem(client.post("/v1/extract", json={"texts": ["نص", "ن" * 11]}), 413, "text_too_long")
    assert details.errors[0].where == "texts.1"
    problem(client.post("/v1/explain", json={"text": "ن" * 11}), 413, "text_too_long")
    problem(client.post("/v1/extract", json={"texts": ["نص"] * 4}), 413, "too_many_texts")


@pytest.mark.parametrize(
    "given",
    [{}, {"authorization": TOKEN}, {"authorization": f"Basic {TOKEN}"}, {"authorization": "Bearer"},
     {"authorization": f"Bearer {TOKEN}x"}, {"authorization": "Bearer \u00e9"}],
)  # fmt: skip
def test_a_wrong_token(client_for, given):
    client = client_for(tokens=(TOKEN,))
    headers = {name: value.encode("latin-1") for name, value in given.items()}
    for method, path in (("POST", "/v1/extract"), ("POST", "/v1/explain"), ("GET", "/v1/schema"), ("GET", "/metrics")):
        answer = client.request(method, path, headers=headers)
        problem(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_right_token(client_for):
    client = client_for(tokens=(TOKEN, "another-token-of-it"))
    for token in (TOKEN, "another-token-of-it"):
        headers = {"authorization": f"Bearer {token}"}
        assert client.post("/v1/extract", json={"text": TEXT}, headers=headers).status_code == 200
        assert client.get("/metrics", headers=headers).status_code == 200
    for path in ("/", "/health", "/openapi.json", "/page/page.js"):  # nothing secret is there
        assert client.get(path).status_code == 200
    assert TOKEN not in client.get("/openapi.json").text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:80", "[::1]:8000", "[::1]"])
def test_names_of_this_machine(client_for, host):
    client = client_for(hosts=("localhost", "127.0.0.1", "::1"))
    assert client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["news.example", "localhost.example", "localhost@evil.example", "[", "", "127.0.0.1.evil"]
)
def test_a_page_of_somebody_else_does_not_get_through(client_for, host):
    client = client_for(hosts=("localhost", "127.0.0.1", "::1"))
    problem(client.post("/v1/extract", json={"text": TEXT}, headers={"host": host}), 421, "wrong_host")


def test_no_page_of_somebody_else_may_ask(client):
    """A browser asks before it sends JSON across origins; no answer allows it."""
    answer = client.options(
        "/v1/extract", headers={"origin": "https://evil.example", "access-control-request-method": "POST"}
    )
    assert "access-control-allow-origin" not in answer.headers


def in_background(call) -> threading.Thread:
    thread = threading.Thread(target=call)
    thread.start()
    return thread


def test_requests_in_work_at_a_time(client_for, gate):
    client = client_for(gate, max_requests=1)
    answers = []
    thread = in_background(lambda: answers.append(client.post("/v1/extract", json={"text": TEXT})))
    assert gate.entered.wait(20)
    refused = client.post("/v1/extract", json={"text": TEXT})
    problem(refused, 503, "overloaded")
    assert int(refused.headers["retry-after"]) >= 1
    assert client.get("/health").status_code == 200  # a probe is always answered
    gate.open.set()
    thread.join(20)
    assert answers[0].status_code == 200


def test_bodies_in_work_at_a_time(client_for, gate):
    client = client_for(gate, max_body=300, max_bodies=400)
    thread = in_background(lambda: client.post("/v1/extract", json={"text": "x" * 250}))
    assert gate.entered.wait(20)
    problem(client.post("/v1/extract", json={"text": "x" * 250}), 503, "overloaded")
    gate.open.set()
    thread.join(20)
    assert client.post("/v1/extract", json={"text": "x" * 250}).status_code == 200  # their room is free again


def test_a_full_queue(client_for, gate):
    client = client_for(gate, queue_texts=2, max_texts=2)
    threads = [in_background(lambda: client.post("/v1/extract", json={"text": TEXT}))]
    assert gate.entered.wait(20)
    threads.append(in_background(lambda: client.post("/v1/extract", json={"texts": [TEXT, TEXT]})))
    until(lambda: "arner_queue_texts 2.0" in client.get("/metrics").text)
    for headers in ({}, {"accept": "application/x-ndjson"}):
        refused = client.post("/v1/extract", json={"text": TEXT}, headers=headers)
        problem(refused, 503, "overloaded")
        assert int(refused.headers["retry-after"]) >= 1
    gate.open.set()
    for thread in threads:
        thread.join(20)
    assert client.post("/v1/extract", json={"text": TEXT}).status_code == 200


def test_time_for_an_answer(client_for, gate):
    client = client_for(gate, timeout=0.2)
    late = client.post("/v1/extract", json={"text": TEXT})
    problem(late, 504, "timeout")
    assert "retry-after" in late.headers
    problem(client.post("/v1/extract", json={"text": TEXT}), 503, "overloaded")  # the model did not come to it
    lines = client.post("/v1/extract", json={"text": TEXT}, headers={"accept": "application/x-ndjson"})
    assert lines.status_code == 200
    assert lines.json()["code"] == "timeout"
    gate.open.set()
    until(lambda: "arner_queue_texts 0.0" in client.get("/metrics").text)
    assert gate.batches == [[TEXT]]  # the others were taken back in time
