"""A user's rule files checked: every problem of form and meaning, and every example that is not read as it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from arner.knowledge import Knowledge, load_knowledge
from arner.relations.examples import check_example, why_not
from arner.relations.loading import load_rules, try_rules
from arner.relations.rule import RuleSet
from arner.relations.rule_reading import ReadFile, read_rule_file

__all__ = ["RuleProblem", "RuleReport", "check_rules"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleProblem(_Frozen):
    """Something wrong in a rule file."""

    path: str
    line: int | None = Field(description="line of the file, from 1, where known")
    message: str = Field(description="what is wrong and what is expected instead")

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line is not None else f"{self.path}: {self.message}"


class RuleReport(_Frozen):
    """What is in rule files, and what is wrong with them."""

    problems: tuple[RuleProblem, ...]
    added: tuple[str, ...] = Field(description="ids of the rules that the files add")
    replaced: tuple[str, ...] = Field(description="ids of the built-in rules that they replace")
    switched_off: tuple[str, ...] = Field(description="ids of the rules that they switch off")
    without_example: tuple[str, ...] = Field(description="ids of rules that claim something and show no example")
    examples: int = Field(description="examples that were read")

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check_rules(paths: str | Path | Iterable[str | Path], knowledge: Knowledge | None = None) -> RuleReport:
    """Check rule files as they would be loaded together, and run their examples.

    Examples are run only where the files can be loaded; each is read with all rules, built-in ones included.

    Args:
        paths: the files, in the order in which they would be given to `load_rules`.
        knowledge: for countries and demonyms in examples; the built-in knowledge by default.
    """
    files = [read_rule_file(Path(path)) for path in ([paths] if isinstance(paths, (str, Path)) else paths)]
    rules, found = try_rules(files)
    problems = [RuleProblem(path=str(path), line=line, message=message) for path, line, message in found]
    tables = [table for file in files for _, table in file.rules]
    examples = sum(len(table.examples) for table in tables if not table.off)
    if rules is not None:
        known = knowledge if knowledge is not None else load_knowledge()
        problems = [problem for file in files for problem in _examples(file, rules, known)]
    built_in = {rule.id for rule in load_rules().rules}
    on = dict.fromkeys(table.id for table in tables if not table.off)
    return RuleReport(
        problems=tuple(problems),
        added=tuple(id for id in on if id not in built_in),
        replaced=tuple(id for id in on if id in built_in),
        switched_off=tuple(dict.fromkeys(table.id for table in tables if table.off)),
        without_example=tuple(
            dict.fromkeys(t.id for t in tables if not t.off and not t.examples and (t.type or t.claims))
        ),
        examples=examples if rules is not None else 0,
    )


def _examples(file: ReadFile, rules: RuleSet, knowledge: Knowledge) -> Iterator[RuleProblem]:
    current = {rule.id: rule for rule in rules.rules if rule.file == str(file.path)}
    for number, table in file.rules:
        rule = current.get(table.id)
        if rule is None or table.off:
            continue
        for n, example in enumerate(table.examples):
            for message in check_example(rule, example, rules, knowledge):
                if "does not read" in message:
                    message += f" – {why_not(rule, example, rules, knowledge)}"
                yield RuleProblem(path=str(file.path), line=file.line(("rule", number, "examples", n)), message=message)
