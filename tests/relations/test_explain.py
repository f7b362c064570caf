"""Explanations: which rule fired on which words, which nearly did, and why not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import arner
from arner.knowledge import Knowledge
from arner.linking import link
from arner.relations import Explanation, NearMiss, Reason, RuleSet, explain_document, explain_relations
from arner.relations.examples import parse_example
from arner.schema import Document, Entity, Mention
from arner.text.sentences import split_sentences
from arner.text.words import split_words
from tests.relations.test_relations import NAMES, PIECES


@pytest.fixture
def explain(knowledge: Knowledge, rules: RuleSet) -> Any:
    def explain_marked(marked: str, *, rules: RuleSet = rules, **more: Any) -> Explanation:
        example = parse_example(marked)
        words = split_words(example.text)
        linked = link(example.text, words, example.names, knowledge)
        return explain_relations(
            example.text, words, split_sentences(words, example.text), linked, knowledge, rules, **more
        )

    return explain_marked


def miss(explanation: Explanation, rule: str) -> NearMiss:
    found = [miss for miss in explanation.near_misses if miss.rule == rule]
    assert len(found) == 1, explanation.near_misses
    return found[0]


def test_what_fired(explain: Any) -> None:
    explanation = explain("وقد زار [خالد نعمان PER] أمس [تونس LOC] الجميلة")
    (fired,) = explanation.fired
    assert fired.rule == "visited.verb"
    assert fired.relation == explanation.document.relations[0]
    assert fired.trigger.text == "زار"
    assert fired.words.text == "زار خالد نعمان أمس تونس"
    assert [(slot.slot, slot.how, slot.words.text) for slot in fired.slots] == [
        ("subject", "name", "خالد نعمان"),
        ("object", "name", "تونس"),
    ]
    assert fired.slots[0].entities == (fired.relation.subject,)
    assert fired.file.endswith("visits.toml")
    assert fired.line > 0


def test_phrases_that_are_read_as_one_name(explain: Any) -> None:
    explanation = explain("الرئيس التونسي [خالد نعمان PER]")
    (phrase,) = explanation.phrases
    assert (phrase.rule, phrase.words.text) == ("head_of_state.demonym", "الرئيس التونسي خالد نعمان")
    assert [explanation.document[id].name for id in phrase.entities] == ["خالد نعمان"]


@pytest.mark.parametrize(
    ("marked", "rule", "reason", "at", "message"),
    [
        ("زار [خالد نعمان PER] [سمير عوض PER]", "visited.verb", Reason.WRONG_TYPE, "سمير عوض", "does not take"),
        ("زار [خالد نعمان PER] الذي عاد [تونس LOC]", "visited.verb", Reason.BARRIER, "الذي", "closes the clause"),
        ("زار [خالد نعمان PER] بيتا ثم قصرا ثم [تونس LOC]", "visited.verb", Reason.TOO_FAR, "ثم", "the gap"),
        ("زار [خالد نعمان PER] بيته", "visited.verb", Reason.MISSING, None, "the sentence ends before {object"),
        ("ربما يزور [خالد نعمان PER] [تونس LOC]", "visited.verb", Reason.NOT_CLAIMED, "يزور خالد نعمان تونس", "ربما"),
        (
            "قال [خالد نعمان PER] و[سمير عوض PER] إنه زار [تونس LOC]",
            "visited.verb_topic",
            Reason.UNRESOLVED,
            "إنه زار تونس",
            "{subject}",
        ),
        ("التقى [خالد نعمان PER] [خالد نعمان PER]", "met_with.verb", Reason.SAME_ENTITY, None, "both خالد نعمان"),
    ],
)
def test_why_a_rule_did_not_fire(
    marked: str, rule: str, reason: Reason, at: str | None, message: str, explain: Any
) -> None:
    explanation = explain(marked)
    found = miss(explanation, rule)
    assert found.reason is reason
    assert message in found.message
    if at is not None:
        assert found.at is not None
        assert found.at.text == at
    assert explanation.fired == ()


def test_what_a_more_specific_rule_says(explain: Any, rule_file: Any) -> None:
    path = rule_file(
        '[[rule]]\nid = "works_for.president"\ntype = "works_for"\nstage = "apposition"\n'
        'pattern = "{subject:PER} العامل في {object:LOC}"\n'
    )
    explanation = explain(
        "قال الرئيس الكيني [خالد نعمان PER] العامل في [كينيا LOC] ذلك", rules=arner.relations.load_rules([path])
    )
    found = miss(explanation, "works_for.president")
    assert found.reason is Reason.SUPPRESSED
    assert found.instead == "head_of_state.demonym"
    assert [fired.relation.type.value for fired in explanation.fired] == ["head_of_state_of"]


def test_a_claim_made_twice_fires_once(explain: Any) -> None:
    explanation = explain("زار [خالد نعمان PER] [تونس LOC]. ثم زار [خالد نعمان PER] [تونس LOC]")
    assert len(explanation.fired) == 1
    assert miss(explanation, "visited.verb").reason is Reason.REPEATED


def test_a_score_that_is_too_low(explain: Any) -> None:
    explanation = explain("زار [خالد نعمان PER] [تونس LOC]", min_score=0.99)
    assert explanation.document.relations == ()
    assert miss(explanation, "visited.verb").reason is Reason.LOW_SCORE


def test_an_explanation_is_frozen_and_goes_through_json(explain: Any) -> None:
    explanation = explain("لم يزر الرئيس التونسي [خالد نعمان PER] [كينيا LOC]")
    assert Explanation.model_validate_json(explanation.model_dump_json()) == explanation
    with pytest.raises(ValueError, match="frozen"):
        explanation.fired = ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from([*PIECES, *NAMES, *NAMES]), max_size=40))
def test_explaining_changes_nothing(pieces: list[str], explain: Any, read: Any) -> None:
    marked = " ".join(pieces)
    explanation, reading = explain(marked), read(marked)
    assert explanation.document.relations == reading.relations
    assert explanation.document.mentions == reading.linked.mentions
    assert [fired.relation for fired in explanation.fired] == list(reading.relations)
    text = explanation.document.text
    for entry in (*explanation.fired, *explanation.near_misses, *explanation.phrases):
        assert text[entry.trigger.start : entry.trigger.end] == entry.trigger.text


def marked_document() -> Document:
    return Document(
        id="one",
        text="زار سمير عوض تونس",
        mentions=(
            Mention(start=4, end=12, text="سمير عوض", type="PER", entity="a", score=1.0),
            Mention(start=13, end=17, text="تونس", type="LOC", entity="b", score=1.0),
        ),
        entities=(
            Entity(id="a", type="PER", name="سمير عوض", mentions=(0,)),
            Entity(id="b", type="LOC", name="تونس", mentions=(1,)),
        ),
        model="by hand",
    )


def test_relations_of_a_document_with_names(rule_file: Any) -> None:
    document = arner.relate(marked_document(), date="2024-11-27")
    assert [tuple(triple) for triple in document.triples()] == [("سمير عوض", "visited", "تونس", "affirmed")]
    assert (document.id, document.model) == ("one", "by hand")
    assert arner.relate(document) == document
    assert arner.relate(document, min_score=0.99).relations == ()
    off = rule_file('[[rule]]\nid = "visited.verb"\noff = true\n')
    assert arner.relate(document, rules=off).relations == ()
    with pytest.raises(arner.InputError, match="the date must be"):
        arner.relate(document, date="yesterday")


def test_explanation_of_a_document_with_names() -> None:
    explanation = explain_document(marked_document())
    assert explanation.document == arner.relate(marked_document())
    assert [fired.rule for fired in explanation.fired] == ["visited.verb"]
