"""What a rule is, and the set of rules that a run uses, indexed by the words on which they hang."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from arner.relations.forms import Analysis, adjective_forms, analyses, noun_forms, verb_forms, word_key
from arner.relations.needs import ANY_NAME, Bits, needs
from arner.relations.nodes import Slot, Topic, Word, walk_nodes
from arner.relations.pattern import Pattern
from arner.schema import RelationType

__all__ = ["BUILT_IN_CLASSES", "STAGES", "Claim", "FormTag", "Lexicon", "Rule", "RuleSet", "Tag", "TagMap"]

Stage = Literal["name", "noun", "title", "apposition", "nominal", "clause"]
STAGES: Final[tuple[Stage, ...]] = ("name", "noun", "title", "apposition", "nominal", "clause")
"""The order in which rules run. What a rule before ``clause`` matches becomes one name for those after it."""

BUILT_IN_CLASSES: Final = frozenset({"word", "definite", "verb"})
"""Classes that need no lexicon: any word, a word with the article, a known verb form that is not also a noun."""

_CACHE_LIMIT: Final = 50_000


class Claim(NamedTuple):
    """Which slots a match relates, and how. A type of None stands for the office of a counterpart."""

    subject: str
    type: RelationType | None
    object: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as its file states it.

    `heads` names the slots whose entities the matched phrase stands for (all stages but ``clause``); `refer` is the
    relation through which a nominal finds its person or organisation.
    """

    id: str
    stage: Stage
    patterns: tuple[Pattern, ...]
    claims: tuple[Claim, ...]
    heads: tuple[str, ...] = ("subject",)
    refer: str | None = None
    status: Literal["actual", "planned", "former", "suspended"] | None = None
    polarity: Literal["affirmed", "negated"] | None = None
    score: float = 0.8
    examples: tuple[str, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def types(self) -> tuple[RelationType, ...]:
        """The relation types that the rule can claim."""
        return tuple(dict.fromkeys(claim.type for claim in self.claims if claim.type is not None))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one class, by how they inflect."""

    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def merged(self, other: Lexicon) -> Lexicon:
        """Both together."""
        return Lexicon(
            self.verbs + other.verbs,
            self.nouns + other.nouns,
            self.adjectives + other.adjectives,
            self.words + other.words,
        )


class FormTag(NamedTuple):
    """One reading of a word form: its class, its suffix pronoun, and the words that must follow it."""

    tag: str
    pronoun: str
    rest: tuple[str, ...]
    verb: bool = False


class Tag(NamedTuple):
    """A word form as it stands in a text, read as a member of a class."""

    conjunction: str
    particle: str
    pronoun: str
    rest: tuple[str, ...]


class TagMap(dict[str, tuple[Tag, ...]]):
    """The classes that a word may belong to, with its readings; `mask` has the bits of those that patterns ask for."""

    __slots__ = ("mask",)

    def __init__(self, tags: Mapping[str, tuple[Tag, ...]], mask: int = 0) -> None:
        super().__init__(tags)
        self.mask = mask


class Entry(NamedTuple):
    """A pattern of a rule, in the index, with what it needs to the left and to the right of its trigger."""

    rule: Rule
    pattern: Pattern
    left: tuple[int, ...]
    right: tuple[int, ...]


@dataclass
class RuleSet:
    """Rules ready to run.

    >>> RuleSet((), {"visit": Lexicon(verbs=("زار/يزور",))}).tags("وسيزور")["@visit"]
    (Tag(conjunction='و', particle='س', pronoun='', rest=()),)
    """

    rules: tuple[Rule, ...]
    lexicons: Mapping[str, Lexicon]
    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Kinds of an organisation or place by the first word of its name, as a key."""
    forms: dict[str, tuple[FormTag, ...]] = field(init=False, repr=False)
    by_word: dict[Stage, dict[str, tuple[Entry, ...]]] = field(init=False, repr=False)
    by_type: dict[Stage, dict[str, tuple[Entry, ...]]] = field(init=False, repr=False)
    lengths: dict[str, tuple[int, ...]] = field(init=False, repr=False)
    anchors: dict[Stage, int] = field(init=False, repr=False)
    """The bits of the words and types on which a stage's patterns hang."""
    bits: Bits = field(init=False, repr=False, default_factory=Bits)
    _tags: dict[str, TagMap] = field(init=False, repr=False, default_factory=dict)
    _type_masks: dict[frozenset[str], int] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.forms = _all_forms(self.rules, self.lexicons)
        lengths: dict[str, set[int]] = {}
        for tags in self.forms.values():
            for tag in tags:
                lengths.setdefault(tag.tag, set()).add(len(tag.rest) + 1)
        for name in BUILT_IN_CLASSES:
            lengths["@" + name] = {1}
        self.lengths = {tag: tuple(sorted(found, reverse=True)) for tag, found in lengths.items()}
        self.by_word, self.by_type, self.anchors = {}, {}, {}
        for stage in STAGES:
            words: dict[str, list[Entry]] = {}
            types: dict[str, list[Entry]] = {}
            for rule in self.rules:
                if rule.stage != stage:
                    continue
                for pattern in rule.patterns:
                    entry = Entry(rule, pattern, *needs(pattern, self.bits))
                    if isinstance(pattern.anchor, Word):
                        words.setdefault(pattern.anchor.tag, []).append(entry)
                    else:
                        for name in pattern.anchor.types - {"GROUP", "NAMED"} or ("PER", "LOC", "ORG", "MISC"):
                            types.setdefault(name, []).append(entry)
            self.by_word[stage] = {tag: tuple(entries) for tag, entries in words.items()}
            self.by_type[stage] = {name: tuple(entries) for name, entries in types.items()}
            self.anchors[stage] = self.bits.mask([*words, *types])

    def type_mask(self, types: frozenset[str]) -> int:
        """The bits of the slot types that an entity satisfies."""
        mask = self._type_masks.get(types)
        if mask is None:
            mask = self._type_masks[types] = self.bits.known([*types, ANY_NAME])
        return mask

    def tags(self, key: str) -> TagMap:
        """The classes that a word form may belong to, with the readings under which it does."""
        found = self._tags.get(key)
        if found is None:
            collected: dict[str, list[Tag]] = {}
            for reading in analyses(key):
                collected.setdefault("@word", []).append(Tag(reading.conjunction, reading.particle, "", ()))
                for form in self.forms.get(reading.stem, ()):
                    if form.verb and not _before_verb(reading):
                        continue
                    collected.setdefault(form.tag, []).append(
                        Tag(reading.conjunction, reading.particle, form.pronoun, form.rest)
                    )
                if reading.stem.startswith("ال") and len(reading.stem) > 4:
                    collected.setdefault("@definite", []).append(Tag(reading.conjunction, reading.particle, "", ()))
            found = TagMap({tag: tuple(readings) for tag, readings in collected.items()}, self.bits.known(collected))
            if len(self._tags) >= _CACHE_LIMIT:
                self._tags.clear()
            self._tags[key] = found
        return found

    def __len__(self) -> int:
        return len(self.rules)


def _before_verb(reading: Analysis) -> bool:
    """Whether the particle may stand before a verb form: س and ل before the present only, ب and ك never."""
    return reading.particle in ("", "س") or (reading.particle == "ل" and reading.stem[:1] in ("ي", "ت", "ن"))


def _all_forms(rules: Iterable[Rule], lexicons: Mapping[str, Lexicon]) -> dict[str, tuple[FormTag, ...]]:
    forms: dict[str, dict[FormTag, None]] = {}
    verbs: set[str] = set()
    others: set[str] = set()

    single: dict[tuple[str, str, bool], FormTag] = {}

    def add(form: str, tag: str, pronoun: str, *, verb: bool = False) -> None:
        if " " in form:
            first, *rest = form.split()
            reading = FormTag(tag, pronoun, tuple(rest), verb)
        else:  # one word, as nearly all of them are: the forms of a class share their readings
            first = form
            known = (tag, pronoun, verb)
            found = single.get(known)
            reading = single[known] = FormTag(tag, pronoun, (), verb) if found is None else found
        forms.setdefault(first, {})[reading] = None

    for name, lexicon in lexicons.items():
        tag = "@" + name
        for verb in lexicon.verbs:
            for form, pronoun in verb_forms(verb):
                add(form, tag, pronoun, verb=True)
                verbs.add(form)
        for entries, inflect in ((lexicon.nouns, noun_forms), (lexicon.adjectives, adjective_forms)):
            for entry in entries:
                for form, pronoun in inflect(entry):
                    add(form, tag, pronoun)
                    others.add(form)
        for word in lexicon.words:
            add(word_key(word), tag, "")
            others.add(word_key(word))
    for rule in rules:
        for pattern in rule.patterns:
            for node in (*walk_nodes(pattern.left), pattern.anchor, *walk_nodes(pattern.right)):
                if isinstance(node, Word) and node.tag.startswith("="):
                    add(node.tag[1:], node.tag, "")
    for form in verbs - others:
        add(form, "@clear", "", verb=True)
        if len(form) > 3:
            add(form, "@verb", "", verb=True)
    return {form: tuple(tags) for form, tags in forms.items()}


def slots_of(pattern: Pattern) -> set[str]:
    """The names of the slots of a pattern."""
    names: set[str] = set()
    for node in (*walk_nodes(pattern.left), pattern.anchor, *walk_nodes(pattern.right)):
        if isinstance(node, Slot):
            names.add(node.name)
        elif isinstance(node, Topic):
            names.add(node.slot.name)
        elif isinstance(node, Word) and node.pronoun is not None:
            names.add(node.pronoun.name)
    return names
