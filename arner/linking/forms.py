"""Forms of a name: the proper form of a mention, and the keys under which other forms of the same name are found."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Final

from arner.text.folding import fold_plain, name_key

__all__ = ["bare_article", "bare_descriptor", "is_head", "names_latin", "proper_form"]

_DESCRIPTORS: Final[dict[str, frozenset[str]]] = {
    "ORG": frozenset(
        map(
            name_key,
            "وكالة صحيفة جريدة مجلة قناة شبكة موقع إذاعة تلفزيون شركة مجموعة منظمة هيئة مؤسسة حركة حزب جماعة تنظيم حلف "
            "تحالف تكتل نادي فريق جهاز وزارة ميليشيا ميليشيات مليشيا مليشيات قوات كتلة تيار ائتلاف بنك مصرف رابطة "
            "جبهة منصة".split(),
        )
    ),
    "LOC": frozenset(
        map(name_key, "مدينة بلدة قرية دولة جزيرة نهر العاصمة مملكة سلطنة مخيم حي قصر جبل منطقة بلدية".split())
    ),
}
# Nouns that stay in a name, and that with the article stand for it: المجلس is the مجلس that was named.
_HEADS: Final = frozenset(
    map(
        name_key,
        "مجلس لجنة اتحاد جمعية نقابة محكمة مفوضية سلطة حكومة إدارة جيش برلمان صندوق معهد مركز جامعة مؤتمر "
        "منتدى".split(),
    )
)


def names_latin(name: str) -> bool:
    """Whether a name is written in Latin letters."""
    return any("a" <= letter <= "z" for letter in name.lower())


def proper_form(
    text: str, start: int, end: int, type: str, is_known: Callable[[str], bool], in_text: Container[str]
) -> str:
    """The name that a mention writes: without marks, hashtag signs and underscores; the alef of an article that لل
    swallowed is restored.

    Args:
        text: the whole text.
        start: first code point of the mention.
        end: one past its last.
        type: entity type; a person's name seldom has an article.
        is_known: whether a key is a known name, so that its ل is its own.
        in_text: keys of the mentions that no ل stands before.

    >>> proper_form("دعوة للصين", 6, 10, "LOC", lambda key: False, ())
    'الصين'
    >>> proper_form("دعوة للبنان", 6, 11, "LOC", lambda key: key == "لبنان", ())
    'لبنان'
    """
    name = " ".join(fold_plain(text[start:end]).replace("_", " ").replace("#", " ").split())
    if not name.startswith("ل") or start == 0 or not fold_plain(text[max(0, start - 6) : start]).endswith("ل"):
        return name
    key = name_key(name)
    first = key.split(" ", 1)[0]
    for prefix in ("ا", "ال"):  # of a word in ل the article leaves one letter less: ل + اللجنة is للجنة
        if name_key(prefix + name) in in_text:
            return prefix + name
    if key in in_text or is_known(key) or first in _HEADS:
        return name
    restored = name_key("ا" + name)
    if not is_known(restored) and (type == "PER" or (first != key and is_known(first))):
        return "ا" + name if is_known("ا" + first) else name
    return "ا" + name


def bare_article(key: str) -> str:
    """The key without the article of its first word.

    >>> bare_article("البريكس"), bare_article("الن")
    ('بريكس', 'الن')
    """
    return key[2:] if key.startswith("ال") and len(key.split(" ", 1)[0]) > 4 else key


def is_head(word: str) -> bool:
    """Whether a key is a common noun for organisations, which with the article may stand for the whole name.

    >>> is_head("وكاله"), is_head("اخبار")
    (True, False)
    """
    return word in _HEADS or word in _DESCRIPTORS["ORG"]


def bare_descriptor(key: str, type: str) -> str | None:
    """The key without a leading descriptor of its type (وكالة, مدينة), or None where there is none to drop.

    >>> bare_descriptor("وكاله تاس", "ORG"), bare_descriptor("تاس", "ORG")
    ('تاس', None)
    """
    first, _, rest = key.partition(" ")
    return rest if rest and first in _DESCRIPTORS.get(type, ()) else None
