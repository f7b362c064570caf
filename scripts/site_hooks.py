"""What mkdocs runs while it builds the site: pages link to files of the repository as they do on a code host.

A link out of docs/ (``../arner/relations/pattern.py``) leads to a page that is made of that file: Markdown is shown as
a page, other text as code, a folder by its README.md. Such pages stand under ``repository/``, outside the navigation.

``<!-- docstring: arner.extract -->`` becomes what mkdocstrings makes of that name; on a code host it is invisible.

A page that would load something from another host stops the build.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any, Final

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = "repository"
LINK: Final = re.compile(r"(?<=\]\()(?![a-z]+:|#|/)([^)\s#]+)((?:#[^)\s]*)?)(?=\))")
FENCE: Final = re.compile(r"^(`{3,})[^\n]*\n.*?^\1`*[ \t]*$", re.MULTILINE | re.DOTALL)
LANGUAGES: Final = {".py": "python", ".toml": "toml", ".json": "json", ".jsonl": "json", ".sh": "bash"}
ELSEWHERE: Final = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*\bsrc=[\"']?(?:https?:)?//|<link\b[^>]*\brel=[\"']?(?:stylesheet|preconnect|"
    r"icon)[^>]*\bhref=[\"']?(?:https?:)?//"
)


def on_files(files: Files, *, config: Any) -> Files:
    """Add a page for each file of the repository that a page links to, and for those that these link to."""
    waiting = [file for file in files if file.src_uri.endswith(".md")]
    while waiting:
        page = waiting.pop()
        for target in links_of(page.content_string, repository_path(page.src_uri)):
            uri = site_path(target)
            if files.get_file_from_path(uri) is None:
                made = file_for(target, uri, config)
                files.append(made)
                if target.endswith(".md"):
                    waiting.append(made)
    return files


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Turn links into the repository into links to the pages made of it, and markers into docstrings."""
    here = repository_path(page.file.src_uri)

    def new(match: re.Match[str]) -> str:
        target = resolve(match[1], here)
        if target is None:
            return match[0]
        return posixpath.relpath(site_path(target), posixpath.dirname(page.file.src_uri) or ".") + match[2]

    markdown = outside_of_code(markdown, lambda text: LINK.sub(new, text))
    return re.sub(r"^<!-- docstring: ([\w.]+) -->$", r"::: \1", markdown, flags=re.MULTILINE)


def on_post_page(output: str, *, page: Any, **_: Any) -> str:
    """Refuse what is loaded from another host."""
    if match := ELSEWHERE.search(output):
        raise PluginError(f"{page.file.src_uri}: loads from another host: {match[0]}")
    return output


def outside_of_code(markdown: str, change: Any) -> str:
    """The page with what is not fenced code changed."""
    parts, end = [], 0
    for fence in FENCE.finditer(markdown):
        parts += [change(markdown[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, change(markdown[end:])])


def links_of(markdown: str, here: str) -> list[str]:
    """The files of the repository, by their paths in it, that a page at this path links to."""
    found = [resolve(match[1], here) for match in LINK.finditer(FENCE.sub("", markdown))]
    return sorted({target for target in found if target is not None and not target.startswith("docs/")})


def resolve(link: str, here: str) -> str | None:
    """The file of the repository that a relative link leads to; none where there is no such file."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(here), link))
    if target.startswith("..") or not (ROOT / target).exists():
        return None  # mkdocs says so in a warning of its own
    if (ROOT / target).is_dir():
        target = posixpath.join(target, "README.md")
        if not (ROOT / target).is_file():
            raise PluginError(f"{here}: link to the folder {link!r}, which has no README.md")
    return target


def repository_path(uri: str) -> str:
    """Where in the repository a page of the site comes from."""
    return uri.removeprefix(f"{FOLDER}/").removesuffix(".code.md") if uri.startswith(f"{FOLDER}/") else f"docs/{uri}"


def site_path(target: str) -> str:
    """Where in the site a file of the repository is shown."""
    if target.startswith("docs/"):
        return target.removeprefix("docs/")
    whole = target.endswith((".md", ".png", ".svg"))
    return f"{FOLDER}/{target}" if whole else f"{FOLDER}/{target}.code.md"


def file_for(target: str, uri: str, config: Any) -> File:
    """The page made of a file of the repository."""
    path = ROOT / target
    if not uri.endswith(".code.md"):
        return File.generated(config, uri, abs_src_path=str(path))
    text = path.read_text(encoding="utf-8")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    language = LANGUAGES.get(path.suffix, "text")
    return File.generated(config, uri, content=f"# {target}\n\n{fence}{language}\n{text}\n{fence}\n")
