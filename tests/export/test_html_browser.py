"""The page in a real browser, where one is installed: what lights up, what runs, what can be reached and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from arner.schema import Document

CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    throw new Error("no background");
  };
  const low = [];
  let seen = 0;
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!text || ["SCRIPT", "STYLE", "title"].includes(element.tagName)) continue;
    seen += 1;
    const style = getComputedStyle(element);
    const box = element.closest(".node")?.querySelector("rect");
    const below = box ? numbers(getComputedStyle(box).fill) : ground(element);
    const ink = numbers(element.closest("svg") ? style.fill : style.color);
    const [dark, bright] = [light(ink), light(below)].sort((a, b) => a - b);
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < 4.5) low.push([element.outerHTML.slice(0, 80), ratio]);
  }
  return [seen, low];
}"""


@pytest.fixture
def show(browser, tmp_path: Path):
    """Opens a document's page in a new tab; the tab keeps what the page complained about and asked for."""
    contexts = []

    def shown(document: Document, *, full_page: bool = True, **options):
        file = tmp_path / "page.html"
        file.write_text("<!doctype html>" * (not full_page) + document.to_html(full_page=full_page), encoding="utf-8")
        contexts.append(browser.new_context(**options))
        contexts[-1].set_default_timeout(120_000)  # a busy machine is slow, which is no fault of the page
        page = contexts[-1].new_page()
        page.told = []
        page.on("console", lambda message: page.told.append(message.text))
        page.on("pageerror", lambda error: page.told.append(str(error)))
        page.on("dialog", lambda dialog: page.told.append(dialog.message))
        page.on("request", lambda request: request.url.startswith(file.as_uri()) or page.told.append(request.url))
        page.goto(file.as_uri())
        return page

    yield shown
    for context in contexts:
        context.close()


def lit_text(page) -> str:
    return page.evaluate("[...document.querySelectorAll('.arner-text .lit')].map((e) => e.textContent).join('')")


def test_pointing_at_a_relation_lights_up_its_words_and_the_other_way_round(show, plain):
    page = show(plain, viewport={"width": 1200, "height": 900})
    assert lit_text(page) == ""
    page.hover("#r2 blockquote")
    assert lit_text(page) == plain.relations[1].evidence.text
    assert page.locator(".edge.lit").count() == 2  # its line and its words
    page.hover(".timeline a")
    assert lit_text(page) == plain.relations[0].evidence.text
    page.locator(".edge.r3 text").hover()
    assert lit_text(page) == plain.relations[2].evidence.text
    page.locator(".arner-text .v2").first.hover()
    assert page.locator(".claim.lit").get_attribute("id") == "r2"
    page.hover("footer")
    assert lit_text(page) == ""
    assert page.told == []


def test_the_keyboard_reaches_everything(show, plain):
    page = show(plain, viewport={"width": 1200, "height": 900})
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        place = page.evaluate("(e => e.getAttribute('href') ?? e.className)(document.activeElement)")
        if place in ("#p1", "#p2"):
            number = int(place[2:])
            assert lit_text(page) == plain.relations[number - 1].evidence.text
        reached.append(place)
        if place.endswith("Q1520"):
            break
    wikidata = [f"https://www.wikidata.org/wiki/{id}" for id in ("Q7747", "Q1520")]
    jumps = [f"#p{n}" for n in range(1, 5)]
    assert reached == ["#text", "arner-text", *jumps, "wide", "#p1", "wide", *wikidata]
    page.focus("#r4 a")
    page.keyboard.press("Enter")
    page.hover("footer")
    page.focus(".skip")
    assert lit_text(page) == plain.relations[3].evidence.text  # it stays lit after the jump


def test_touch_and_a_narrow_screen(show, plain):
    page = show(plain, viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.tap("#r2 a")
    assert lit_text(page) == plain.relations[1].evidence.text
    assert page.locator(".arner-text .lit").first.is_visible()
    page.locator(".arner-text .v1").first.tap()
    assert page.locator("#r1.lit").count() == 1


def test_following_a_relation_needs_no_script(show, plain):
    page = show(plain, java_script_enabled=False)
    page.click("#r2 a")
    style = "getComputedStyle(document.querySelector('.v2')).textDecorationLine"
    assert page.evaluate(style) == "overline"


def test_hostile_text_stays_text(show, hostile):
    page = show(hostile)
    page.wait_for_selector(".claim")
    page.hover("#r1")
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, object").count() == 0
    assert page.told == []
    refused = page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'document.title = 1'; "
        "document.body.append(s); return document.title; }"
    )
    assert refused != "1"  # the policy names one script alone


def test_every_text_has_the_contrast_of_wcag_aa(show, plain):
    page = show(plain)
    page.hover("#r1 blockquote")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        seen, low = page.evaluate(CONTRAST)
        assert seen > 40
        assert low == []


def test_the_cell_of_a_notebook_has_it_too_and_scrolls_by_keyboard(show, plain):
    page = show(plain, full_page=False)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        seen, low = page.evaluate(CONTRAST)
        assert seen > 20
        assert low == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "arner-text"


def test_paper_is_white_and_shows_the_whole_text_and_motion_is_left_out_where_it_is_unwanted(show, plain):
    page = show(plain)
    ground = "getComputedStyle(document.body).backgroundColor"
    moves = "getComputedStyle(document.querySelector('.arner-text')).scrollBehavior"
    page.emulate_media(color_scheme="dark", reduced_motion="no-preference")
    assert page.evaluate(ground) != "rgb(255, 255, 255)"
    assert page.evaluate(moves) == "smooth"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moves) == "auto"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.arner-text')).maxHeight") == "none"
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_arabic_letters_are_joined_in_the_graph(show, plain):
    """A name is narrower joined than letter by letter, and the browser draws it so in the picture."""
    page = show(plain)
    joined, apart = page.evaluate(
        "() => { const text = document.querySelector('.node text'); const one = text.getComputedTextLength(); "
        "text.textContent = [...text.textContent].join('\\u200c'); return [one, text.getComputedTextLength()]; }"
    )
    assert joined < 0.9 * apart
