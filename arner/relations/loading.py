"""Rule files loaded: read, checked with file and line, and compiled into a `RuleSet`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from arner.errors import RuleError
from arner.relations.forms import word_key
from arner.relations.kinds import KINDS
from arner.relations.nodes import Slot, Topic, Word, walk_nodes
from arner.relations.rule import BUILT_IN_CLASSES, Lexicon, Rule, RuleSet
from arner.relations.rule_building import build_rule
from arner.relations.rule_file import LexiconTable, RuleTable
from arner.relations.rule_reading import Problem, ReadFile, read_rule_file
from arner.text.folding import fold_plain

__all__ = ["BUILT_IN", "load_rules", "try_rules"]

BUILT_IN: Final = Path(__file__).parent / "rules"
"""The folder of the built-in rule files."""


def load_rules(extra: Sequence[Path | str] = ()) -> RuleSet:
    """The built-in rules, with the user's files added.

    A user's rule whose `id` is a built-in one's takes its place; with ``off = true`` it switches that rule off. The
    words of a lexicon class that the user's file names again are added to the class. A macro that it names again is
    its own: the rules of other files keep theirs.

    Args:
        extra: rule files of the same form as the built-in ones, in the order in which they add to each other.

    Raises:
        RuleError: a file is missing or malformed; says file, line and what is expected.

    >>> rules = load_rules()
    >>> "visited" in {type.value for rule in rules.rules for type in rule.types}
    True
    """
    if not extra:
        return _built_in()
    rules, problems = try_rules([read_rule_file(Path(path)) for path in extra])
    if rules is None:
        raise _error(problems)
    return rules


@lru_cache(maxsize=1)
def _built_in() -> RuleSet:
    rules, problems = _compiled(_built_in_compiler())
    if rules is None:
        raise _error(problems)
    return rules


def try_rules(extra: Sequence[ReadFile]) -> tuple[RuleSet | None, tuple[Problem, ...]]:
    """The rule set, or None and every problem of the files, in their order.

    Args:
        extra: the user's files, in the order in which they add to the built-in ones.
    """
    compiler = _built_in_compiler().copy()
    compiler.take(extra, own=True)
    return _compiled(compiler)


@lru_cache(maxsize=1)
def _built_in_compiler() -> _Compiler:
    compiler = _Compiler()
    compiler.take([read_rule_file(path) for path in sorted(BUILT_IN.glob("*.toml"))], own=False)
    return compiler


def _error(problems: Sequence[Problem]) -> RuleError:
    first, others = problems[0], len(problems) - 1
    more = f" (and {others} more: `arner rules check {first.path}` lists them)" if others else ""
    return RuleError(first.message + more, path=first.path, line=first.line)


def _compiled(compiler: _Compiler) -> tuple[RuleSet | None, tuple[Problem, ...]]:
    problems = compiler.all_problems()
    if problems:
        return None, problems
    return RuleSet(tuple(compiler.rules.values()), compiler.lexicons, compiler.kinds), ()


class _Compiler:
    """Puts files together, one after the other."""

    def __init__(self) -> None:
        self.files: list[ReadFile] = []
        self.lexicons: dict[str, Lexicon] = {}
        self.macros: dict[str, str] = {}
        self.kinds: dict[str, frozenset[str]] = {}
        self.rules: dict[str, Rule] = {}
        self.owners: dict[str, ReadFile] = {}
        self.places: dict[str, int] = {}
        self.problems: list[Problem] = []

    def copy(self) -> _Compiler:
        """One that goes on from here and leaves this as it is."""
        other = _Compiler()
        for name, value in vars(self).items():
            setattr(other, name, value.copy())
        return other

    def take(self, files: Sequence[ReadFile], *, own: bool) -> None:
        """Add files to those before; the rules of each may use the words of all of them."""
        self.files.extend(files)
        for file in files:
            self.problems.extend(file.problems)
            self.words(file)
        for file in files:
            self.rules_of(file, own=own)

    def all_problems(self) -> tuple[Problem, ...]:
        """Every problem of every file, in their order."""
        self.check_classes()
        order = {file.path: n for n, file in enumerate(self.files)}
        return tuple(sorted(self.problems, key=lambda problem: (order[problem.path], problem.line or 0)))

    def words(self, file: ReadFile) -> None:
        """Take the file's classes, kinds and macros."""
        for name, table in file.lexicons.items():
            lexicon = _lexicon(table)
            self.lexicons[name] = self.lexicons[name].merged(lexicon) if name in self.lexicons else lexicon
        for kind, words in file.kinds.items():
            for word in words:
                key = _plain(word)
                self.kinds[key] = self.kinds.get(key, frozenset()) | {kind}
        for name, piece in file.macros.items():
            self.macros.setdefault(name, piece)

    def rules_of(self, file: ReadFile, *, own: bool) -> None:
        """Take the file's rules: each adds one, takes the place of one with its id, or switches that off."""
        macros = {**self.macros, **file.macros}
        seen: dict[str, int] = {}
        for number, table in file.rules:
            where = ("rule", number)
            if table.id in seen or (not own and table.id in self.owners):
                other = self.owners[table.id] if table.id not in seen else file
                line = other.line(("rule", seen[table.id])) if table.id in seen else self.rules[table.id].line
                self._note(file, where, (), f"rule id {table.id!r} is used twice: first in {other.path.name}:{line}")
                continue
            seen[table.id] = number
            if table.off:
                self._switch_off(file, number, table)
                continue
            rule = build_rule(table, macros, file.path, file.line(where), partial(self._note, file, where))
            if rule is not None:
                self.rules[table.id] = rule
                self.owners[table.id] = file
                self.places[table.id] = number

    def _switch_off(self, file: ReadFile, number: int, table: RuleTable) -> None:
        if self.rules.pop(table.id, None) is None:
            self._note(file, ("rule", number), ("id",), f"nothing to switch off: no rule has the id {table.id!r}")
        self.owners.pop(table.id, None)

    def check_classes(self) -> None:
        """See that every class and kind that a rule names is defined."""
        known = self.lexicons.keys() | BUILT_IN_CLASSES
        kinds = KINDS.keys() | frozenset[str]().union(*self.kinds.values())
        for rule in self.rules.values():
            file, number = self.owners[rule.id], self.places[rule.id]
            for message in dict.fromkeys(_unknown(rule, known, kinds)):
                self._note(file, ("rule", number), (), f"rule {rule.id!r} {message}")

    def _note(self, file: ReadFile, table: tuple[str | int, ...], where: tuple[str | int, ...], message: str) -> None:
        self.problems.append(Problem(file.path, file.line((*table, *where)), message))


def _unknown(rule: Rule, classes: Set[str], kinds: Set[str]) -> Iterator[str]:
    for pattern in rule.patterns:
        for node in (*walk_nodes(pattern.left), pattern.anchor, *walk_nodes(pattern.right)):
            if isinstance(node, Word) and node.tag.startswith("@") and node.tag[1:] not in classes:
                yield f"uses {node.tag}, but no file defines [lexicon.{node.tag[1:]}]"
            slot = node if isinstance(node, Slot) else node.slot if isinstance(node, Topic) else None
            if isinstance(node, Word):
                slot = node.pronoun
            for name in sorted(slot.types if slot is not None else ()):
                if name.islower() and name not in kinds:
                    yield f"uses the kind {name!r}, which nothing defines: use {', '.join(sorted(kinds))}"


def _plain(word: str) -> str:
    """The word as texts are looked up: without vowel marks and blanks around it."""
    return word_key(fold_plain(word.strip()))


def _lexicon(table: LexiconTable) -> Lexicon:
    return Lexicon(_folded(table.verbs), _folded(table.nouns), _folded(table.adjectives), _folded(table.words))


def _folded(entries: Sequence[str]) -> tuple[str, ...]:
    """The entries without vowel marks and needless blanks; the letters that inflection looks at stay as they are."""
    return tuple("/".join(" ".join(fold_plain(part).split()) for part in entry.split("/")) for entry in entries)
