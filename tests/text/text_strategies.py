"""Texts for property tests: anything at all, and Arabic with everything that news text brings along."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

TASHKEEL: Final = "\u064e\u064f\u0650\u0651\u0652\u064b\u064c\u064d\u0670"

_INGREDIENTS: Final = (
    *"ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةى",
    *"پچژگیکڤ",
    *TASHKEEL,
    "\u0640",  # tatweel
    *"\u06d6\u06da\u06de\u06e5\u0653\u0654\u0655",
    *"ﷲﻻﷺﺑﻐﹰﱠ",
    *"\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2069\ufeff\u00ad\ufe0f",
    *"٠١٢٩۰۴۹0179٫٬٪.,:/-–_",
    *"«»“”\"'()[]؟،؛!…#@%$",
    *"abcXYZéß",
    *" \t\n\r\u00a0\u2028",
    "😀",
    "👨\u200d👩\u200d👧",
    "👍🏽",
    "🇸🇦",
    "1\ufe0f\u20e3",
    "e\u0301",
    "א",
    "я",
    "中",
    "अ\u093f",
    "½",
    "\ud800",
)

any_text = st.one_of(
    st.text(st.characters(codec=None, categories=None), max_size=60),
    st.lists(st.sampled_from(_INGREDIENTS), max_size=40).map("".join),
)
"""Any code points, surrogates among them; and a brew of those that matter here."""

arabic_text = st.lists(
    st.one_of(st.sampled_from("ابتدرسفقكلمنهويأإةى"), st.sampled_from((" ", "، ", ". ", "\r\n", " 2024 ", "«", "»"))),
    max_size=40,
).map("".join)
"""Bare Arabic words with the punctuation between them."""


def vocalised(text: str, data: st.DataObject) -> str:
    """The text with tashkeel and tatweel behind some of its letters."""
    marks = st.text(st.sampled_from(TASHKEEL + "\u0640"), max_size=2)
    return "".join(letter + (data.draw(marks) if letter.isalpha() else "") for letter in text)
