"""`arner serve`: its options, its refusals, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import fields

import pytest

from arner.cli import main
from arner.serve import Settings

TOKEN = "a-token-of-this-test"


@pytest.fixture
def served(monkeypatch):
    """Takes the place of the server; returns what it was told."""
    told = {}

    def serve(load, settings, *, listener, **options):
        told.update(load=load, settings=settings, address=listener.getsockname(), options=options)

    monkeypatch.setattr("arner.serve.serve", serve)
    monkeypatch.delenv("ARNER_TOKEN", raising=False)
    return told


@pytest.fixture
def call(capsys):
    def run(*args: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as caught:
            main(["serve", "--port", "0", *args])
        captured = capsys.readouterr()
        return int(caught.value.code or 0), captured.out + captured.err

    return run


def test_this_machine_alone_without_a_token(call, served):
    assert call() == (0, "")
    assert served["address"][0] == "127.0.0.1"
    assert served["settings"].hosts == ("localhost", "127.0.0.1", "::1", "127.0.0.1")
    assert served["options"] == {"log_level": "info", "access_log": False}


def test_every_limit_has_an_option_of_the_same_default(call, served):
    call()
    defaults, given = Settings(), served["settings"]
    limits = [field.name for field in fields(Settings) if field.name not in ("tokens", "hosts")]
    assert [getattr(given, name) for name in limits] == [getattr(defaults, name) for name in limits]
    for name in limits:
        wanted = getattr(defaults, name) * 2
        relatives = {"max_texts": ["--queue-texts", "9999"], "max_body": ["--max-bodies", str(2**30)]}.get(name, [])
        assert call(f"--{name.replace('_', '-')}", str(wanted), *relatives)[0] == 0
        assert getattr(served["settings"], name) == wanted


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_beyond_this_machine_only_with_a_token(call, served, monkeypatch, host):
    code, said = call("--host", host)
    assert (code, served) == (2, {})
    assert "ARNER_TOKEN" in said
    assert call("--host", "0.0.0.0", "--token", TOKEN)[0] == 0
    assert served["settings"].tokens == (TOKEN,)
    assert served["settings"].hosts == ()
    served.clear()
    monkeypatch.setenv("ARNER_TOKEN", TOKEN)
    assert call("--host", "0.0.0.0")[0] == 0
    assert served["settings"].tokens == (TOKEN,)
    monkeypatch.delenv("ARNER_TOKEN")
    assert call("--host", "0.0.0.0", "--allow-no-token")[0] == 0
    assert served["settings"].tokens == ()


def test_tokens_in_a_file(call, served, tmp_path):
    file = tmp_path / "tokens"
    file.write_text(f"{TOKEN}\n\nthe-next-token-of-it\n", encoding="utf-8")
    assert call("--token-file", str(file))[0] == 0
    assert served["settings"].tokens == (TOKEN, "the-next-token-of-it")
    file.write_text("\n", encoding="utf-8")
    assert call("--token-file", str(file)) == (1, f"arner: error: {file} holds no token\n")
    file.write_bytes(b"\xff")
    assert call("--token-file", str(file))[0] == 1
    assert call("--token-file", str(tmp_path / "none"))[0] == 1


def test_names_of_the_host(call, served):
    call("--allow-host", "News.Example", "--token", TOKEN)
    assert served["settings"].hosts == ("news.example",)
    call("--allow-host", "news.example")
    assert set(served["settings"].hosts) == {"news.example", "localhost", "127.0.0.1", "::1"}


@pytest.mark.parametrize(
    "args",
    [["--token", "short"], ["--max-body", "0"], ["--queue-texts", "1"], ["--port", "70000"], ["--log-level", "all"]],
)
def test_wrong_usage(call, served, args):
    code, said = call(*args)
    assert (code, served) == (2, {})
    assert "Traceback" not in said


def test_an_address_that_is_taken_or_unknown(call, served):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = call("--port", port)
    assert (code, served) == (1, {})
    assert f"cannot listen on 127.0.0.1 port {port}" in said
    assert call("--host", "256.256.256.256", "--token", TOKEN)[0] == 1


def test_a_missing_extra(call, monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "arner.serve.server", raising=False)
    code, said = call()
    assert code == 3
    assert "pip install 'arner[serve]'" in said


def test_the_command_line_loads_no_server(tmp_path):
    code = "import sys, arner.cli, arner.serve; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "arner.serve.settings" in loaded
    assert not {"fastapi", "uvicorn", "starlette", "prometheus_client", "onnxruntime"} & set(loaded)


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize(("sent", "expected"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_told_to_stop(sent, expected):
    environment = {name: value for name, value in os.environ.items() if name != "ARNER_TOKEN"}
    command = [sys.executable, "-m", "arner", "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    said = ""
    for line in process.stderr:
        said += line
        if "serving on http://127.0.0.1:" in line:
            break
    process.send_signal(sent)
    said += process.communicate(timeout=30)[1]
    assert process.returncode == expected, said
    assert "Traceback" not in said
