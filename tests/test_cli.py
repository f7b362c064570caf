"""The command line: inputs, formats, errors and exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys

import pytest

import arner
from arner.cli import main
from arner.export import FORMATS
from arner.schema import Document

TEXT = "وصل الرئيس الروسي فلاديمير بوتين إلى كازاخستان.\r\n"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def call(list_model, capsys):
    """Runs the command; gives exit code, standard output and standard error."""

    def run(*args: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main([str(arg) for arg in args])
        captured = capsys.readouterr()
        return caught.value.code or 0, captured.out, captured.err

    return run


@pytest.fixture
def news(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b", "a"):
        (tmp_path / f"{name}.txt").write_bytes(TEXT.encode())
    return tmp_path


def ids(out: str) -> list[str | None]:
    return [json.loads(line)["id"] for line in out.splitlines()]


def test_json_lines_in_a_pipe(call, news):
    code, out, err = call("extract", "a.txt")
    assert (code, err) == (0, "")
    doc = Document.from_json(out)
    assert doc.id == "a"
    assert doc.text == TEXT  # the carriage return too
    assert "بوتين" in out


def test_patterns_and_order(call, news):
    assert ids(call("extract", "b.txt", "a.txt")[1]) == ["b", "a"]
    assert ids(call("extract", "*.txt")[1]) == ["a", "b"]


def test_files_of_one_stem_are_told_apart(call, news):
    (news / "x").mkdir()
    (news / "x" / "a.txt").write_text(TEXT, encoding="utf-8")
    assert ids(call("extract", "a.txt", "x/a.txt", "b.txt")[1]) == ["a.txt", "x/a.txt", "b"]


def test_standard_input(call, monkeypatch):
    for args in ((), ("-",)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
        code, out, _ = call("extract", *args)
        assert code == 0
        assert Document.from_json(out).text == TEXT


def test_a_terminal_without_files_is_wrong_usage(call, monkeypatch):
    monkeypatch.setattr("sys.stdin", Terminal())
    code, out, err = call("extract")
    assert (code, out) == (2, "")
    assert "name a file" in err


def test_a_byte_order_mark_is_no_text(call, news):
    (news / "bom.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert Document.from_json(call("extract", "bom.txt")[1]).text == TEXT


@pytest.mark.parametrize("encoding", ["windows-1256", "utf-16", "iso8859-6"])
def test_other_encodings(call, news, encoding):
    (news / "old.txt").write_bytes(TEXT.encode(encoding))
    code, out, err = call("extract", "old.txt", "--encoding", encoding)
    assert (code, err) == (0, "")
    assert Document.from_json(out).text == TEXT


def test_json_inputs(call, news):
    (news / "in.jsonl").write_text(
        json.dumps({"id": 7, "text": TEXT, "more": 1}) + "\n\n" + json.dumps({"text": TEXT}) + "\n", encoding="utf-8"
    )
    (news / "one.json").write_text(json.dumps({"id": "x", "text": TEXT}), encoding="utf-8")
    (news / "two.json").write_text(json.dumps([{"id": "y", "text": TEXT}, {"id": "z", "text": TEXT}]), encoding="utf-8")
    code, out, err = call("extract", "in.jsonl", "one.json", "two.json")
    assert (code, err) == (0, "")
    assert ids(out) == ["7", None, "x", "y", "z"]


BAD = {
    "png.txt": (b"\x89PNG\r\n\x1a\n\0\0\0", "byte 0x89 at 0; it looks like a binary file"),
    "nul.txt": (b"abc\0\0", "NUL characters"),
    "utf16.txt": (TEXT.encode("utf-16"), "try --encoding utf-16"),
    "cp1256.txt": (TEXT.encode("cp1256"), "--encoding windows-1256"),
    "empty.txt": (b"", "no visible character"),
    "blank.txt": (b" \n", "no visible character"),
    "list.json": (b"[1]", 'expected an object with a "text"'),
    "broken.json": (b"{", "not JSON"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_reported_and_the_rest_done(call, news, name):
    data, message = BAD[name]
    (news / name).write_bytes(data)
    code, out, err = call("extract", "a.txt", name, "b.txt")
    assert code == 1
    assert ids(out) == ["a", "b"]
    assert err.count("\n") == 1
    assert err.startswith(f"arner: error: {name}")
    assert message in err


def test_a_bad_line_is_reported_with_its_number(call, news):
    lines = [
        json.dumps({"id": "1", "text": TEXT}).encode(),
        b"{",
        b'{"text": ""}',
        b'{"id": "4", "text": "\xff"}',
        b"[]",
    ]
    (news / "in.jsonl").write_bytes(b"\n".join([*lines, lines[0]]))
    code, out, err = call("extract", "in.jsonl")
    assert code == 1
    assert ids(out) == ["1", "1"]
    assert [line.split(": ")[2] for line in err.splitlines()] == [f"in.jsonl:{n}" for n in (2, 3, 4, 5)]


def test_missing_files_folders_and_patterns(call, news):
    code, out, err = call("extract", "nothing.txt", news, "q*.txt", "a.txt")
    assert code == 1
    assert ids(out) == ["a"]
    assert "nothing.txt: No such file" in err
    assert "is a folder; name its files" in err
    assert "q*.txt: no file matches" in err


def test_stop_at_the_first_error(call, news):
    code, out, err = call("extract", "a.txt", "no.txt", "b.txt", "nor.txt", "--errors", "stop")
    assert code == 1
    assert ids(out) == ["a"]
    assert err.count("\n") == 1


def test_output_file(call, news):
    assert call("extract", "a.txt", "b.txt", "-o", "out.jsonl") == (0, "", "")
    assert ids((news / "out.jsonl").read_text(encoding="utf-8")) == ["a", "b"]
    assert call("extract", "a.txt", "-o", "out.json") == (0, "", "")
    assert [d["id"] for d in json.loads((news / "out.json").read_text(encoding="utf-8"))] == ["a"]
    assert call("extract", "a.txt", "-o", "/dev/null") == (0, "", "")


def test_an_output_file_is_whole_or_as_it_was(call, news):
    out = news / "out.jsonl"
    out.write_text("before", encoding="utf-8")
    assert call("extract", "a.txt", "no.txt", "-o", out, "--errors", "stop")[0] == 1
    assert out.read_text(encoding="utf-8") == "before"
    assert call("extract", "a.txt", "no.txt", "-o", out, "--resume")[0] == 1
    assert ids(out.read_text(encoding="utf-8")) == ["a"]
    assert sorted(path.name for path in news.iterdir()) == ["a.txt", "b.txt", "out.jsonl", "out.jsonl.failures.jsonl"]


def test_an_output_that_cannot_be_written(call, news):
    for path in ("nowhere/out.jsonl", "."):
        code, out, err = call("extract", "a.txt", "-o", path)
        assert (code, out, err.count("\n")) == (1, "", 1)


def test_the_ending_of_the_output_file_says_the_format(call, news):
    assert call("extract", "a.txt", "b.txt", "-o", "out.csv") == (0, "", "")
    rows = csv.DictReader((news / "out.csv").read_text(encoding="utf-8").splitlines())
    assert {row["document"] for row in rows} == {"a", "b"}
    assert call("extract", "a.txt", "-o", "out.ttl") == (0, "", "")
    assert "@prefix wd:" in (news / "out.ttl").read_text(encoding="utf-8")
    assert call("extract", "a.txt", "--format", "jsonl", "-o", "other.csv") == (0, "", "")
    assert ids((news / "other.csv").read_text(encoding="utf-8")) == ["a"]


@pytest.mark.parametrize("format", list(FORMATS))
def test_every_format_in_a_pipe_and_in_a_file(news, list_model, capfdbinary, format):
    for args in ((), ("-o", "out")):
        with pytest.raises(SystemExit) as caught:
            main(["extract", "a.txt", "b.txt", "--format", format, *args])
        assert not caught.value.code
    piped, errors = capfdbinary.readouterr()
    assert errors == b""
    written = (news / "out").read_bytes()
    assert len(written) == len(piped) if format in ("gexf", "parquet") else written == piped  # gexf holds the day


def test_a_terminal_is_sent_no_bytes(call, news, monkeypatch):
    monkeypatch.setattr("sys.stdout", Terminal())
    code, _, err = call("extract", "a.txt", "--format", "parquet")
    assert code == 2
    assert "Parquet is no text" in err


def test_a_missing_extra_is_a_setup_error(call, news, monkeypatch):
    monkeypatch.setitem(sys.modules, "rdflib", None)
    code, out, err = call("extract", "a.txt", "-o", "out.ttl")
    assert (code, out) == (3, "")
    assert "pip install 'arner[rdf]'" in err
    assert not (news / "out.ttl").exists()


def test_view(call, news):
    code, out, err = call("view", "a.txt")
    assert (code, err) == (0, "")
    assert out.startswith("<!doctype html>")
    assert "فلاديمير بوتين" in out
    assert call("view", "a.txt", "-o", "a.html") == (0, "", "")
    assert (news / "a.html").read_bytes() == out.encode()


def test_view_shows_what_extract_wrote(call, news, monkeypatch):
    assert call("extract", "a.txt", "-o", "out.jsonl")[0] == 0
    page = call("view", "a.txt")[1]
    monkeypatch.setattr("arner.extractor.load_recognizer", _no_model)  # it is not read again
    assert call("view", "out.jsonl") == (0, page, "")


def test_view_of_what_is_no_text(call, news):
    (news / "two.jsonl").write_text('{"text": "أ"}\n{"text": "ب"}\n', encoding="utf-8")
    (news / "broken.json").write_text(
        '{"text": "أ", "schema_version": "1", "mentions": [1], "entities": [], "relations": []}', encoding="utf-8"
    )
    (news / "empty.txt").write_bytes(b"")
    for name, message in {
        "two.jsonl": "holds 2 texts",
        "broken.json": "not an arner document",
        "empty.txt": "no visible character",
        "no.txt": "No such file",
    }.items():
        code, out, err = call("view", name, "-o", "page.html")
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert message in err
    assert not (news / "page.html").exists()


def test_a_json_list(call, news):
    assert [d["id"] for d in json.loads(call("extract", "a.txt", "b.txt", "--format", "json")[1])] == ["a", "b"]
    assert json.loads(call("extract", "no.txt", "--format", "json")[1]) == []


def test_a_table_on_a_terminal(call, news, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "200")
    assert call("extract", "a.txt")[0] == 0
    shown = terminal.getvalue()
    assert "فلاديمير بوتين" in shown
    assert "PER" in shown


def test_a_table_steers_no_terminal(call, news, monkeypatch):
    (news / "\x1b[31m.txt").write_text("زار بوتين\x1b[2J\u202e القاهرة", encoding="utf-8")
    code, out, _ = call("extract", "\x1b[31m.txt", "--format", "table")
    assert code == 0
    assert "\x1b" not in out
    assert "\u202e" not in out


@pytest.mark.parametrize(
    "args",
    [
        ["--format", "xml"],
        ["--min-score", "2"],
        ["--date", "yesterday"],
        ["--encoding", "nonesuch"],
        ["--encoding", "rot13"],
        ["--errors", "ignore"],
        ["--nonesuch"],
    ],
)
def test_wrong_usage(call, news, args):
    code, out, err = call("extract", "a.txt", *args)
    assert (code, out) == (2, "")
    assert "Traceback" not in err


def test_broken_data_files_and_unknown_models(call, news, monkeypatch):
    (news / "my.toml").write_text("[[rule]\n", encoding="utf-8")
    code, out, err = call("extract", "a.txt", "--rules", "my.toml")
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "my.toml" in err
    monkeypatch.setattr("arner.extractor.load_recognizer", _no_model)
    assert call("extract", "a.txt", "--model", "x")[::2] == (3, "arner: error: no model is called 'x'\n")


def _no_model(model: str, **_: object) -> None:
    raise arner.ModelNotFoundError(f"no model is called {model!r}")


def test_version_and_help(call):
    assert call("--version") == (0, f"arner {arner.__version__}\n", "")
    code, out, _ = call("extract", "--help")
    assert code == 0
    assert "Exit codes" in out


def test_schema(call):
    assert json.loads(call("schema")[1]) == Document.model_json_schema()


def test_models(call, monkeypatch):
    rows = [json.loads(line) for line in call("models")[1].splitlines()]
    assert "default" in {row["name"] for row in rows}
    assert {"name", "version", "labels", "size_bytes", "licence", "description", "path"} == set(rows[0])
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    assert call("models")[0] == 0
    assert "default" in terminal.getvalue()


def test_as_a_module():
    done = subprocess.run([sys.executable, "-m", "arner", "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"arner {arner.__version__}\n")


def test_a_reader_that_leaves_is_no_error(news):
    """As in ``arner schema | true``: nothing is complained of."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, "-m", "arner", "schema"], stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert done.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="a shell")
def test_output_that_cannot_be_written_is_told():
    for target in (">&-", "> /dev/full"):
        done = subprocess.run(
            ["sh", "-c", f"{sys.executable} -m arner models {target}"], capture_output=True, text=True
        )
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("arner: error: ")


def test_arabic_comes_out_whatever_the_locale(news):
    """A bare machine has the C locale, where Python would write question marks or fail."""
    env = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "arner", "extract", "غائب.txt", "--model", "غائب"]
    done = subprocess.run(command, capture_output=True, env=env)
    assert done.returncode == 3
    assert "غائب" in done.stderr.decode()
