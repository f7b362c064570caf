"""Makes the pictures of arner's pages in docs/images from examples/visit.txt and the quick start's text.

    python scripts/docs_pictures.py            # needs playwright and an installed Chromium, and arner[graph]

Run it after a change to the page, the layout or the model. The pictures are PNGs with few colours, so that they stay
small.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from PIL import Image

import arner

ROOT: Final = Path(__file__).resolve().parents[1]
IMAGES: Final = ROOT / "docs" / "images"
COLOURS: Final = 128


def main() -> None:
    """Draw all of them."""
    from playwright.sync_api import sync_playwright

    document = arner.extract((ROOT / "examples" / "visit.txt").read_text("utf-8"), id="visit", date="2024-02-15")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "visit.html"
        page_file.write_text(document.to_html(), "utf-8")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, theme in (("page", "light"), ("page-dark", "dark")):
            page = opened(browser, page_file, theme, 1280, 1000)
            page.focus(".claim.negated a")
            save(page, IMAGES / f"{name}.png")
        for part, width in (("graph", 1280), ("timeline", 640)):
            page = opened(browser, page_file, "light", width, 1000)
            box = page.locator(f"#{part}").bounding_box()
            clip = {"x": 0, "y": box["y"] - 10, "width": width, "height": box["height"] + 20}
            page.screenshot(path=IMAGES / f"page-{part}.png", clip=clip, full_page=True)
            shrink(IMAGES / f"page-{part}.png")
        page = opened(browser, page_file, "light", 390, 844, touch=True)
        page.tap(".claim.negated a")
        page.wait_for_timeout(1000)
        save(page, IMAGES / "page-phone.png")
        browser.close()
    document.plot().savefig(IMAGES / "graph.png", dpi=72)
    shrink(IMAGES / "graph.png")
    quick_start().plot().savefig(IMAGES / "quickstart-graph.png", dpi=90)
    shrink(IMAGES / "quickstart-graph.png")


def quick_start() -> arner.Document:
    """What the first Python block of the quick start reads."""
    code = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / "QUICKSTART.md").read_text("utf-8"), re.M | re.S)[0]
    names: dict[str, Any] = {}
    exec(code, names)
    document: arner.Document = names["doc"]
    return document


def opened(browser: Any, file: Path, theme: str, width: int, height: int, *, touch: bool = False) -> Any:
    """The page in a window of this size."""
    context = browser.new_context(
        color_scheme=theme, viewport={"width": width, "height": height}, has_touch=touch, is_mobile=touch
    )
    context.set_default_timeout(300_000)
    page = context.new_page()
    page.goto(file.as_uri())
    return page


def save(page: Any, path: Path) -> None:
    """What the window shows."""
    page.screenshot(path=path)
    shrink(path)


def shrink(path: Path) -> None:
    """Store a picture with few colours."""
    picture = Image.open(path).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
