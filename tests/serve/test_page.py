"""The page at `/`: self-contained, under a strict policy, and in a real browser where one is installed."""

from __future__ import annotations

import re

import pytest

from arner.serve.page_files import page_paths

HOSTILE = "زار بوتين أستانا. <img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"


def test_every_file_is_sent_with_the_policy(client):
    for path in page_paths():
        answer = client.get(path)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert client.head(path).status_code == 200


def test_nothing_comes_from_elsewhere(client):
    for path in page_paths():
        text = client.get(path).text
        addresses = set(re.findall(r"https?://[^\s\"'`$]+", text))
        assert addresses <= {"https://www.wikidata.org/wiki/"}  # a link to follow, not a file to load
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text)
    page = client.get("/").text
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", page)


def test_every_file_that_the_page_names_is_there(client):
    names = re.findall(r"(?:src|href)=\"([^\"#:]+)\"", client.get("/").text)
    assert {"page/page.css", "page/page.js", "openapi.json"} <= set(names)
    for path in page_paths():
        if path.endswith(".js"):
            names += [f"page/{name}" for name in re.findall(r"from \"\./([^\"]+)\"", client.get(path).text)]
    assert {client.get(f"/{name}").status_code for name in names} == {200}


def test_every_field_has_a_label_and_every_word_two_languages(client):
    page = client.get("/").text
    fields = re.findall(r"<(?:input|textarea) id=\"([\w-]+)\"", page)
    assert fields
    assert set(fields) <= set(re.findall(r"<label for=\"([\w-]+)\"", page))
    words = client.get("/page/words.js").text
    english, arabic = words.split("  ar: {")
    for word in set(re.findall(r"data-word=\"(\w+)\"", page)) | set(
        re.findall(r"\bword\(\"(\w+)\"", client.get("/page/page.js").text)
    ):
        assert f" {word}: " in english
        assert f" {word}: " in arabic


@pytest.mark.parametrize(("width", "language"), [(1200, "en"), (380, "ar")])
def test_in_a_browser(browser, server_for, width, language):
    server = server_for()
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: request.url.startswith(server.url) or complaints.append(request.url))
    page.goto(server.url)
    assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
    page.fill("#input", HOSTILE)
    page.press("#input", "Control+Enter")
    page.wait_for_selector("#results:not([hidden])")
    assert page.title() == "arner"  # no script of the text has run
    assert page.locator("#marked img, #marked script").count() == 0
    assert "<script>" in page.inner_text("#marked")
    assert page.locator("#marked mark.PER").count() == 1
    assert page.locator("#claim-list li").count() == 1
    assert page.locator("#drawn svg").count() == 1
    page.focus(".claim button.say")
    assert page.locator("#marked .lit").count() >= 1
    assert page.locator("#drawn .edge.lit").count() == 2  # its line and its words
    page.click(".claim summary")
    assert "visited." in page.inner_text(".claim details")
    page.click("#json summary")
    assert '"relations"' in page.inner_text("#json-text")
    page.click("#language")
    assert page.get_attribute("html", "dir") == ("ltr" if language == "ar" else "rtl")
    assert page.evaluate("document.documentElement.scrollWidth") <= width  # nothing sticks out sideways
    assert complaints == []
    context.close()


def test_a_token_is_asked_for_and_problems_are_told(browser, server_for):
    server = server_for(tokens=("a-token-of-this-test",), max_chars=50)
    page = browser.new_page(locale="en")
    page.goto(server.url)
    page.fill("#input", "زار بوتين أستانا.")
    page.click("#read")
    page.wait_for_selector("#problem:not([hidden])")
    assert "token" in page.inner_text("#problem")
    page.fill("#token", "a-token-of-this-test")
    page.click("#read")
    page.wait_for_selector("#results:not([hidden])")
    assert page.is_hidden("#problem")
    page.fill("#input", "زار بوتين أستانا." * 10)
    page.click("#read")
    page.wait_for_selector("#problem:not([hidden])")
    assert "170 characters" in page.inner_text("#problem")
    page.close()
