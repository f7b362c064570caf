"""The site: every page is in its navigation, every public name in the API, and links lead out of docs/ and back."""

from __future__ import annotations

import re

import pytest

import arner
from arner import export, kg, serve
from tests.docs.blocks import ROOT

API = (ROOT / "docs" / "API.md").read_text("utf-8")


def test_every_page_is_in_the_navigation():
    navigation = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:\n")[2].partition("\n\n")[0]
    listed = re.findall(r": ([\w/-]+\.md)$", navigation, re.M)
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert sorted(listed) == sorted(pages)


def test_every_public_name_is_in_the_api():
    public = {f"arner.{name}" for name in arner.__all__ if not name.startswith("__")}
    public |= {f"arner.export.{name}" for name in export.__all__} | {f"arner.serve.{name}" for name in serve.__all__}
    public |= {f"arner.kg.{name}" for name in kg.__all__}
    listed = re.findall(r"^\| `(arner[\w.]*)` \|", API, re.M)
    assert len(listed) == len(set(listed))
    assert public <= set(listed)
    documented = re.findall(r"^<!-- docstring: ([\w.]+) -->$", API, re.M)
    within_errors = {f"arner.{name}" for name in arner.errors.__all__}
    assert sorted(documented) == sorted(set(listed) - within_errors)


@pytest.fixture
def hooks():
    pytest.importorskip("mkdocs")
    from scripts import site_hooks

    return site_hooks


def test_links_lead_out_of_the_pages_and_back(hooks):
    assert hooks.resolve("../arner/relations/pattern.py", "docs/RULES.md") == "arner/relations/pattern.py"
    assert hooks.site_path("arner/relations/pattern.py") == "repository/arner/relations/pattern.py.code.md"
    assert hooks.resolve("../arner/knowledge/data", "docs/RULES.md") == "arner/knowledge/data/README.md"
    assert hooks.repository_path("repository/arner/knowledge/data/README.md") == "arner/knowledge/data/README.md"
    assert hooks.resolve("../../docs/RULES.md", "benchmarks/peers/x.md") == "docs/RULES.md"
    assert hooks.site_path("docs/RULES.md") == "RULES.md"
    assert hooks.resolve("missing.md", "docs/RULES.md") is None
    assert hooks.resolve("../../outside", "docs/RULES.md") is None


def test_code_is_left_as_it_is_and_markers_become_docstrings(hooks):
    class Page:
        class file:  # noqa: N801
            src_uri = "RULES.md"

    code = "\n\n```md\n[a](../arner/errors.py)\n```\n\n"
    text = f"[a](../arner/errors.py#x) [b](https://x.y){code}<!-- docstring: arner.extract -->\n"
    made = f"[a](repository/arner/errors.py.code.md#x) [b](https://x.y){code}::: arner.extract\n"
    assert hooks.on_page_markdown(text, page=Page()) == made


@pytest.mark.parametrize(
    "html",
    ["<script src='https://x.y/z.js'>", "<img alt='' src=//x.y/z.png>", "<link rel=stylesheet href=https://x.y>"],
)
def test_a_page_that_loads_from_elsewhere_stops_the_build(hooks, html):
    from mkdocs.exceptions import PluginError

    class Page:
        class file:  # noqa: N801
            src_uri = "RULES.md"

    with pytest.raises(PluginError):
        hooks.on_post_page(html, page=Page())
    assert hooks.on_post_page("<a href='https://x.y'>", page=Page()) == "<a href='https://x.y'>"


def test_doctests_become_blocks_of_code():
    pytest.importorskip("griffe")
    from scripts.site_docstrings import fenced

    assert (
        fenced("Adds.\n\n>>> add(1,\n...     2)\n3\n\nMore.")
        == "Adds.\n\n```pycon\n>>> add(1,\n...     2)\n3\n```\n\nMore."
    )
    assert fenced("Tree.\n\n.. code-block:: text\n\n    a\n    └ b\n\nEnd.") == "Tree.\n\n```text\na\n└ b\n```\n\nEnd."


def test_figures_of_the_faq_are_those_of_the_readme():
    readme, faq = ((ROOT / page).read_text("utf-8") for page in ("README.md", "docs/FAQ.md"))
    row = re.compile(r"^\| (names|relations),.*?\| (0\.\d+) \| (0\.\d+) \| (0\.\d+) \|$", re.M)
    assert len(row.findall(faq)) == 2
    assert row.findall(faq) == row.findall(readme)
    for figure in (r"model,? (?:version )?(\d\.\d\.\d)", r"([\d,]+) words/s in a\s+stream", r"([\d,]+) MB of memory"):
        assert re.search(figure, faq)[1] == re.search(figure, readme)[1]
