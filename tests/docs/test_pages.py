"""Every block of code in README.md and docs/ runs and prints what is shown, or has a reason why it does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.blocks import NOT_RUN, PAGES, ROOT, blocks_of, reason
from tests.docs.story import Story, holds, parse


@pytest.fixture(scope="module", autouse=True)
def one_model():
    """Loads the weights of the embedded model once for all pages."""
    from arner.ner import onnx

    made = {}
    real = onnx.OnnxBackend

    def backend(path, **options):
        key = (path, *sorted(options.items()))
        if key not in made:
            made[key] = real(path, **options)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(onnx, "OnnxBackend", backend)
        yield


@pytest.fixture(scope="module")
def server():
    """Starts a server at the first call, and says where it listens."""
    running = []

    def address() -> str:
        if not running:
            from arner import Extractor
            from arner.serve import Settings
            from tests.serve.conftest import Running

            running.append(Running(Extractor(), Settings()))
        return running[0].url

    yield address
    for one in running:
        one.stop()


@pytest.mark.parametrize("page", [page for page in PAGES if blocks_of(page)])
def test_what_the_page_shows_is_what_happens(page, server, tmp_path, monkeypatch, capsys):
    story = Story(tmp_path, server, monkeypatch, capsys)
    for block in blocks_of(page):
        story.tell(block)


def test_every_reason_is_still_needed():
    starts = []
    for page in PAGES:
        for block in blocks_of(page):
            starts += [(page, command.text) for command in block.commands] or [(page, block.content)]
    assert {reason(*start) for start in starts} - {None} == set(NOT_RUN)


@pytest.mark.parametrize("page", PAGES)
def test_links_and_pictures_lead_to_files(page):
    text = re.sub(r"^```.*?^```", "", (ROOT / page).read_text("utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)\s]*)?\)", text):
        assert (ROOT / page).parent.joinpath(target).exists(), target


def test_a_shown_line_that_is_not_printed_is_noticed():
    assert holds("a  b ── c\n", "a … c")
    assert not holds("a b c", "a c")
    assert not holds("a b c", "c … a")


@pytest.mark.parametrize("wrong", [["extrac"], ["extract", "a.txt", "--formal", "json"], ["rules", "chek", "a"]])
def test_a_command_that_is_only_parsed_may_fail(wrong):
    with pytest.raises(AssertionError, match=r"^arner "):
        parse(wrong)


def test_a_block_that_neither_runs_nor_has_a_reason_is_noticed(server, tmp_path, monkeypatch, capsys):
    from tests.docs.blocks import Block

    story = Story(tmp_path, server, monkeypatch, capsys)
    with pytest.raises(AssertionError, match="neither runs nor has a reason"):
        story.tell(Block("README.md", 1, "yaml", "a: 1\n"))
    with pytest.raises(AssertionError):
        story.tell(Block("README.md", 1, "text", "not printed\n"))
    assert Path.cwd() == tmp_path
