"""Rule files: TOML read, checked with file and line, and compiled into a `RuleSet`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

from arner.errors import RuleError
from arner.relations.forms import word_key
from arner.relations.nodes import Slot, Topic, Word, walk_nodes
from arner.relations.pattern import Pattern, PatternError, parse_pattern
from arner.relations.rule import BUILT_IN_CLASSES, STAGES, Claim, Lexicon, Rule, RuleSet, Stage, slots_of
from arner.schema import RelationType

__all__ = ["BUILT_IN", "load_rules"]

BUILT_IN: Final = Path(__file__).parent / "rules"
"""The folder of the built-in rule files."""

_KEYS: Final = frozenset(
    "id type pattern patterns stage head claims refer status polarity score examples off note".split()
)
_LEXICON_KEYS: Final = ("verbs", "nouns", "adjectives", "words")
_STATUSES: Final = ("actual", "planned", "former", "suspended")
_POLARITIES: Final = ("affirmed", "negated")
_KINDS: Final = frozenset(
    "national country place city capital site region party media club company bank international armed_group state_body"
    " source counterpart".split()
)
_TYPES: Final = frozenset(member.value for member in RelationType)


def load_rules(extra: Sequence[Path | str] = ()) -> RuleSet:
    """The built-in rules, with the user's files added.

    A user's rule whose `id` is a built-in one's takes its place; with ``off = true`` it switches that rule off. The
    words of a lexicon class that the user's file names again are added to the class.

    Args:
        extra: rule files of the same form as the built-in ones.

    Raises:
        RuleError: a file is missing or malformed; says file, line and what is expected.

    >>> rules = load_rules()
    >>> "visited" in {type.value for rule in rules.rules for type in rule.types}
    True
    """
    if not extra:
        return _built_in()
    return _compile([*_built_in_files(), *map(Path, extra)])


@lru_cache(maxsize=1)
def _built_in() -> RuleSet:
    return _compile(_built_in_files())


def _built_in_files() -> list[Path]:
    return sorted(BUILT_IN.glob("*.toml"))


def _compile(files: Sequence[Path]) -> RuleSet:
    lexicons: dict[str, Lexicon] = {}
    rules: dict[str, Rule] = {}
    macros: dict[str, str] = {}
    readers = [_File(path) for path in files]
    for reader in readers:
        macros.update(reader.macros())
    for reader in readers:
        reader.known_macros = macros
        for name, lexicon in reader.lexicons():
            lexicons[name] = lexicons[name].merged(lexicon) if name in lexicons else lexicon
        seen: set[str] = set()
        for rule_id, rule, line in reader.rules():
            if rule_id in seen:
                raise reader.error(f"rule id {rule_id!r} is used twice in this file", line)
            seen.add(rule_id)
            if rule is not None:
                rules[rule_id] = rule
            elif rules.pop(rule_id, None) is None:
                raise reader.error(f"nothing to switch off: no rule has the id {rule_id!r}", line)
    kinds: dict[str, frozenset[str]] = {}
    for reader in readers:
        for kind, words in reader.kinds():
            for word in words:
                kinds[word_key(word)] = kinds.get(word_key(word), frozenset()) | {kind}
    for rule in rules.values():
        _check_classes(rule, lexicons, _KINDS.union(*kinds.values()))
    return RuleSet(tuple(rules.values()), lexicons, kinds)


def _check_classes(rule: Rule, lexicons: Mapping[str, Lexicon], kinds: Set[str]) -> None:
    known = lexicons.keys() | BUILT_IN_CLASSES
    for pattern in rule.patterns:
        for node in (*walk_nodes(pattern.left), pattern.anchor, *walk_nodes(pattern.right)):
            if isinstance(node, Word) and node.tag.startswith("@") and node.tag[1:] not in known:
                raise RuleError(
                    f"rule {rule.id!r} uses {node.tag}, but no file defines [lexicon.{node.tag[1:]}]",
                    path=rule.file,
                    line=rule.line,
                )
            slot = node if isinstance(node, Slot) else node.slot if isinstance(node, Topic) else None
            for name in sorted(slot.types if slot is not None else ()):
                if name.islower() and name not in kinds:
                    raise RuleError(
                        f"rule {rule.id!r} uses the kind {name!r}, which nothing defines:"
                        f" use {', '.join(sorted(kinds))}",
                        path=rule.file,
                        line=rule.line,
                    )


class _File:
    """One rule file, with the lines on which its parts begin."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text("utf-8")
        except OSError as error:
            raise RuleError(f"cannot read the rule file: {error.strerror or error}", path=path) from error
        except UnicodeDecodeError as error:
            raise RuleError("the rule file is not UTF-8 text", path=path) from error
        try:
            self.data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            where = re.search(r"at line (\d+)", str(error))
            raise RuleError(f"not TOML: {error}", path=path, line=int(where[1]) if where else None) from error
        lines = text.splitlines()
        self.rule_lines = [n for n, line in enumerate(lines, 1) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
        self.lexicon_lines = {
            match[1]: n for n, line in enumerate(lines, 1) if (match := re.match(r"\s*\[\s*lexicon\.(\w+)\s*\]", line))
        }
        self.known_macros: dict[str, str] = {}
        for key in self.data:
            if key not in ("rule", "lexicon", "macros", "kinds"):
                raise self.error(
                    f"unknown table {key!r}: a rule file holds [[rule]], [lexicon.NAME], [macros] and [kinds] tables",
                    None,
                )

    def error(self, message: str, line: int | None) -> RuleError:
        return RuleError(message, path=self.path, line=line)

    def macros(self) -> dict[str, str]:
        """Pieces of patterns with a name: ``person = "@honorific* {subject:PER}"`` is written ``%person``."""
        table = self.data.get("macros", {})
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise self.error('[macros] holds lines of the form name = "piece of a pattern"', None)
        return table

    def kinds(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        table = self.data.get("kinds", {})
        if not isinstance(table, dict):
            raise self.error("[kinds] holds lines of the form name = [first words of names]", None)
        for name, words in table.items():
            yield name, self.strings(words, f"[kinds]: {name!r}", None)

    def expand(self, text: str, rule_id: str, line: int | None) -> str:
        for _ in range(8):
            found = re.search(r"%([a-z_]+)", text)
            if found is None:
                return text
            if found[1] not in self.known_macros:
                raise self.error(f"rule {rule_id!r}: no [macros] table defines %{found[1]}", line)
            text = text.replace(found[0], self.known_macros[found[1]])
        if "%" in text:
            raise self.error(f"rule {rule_id!r}: macros that use each other without end", line)
        return text

    def lexicons(self) -> Iterator[tuple[str, Lexicon]]:
        tables = self.data.get("lexicon", {})
        if not isinstance(tables, dict):
            raise self.error("'lexicon' must be tables: write [lexicon.NAME]", None)
        for name, table in tables.items():
            line = self.lexicon_lines.get(name)
            if not isinstance(table, dict):
                raise self.error(f"lexicon {name!r} must be a table: write [lexicon.{name}]", line)
            parts: dict[str, tuple[str, ...]] = {}
            for key, value in table.items():
                if key not in _LEXICON_KEYS:
                    raise self.error(f"lexicon {name!r}: unknown key {key!r}: use {', '.join(_LEXICON_KEYS)}", line)
                parts[key] = self.strings(value, f"lexicon {name!r}: {key!r}", line)
            for verb in parts.get("verbs", ()):
                if verb.count("/") != 1 or not all(verb.split("/")):
                    raise self.error(f"lexicon {name!r}: write the verb {verb!r} as past/present (زار/يزور)", line)
            yield name, Lexicon(**parts)

    def strings(self, value: object, what: str, line: int | None) -> tuple[str, ...]:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.error(f"{what} must be a text or a list of texts", line)
        return tuple(value)

    def rules(self) -> Iterator[tuple[str, Rule | None, int | None]]:
        tables = self.data.get("rule", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self.error("'rule' must be a list of tables: write [[rule]]", None)
        for number, table in enumerate(tables):
            line = self.rule_lines[number] if len(self.rule_lines) == len(tables) else None
            rule_id = table.get("id")
            if not isinstance(rule_id, str) or not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)*", rule_id):
                raise self.error('a rule needs an id of small letters, such as id = "visited.verb_subject"', line)
            for key in table:
                if key not in _KEYS:
                    raise self.error(f"rule {rule_id!r}: unknown key {key!r}: use {', '.join(sorted(_KEYS))}", line)
            if table.get("off") is True:
                yield rule_id, None, line
            else:
                yield rule_id, self.rule(rule_id, table, line), line

    def rule(self, rule_id: str, table: Mapping[str, Any], line: int | None) -> Rule:
        stage = self.choice(table, "stage", STAGES, rule_id, line) or "clause"
        head = table.get("head", "subject")
        patterns = self.patterns(rule_id, table, line)
        claims = self.claims(rule_id, table, line)
        refer = table.get("refer")
        if stage in ("noun", "nominal"):
            if not isinstance(refer, str):
                raise self.error(f'rule {rule_id!r}: a rule of this stage needs refer = "how"', line)
        elif refer is not None:
            raise self.error(f'rule {rule_id!r}: \'refer\' belongs to rules of stage "noun" or "nominal"', line)
        elif stage == "clause" and not claims:
            raise self.error(f'rule {rule_id!r} claims nothing: give it type = "visited" or claims = [...]', line)
        for pattern in patterns:
            names = slots_of(pattern)
            for claim in claims:
                for slot in (claim.subject, claim.object.removesuffix(".country")):
                    if slot not in names and "both" not in names:
                        raise self.error(f"rule {rule_id!r}: pattern {pattern.text!r} has no slot {{{slot}}}", line)
            if stage in ("name", "title", "apposition") and head not in names:
                raise self.error(f"rule {rule_id!r}: pattern {pattern.text!r} has no slot {{{head}}}", line)
        score = table.get("score", 0.8)
        if isinstance(score, bool) or not isinstance(score, int | float) or not 0 < score <= 1:
            raise self.error(f"rule {rule_id!r}: score must be a number above 0 and up to 1", line)
        return Rule(
            id=rule_id,
            stage=cast(Stage, stage),
            patterns=patterns,
            claims=claims,
            head=head,
            refer=refer,
            status=cast(Any, self.choice(table, "status", _STATUSES, rule_id, line)),
            polarity=cast(Any, self.choice(table, "polarity", _POLARITIES, rule_id, line)),
            score=float(score),
            examples=self.examples(rule_id, table, line),
            file=str(self.path),
            line=line or 0,
        )

    def choice(
        self, table: Mapping[str, Any], key: str, allowed: Sequence[str], rule_id: str, line: int | None
    ) -> str | None:
        value = table.get(key)
        if value is not None and value not in allowed:
            raise self.error(f"rule {rule_id!r}: {key} {value!r} is not one of {', '.join(allowed)}", line)
        return value

    def patterns(self, rule_id: str, table: Mapping[str, Any], line: int | None) -> tuple[Pattern, ...]:
        if ("pattern" in table) == ("patterns" in table):
            raise self.error(f'rule {rule_id!r} needs either pattern = "..." or patterns = [...]', line)
        texts = self.strings(table.get("pattern", table.get("patterns")), f"rule {rule_id!r}: 'patterns'", line)
        found: list[Pattern] = []
        for text in texts:
            try:
                found.extend(parse_pattern(self.expand(text, rule_id, line)))
            except PatternError as error:
                raise self.error(f"rule {rule_id!r}: {error}", line) from error
        return tuple(found)

    def claims(self, rule_id: str, table: Mapping[str, Any], line: int | None) -> tuple[Claim, ...]:
        texts = list(self.strings(table["claims"], f"rule {rule_id!r}: 'claims'", line)) if "claims" in table else []
        if "type" in table:
            texts.append(f"subject {table['type']} object")
        found: list[Claim] = []
        for text in texts:
            parts = text.split()
            if len(parts) != 3:
                raise self.error(f'rule {rule_id!r}: write the claim {text!r} as "slot type slot"', line)
            if parts[1] == "counterpart":
                found.append(Claim(parts[0], None, parts[2]))
            elif parts[1] in _TYPES:
                found.append(Claim(parts[0], RelationType(parts[1]), parts[2]))
            else:
                known = ", ".join(member.value for member in RelationType)
                raise self.error(f"rule {rule_id!r}: unknown relation type {parts[1]!r}: use one of {known}", line)
        return tuple(found)

    def examples(self, rule_id: str, table: Mapping[str, Any], line: int | None) -> tuple[str, ...]:
        if "examples" not in table:
            return ()
        texts = self.strings(table["examples"], f"rule {rule_id!r}: 'examples'", line)
        for text in texts:
            if text.count("=>") != 1:
                raise self.error(
                    f'rule {rule_id!r}: write an example as "sentence with [name PER] => subject > object"', line
                )
        return texts
