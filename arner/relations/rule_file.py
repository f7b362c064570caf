"""The form of a rule file, as pydantic models: what its tables hold; source of the published JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from arner.schema import RelationType
from arner.text.folding import fold_plain

__all__ = ["LexiconTable", "RuleFile", "RuleTable", "rules_schema"]

MOST_WORDS: Final = 8
"""Words that one entry of a lexicon may have."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _with_letters(entry: str) -> str:
    """The entry, if what is left of each of its parts without vowel marks has a letter."""
    for part in entry.split("/"):
        if not any(map(str.isalpha, fold_plain(part))):
            raise ValueError("an entry needs letters")
    return entry


_LETTERS: Final = AfterValidator(_with_letters)
Text = Annotated[str, StringConstraints(pattern=r"\S")]
Texts = Annotated[list[Text], BeforeValidator(_as_list, json_schema_input_type=Text | list[Text])]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
Names = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+( [a-z0-9_]+)*$")]
MacroName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
Entry = Annotated[str, StringConstraints(pattern=rf"^\s*[^\s/]+(\s+[^\s/]+){{0,{MOST_WORDS - 1}}}\s*$"), _LETTERS]
Entries = Annotated[list[Entry], BeforeValidator(_as_list, json_schema_input_type=Entry | list[Entry])]
Verb = Annotated[str, StringConstraints(pattern=r"^[^/]*[^\s/][^/]*/[^/]*[^\s/][^/]*$"), _LETTERS]
Verbs = Annotated[list[Verb], BeforeValidator(_as_list, json_schema_input_type=Verb | list[Verb])]
FirstWord = Annotated[str, StringConstraints(pattern=r"^\s*[^\s/]+\s*$"), _LETTERS]
FirstWords = Annotated[list[FirstWord], BeforeValidator(_as_list, json_schema_input_type=FirstWord | list[FirstWord])]
ClaimText = Annotated[str, StringConstraints(pattern=r"^\s*\S+\s+\S+\s+\S+\s*$")]
ClaimTexts = Annotated[list[ClaimText], BeforeValidator(_as_list, json_schema_input_type=ClaimText | list[ClaimText])]
Example = Annotated[str, StringConstraints(pattern=r"^[^=]*\S[^=]*=>[^=]*\S[^=]*$")]
Examples = Annotated[list[Example], BeforeValidator(_as_list, json_schema_input_type=Example | list[Example])]
Referent = Literal[
    "head_of_state_of",
    "head_of_government_of",
    "minister_of",
    "organisation",
    "country",
    "pair",
    "latter",
    "own_country",
    "counterpart",
]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class RuleTable(_Table):
    """One ``[[rule]]``."""

    id: str = Field(
        pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$",
        description="name of the rule; that of a built-in rule replaces it",
        examples=["visited.verb"],
    )
    type: Annotated[RelationType, Field(strict=False)] | None = Field(
        default=None, description='short for claims = ["subject TYPE object"]'
    )
    pattern: Text | None = Field(default=None, description="the one pattern of the rule")
    patterns: Texts | None = Field(default=None, description="several patterns, any of which may match")
    stage: Literal["name", "noun", "title", "apposition", "nominal", "clause"] = Field(
        default="clause", description="when the rule runs; what a stage before clause matches becomes one name"
    )
    head: Names = Field(
        default="subject",
        description="slot for which the whole phrase stands, or several with blanks between them;"
        " not for stage clause, noun or nominal",
        examples=["subject", "subject second"],
    )
    claims: ClaimTexts = Field(
        default=[], description='claims of a match, each as "slot TYPE slot"', examples=[["subject visited object"]]
    )
    refer: Referent | None = Field(
        default=None, description="how a phrase of stage noun or nominal finds the entity that it stands for"
    )
    status: Literal["actual", "planned", "former", "suspended"] | None = Field(
        default=None, description="status of every claim; read from the words where left out"
    )
    polarity: Literal["affirmed", "negated"] | None = Field(
        default=None, description="negated where the trigger itself denies"
    )
    score: float = Field(default=0.8, gt=0, le=1, description="how often the rule is right, above 0 and up to 1")
    examples: Examples = Field(
        default=[],
        description="sentences that the rule must read: names as [name TYPE], then => and pairs subject > object,"
        " parted by ; or nothing",
        examples=[["زار [سمير عوض PER] [تونس LOC] => سمير عوض > تونس"]],
    )
    off: bool = Field(default=False, description="true switches off the rule that has this id")
    note: str | None = Field(default=None, description="for the reader of the file")


class LexiconTable(_Table):
    """One ``[lexicon.NAME]``: the words that ``@NAME`` stands for. Words named again in a later file are added."""

    verbs: Verbs = Field(default=[], description="past/present in the third person", examples=[["زار/يزور"]])
    nouns: Entries = Field(default=[], description="singular without article; with suffix pronouns and article")
    adjectives: Entries = Field(default=[], description="masculine singular; both genders, article, sound plural")
    words: Entries = Field(default=[], description="forms that do not inflect, of one or more words")


class RuleFile(_Table):
    """A rule file of arner."""

    rule: list[RuleTable] = Field(default=[], description="the rules")
    lexicon: dict[Name, LexiconTable] = Field(default={}, description="classes of words")
    macros: dict[MacroName, Text] = Field(
        default={}, description="pieces of patterns with a name: person is written %person in a pattern"
    )
    kinds: dict[Name, FirstWords] = Field(
        default={}, description="kinds of organisations and places, by the first word of their names"
    )


def rules_schema() -> dict[str, Any]:
    """The JSON Schema of a rule file, for editors that check TOML and for other programs.

    It knows the keys and the form of their values. What patterns mean, and whether the slots and word classes of a
    rule fit together, is checked by `load_rules`.

    >>> rules_schema()["$defs"]["RuleTable"]["required"]
    ['id']
    """
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **RuleFile.model_json_schema()}
