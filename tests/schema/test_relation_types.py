"""The relation inventory."""

from __future__ import annotations

import pytest

from arner.schema import ENTITY_TYPES, SIGNATURES, SYMMETRIC, RelationType


def test_there_are_35_types_each_with_a_signature():
    assert len(RelationType) == 35
    assert set(SIGNATURES) == set(RelationType)


@pytest.mark.parametrize("type", RelationType)
def test_signatures_use_the_four_entity_types(type):
    assert type.signature.subject
    assert type.signature.object
    assert type.signature.subject | type.signature.object <= set(ENTITY_TYPES)


@pytest.mark.parametrize("type", sorted(SYMMETRIC))
def test_a_symmetric_type_takes_the_same_at_both_ends(type):
    assert type.symmetric
    assert type.signature.subject == type.signature.object


def test_a_type_equals_its_name():
    assert RelationType.MET_WITH == "met_with"
    assert f"{RelationType.MET_WITH}" == "met_with"
