"""What the API answers: the same documents as `arner.extract`, and one shape of errors."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import arner
from arner.extractor import check_text
from arner.schema import Document
from arner.serve.problems import ProblemDetails

TEXT = "زار بوتين أستانا أمس، ولم يزر توكاييف القاهرة."


def problem(response, status: int, code: str) -> ProblemDetails:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    details = ProblemDetails.model_validate_json(response.content)
    assert (details.status, details.code) == (status, code)
    return details


def test_one_text(client, extractor):
    answer = client.post("/v1/extract", json={"text": TEXT, "id": "visit", "date": "2024-11-27"})
    assert answer.status_code == 200
    assert answer.text == extractor.extract(TEXT, id="visit", date="2024-11-27").to_json()
    assert [r.type for r in Document.from_json(answer.content).relations] == ["visited", "visited"]


def test_several_texts_with_options_of_their_own(client, extractor):
    wanted = {"texts": [TEXT, {"text": TEXT, "id": "b", "date": "2024-01-02"}], "date": "2024-11-27"}
    documents = client.post("/v1/extract", json=wanted).json()["documents"]
    expected = [
        extractor.extract(TEXT, date="2024-11-27").to_json(),
        extractor.extract(TEXT, id="b", date="2024-01-02").to_json(),
    ]
    assert documents == [json.loads(text) for text in expected]


def test_the_least_score_is_that_of_an_extractor(client, extractor, strict_extractor):
    strict = strict_extractor.extract(TEXT)
    assert strict != extractor.extract(TEXT)
    assert client.post("/v1/extract", json={"text": TEXT, "min_score": 0.95}).text == strict.to_json()
    explained = client.post("/v1/explain", json={"text": TEXT, "min_score": 0.95}).json()["explanation"]
    assert explained["document"] == json.loads(strict.to_json())


def test_a_stream_of_lines(client, extractor):
    texts = [f"زار بوتين أستانا {n} مرات." for n in range(30)]
    with client.stream("POST", "/v1/extract", json={"texts": texts}, headers={"accept": "application/x-ndjson"}) as got:
        assert got.headers["content-type"] == "application/x-ndjson"
        lines = list(got.iter_lines())
    assert lines == [extractor.extract(text).to_json() for text in texts]


def test_a_text_that_breaks_the_reader(client_for, gate):
    gate.open.set()
    client = client_for(gate)
    problem(client.post("/v1/extract", json={"text": "ERROR"}), 500, "internal_error")
    assert client.post("/v1/extract", json={"text": TEXT}).status_code == 200
    headers = {"accept": "application/x-ndjson"}
    lines = client.post("/v1/extract", json={"texts": [TEXT, "ERROR", TEXT]}, headers=headers).text.splitlines()
    assert len(lines) == 2
    assert "text" in json.loads(lines[0])
    assert json.loads(lines[1])["code"] == "internal_error"
    assert "arner_failures_total 2.0" in client.get("/metrics").text


def test_explain_tells_the_rules(client, extractor):
    answer = client.post("/v1/explain", json={"text": TEXT, "html": True}).json()
    expected = extractor.explain(TEXT)
    assert answer["explanation"]["document"] == json.loads(expected.document.to_json())
    assert [entry["rule"] for entry in answer["explanation"]["fired"]] == [entry.rule for entry in expected.fired]
    told = [*answer["explanation"]["fired"], *answer["explanation"]["near_misses"], *answer["explanation"]["phrases"]]
    assert told
    assert not [entry["file"] for entry in told if "/" in entry["file"]]  # nothing of this machine's folders
    assert "<mark class='PER name'" in answer["html"]["text"]
    assert answer["html"]["graph"].startswith("<svg")
    assert client.post("/v1/explain", json={"text": TEXT}).json()["html"] is None


def test_what_html_holds_is_escaped(client):
    text = "زار بوتين <script>alert(1)</script> أستانا \" onload='x' & <img src=x onerror=alert(1)>"
    html = client.post("/v1/explain", json={"text": text, "html": True}).json()["html"]
    assert "&lt;script&gt;" in html["text"]
    for piece in html.values():
        assert "<script" not in piece
        assert "<img" not in piece
        assert " style=" not in piece


@pytest.mark.parametrize(
    ("body", "code", "where"),
    [
        ({}, "invalid_request", "text"),
        ([], "invalid_request", "the body"),
        ({"text": 3}, "invalid_request", "text"),
        ({"text": "أ", "txt": 1}, "invalid_request", "txt"),
        ({"text": "أ", "texts": ["أ"]}, "invalid_request", "text"),
        ({"text": "أ", "min_score": 1.5}, "invalid_request", "min_score"),
        ({"text": "أ", "min_score": "0.5"}, "invalid_request", "min_score"),
        ({"text": "أ", "min_score": True}, "invalid_request", "min_score"),
        ({"text": "أ", "date": "2024-02-30"}, "invalid_request", "date"),
        ({"text": "أ", "date": "20240203"}, "invalid_request", "date"),
        ({"text": "أ", "date": 0}, "invalid_request", "date"),
        ({"text": "أ", "id": 7}, "invalid_request", "id"),
        ({"texts": []}, "invalid_request", "texts"),
        ({"texts": ["أ", 3]}, "invalid_request", "texts.1"),
        ({"texts": ["أ", {"text": "أ", "x": 1}]}, "invalid_request", "texts.1.x"),
        ({"text": " \u200f "}, "unreadable_text", "text"),
        ({"texts": ["أ", {"text": ""}]}, "unreadable_text", "texts.1.text"),
    ],
)
def test_what_is_wrong_in_a_request_is_told_with_its_place(client, body, code, where):
    details = problem(client.post("/v1/extract", json=body), 422, code)
    assert details.errors[0].where == where


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"text": "\xff"}',
        b'{"text": "\\ud800"}',
        b'{"text": NaN}',
        '{"text": "أ"}'.encode("utf-16"),
        b"[" * 100_000,
        b'{"min_score": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_not_json_in_utf8(client, body):
    answer = client.post("/v1/extract", content=body, headers={"content-type": "application/json"})
    problem(answer, 400 if answer.status_code == 400 else 422, json.loads(answer.content)["code"])
    assert json.loads(answer.content)["code"] == ("malformed_json" if answer.status_code == 400 else "invalid_request")


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=cp1256"],
)
def test_another_type_of_body(client, kind):
    problem(
        client.post("/v1/extract", content=b'{"text": "x"}', headers={"content-type": kind}),
        415,
        "unsupported_media_type",
    )


def test_no_type_of_body(client):
    problem(client.post("/v1/extract", content=b'{"text": "x"}'), 415, "unsupported_media_type")


def test_paths_and_methods_that_are_not_there(client):
    problem(client.get("/v2/extract"), 404, "not_found")
    problem(client.get("/page/../../app.py"), 404, "not_found")
    details = client.get("/v1/extract")
    problem(details, 405, "method_not_allowed")
    assert details.headers["allow"] == "POST"
    problem(client.post("/v1/schema"), 405, "method_not_allowed")


def test_schema_and_health(client, extractor):
    assert client.get("/v1/schema").json() == Document.model_json_schema()
    for path in ("/health", "/health/live", "/health/ready"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.json() == {
            "live": True, "ready": True, "status": "ok", "version": arner.__version__, "model": extractor.model
        }  # fmt: skip


def test_metrics(client):
    client.post("/v1/extract", json={"text": TEXT})
    client.get("/secret/path")
    page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'arner_requests_total{method="POST",path="/v1/extract",status="200"}' in page.text
    assert 'path="other",status="404"' in page.text
    client.post("/v1/explain", content=b"x" * 3_000_000)
    assert 'path="/v1/explain",status="413"' in client.get("/metrics").text
    assert "secret" not in page.text
    assert "arner_queue_texts 0.0" in page.text
    assert "process_resident_memory_bytes" in page.text


def test_openapi(client):
    schema = client.get("/openapi.json").json()
    assert {"/v1/extract", "/v1/explain", "/v1/schema", "/health", "/metrics"} <= schema["paths"].keys()
    extract = schema["paths"]["/v1/extract"]["post"]
    examples = extract["requestBody"]["content"]["application/json"]["examples"]
    for example in examples.values():
        assert client.post("/v1/extract", json=example["value"]).status_code == 200
    assert set(extract["responses"]["503"]["content"]) == {"application/problem+json"}
    assert set(extract["responses"]["200"]["content"]) == {"application/json", "application/x-ndjson"}


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=40))
def test_any_text_is_read_or_refused(client, extractor, text):
    answer = client.post("/v1/extract", json={"text": text})
    try:
        check_text(text)
    except arner.InputError:
        problem(answer, answer.status_code, json.loads(answer.content)["code"])
        assert answer.status_code in (400, 422)
    else:
        assert answer.text == extractor.extract(text).to_json()


def test_the_embedded_model_answers_as_in_process(client_for):
    texts = [TEXT, "التقت الوزيرة منى السالم نظيرها التونسي.", "أرسلت الأمم المتحدة وفدا إلى السودان. " * 5]
    client = client_for(arner.Extractor())
    answers = client.post("/v1/extract", json={"texts": texts * 3}).json()["documents"]
    assert answers == [json.loads(arner.extract(text).to_json()) for text in texts] * 3
