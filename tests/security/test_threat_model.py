"""What the threat model names as a proof is there, and every row has one or says that nothing stands against it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODEL = (ROOT / "docs" / "THREAT_MODEL.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in MODEL[MODEL.index("## Threats") :].splitlines()
    if line.startswith("|") and not line.startswith(("| threat", "|---"))
]


def test_every_proof_is_there():
    named = set(re.findall(r"`((?:tests|scripts|fuzz)/[\w/.]+)`", MODEL))
    assert len(named) > 15
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_threat_has_a_proof_or_is_said_to_stand_open():
    assert len(ROWS) > 25
    for threat, defence, proof in ROWS:
        assert proof.count("`") >= 2 or (threat.startswith("**") and defence.startswith("not ")), threat


def test_the_policy_names_the_threat_model():
    assert "docs/THREAT_MODEL.md" in (ROOT / "SECURITY.md").read_text("utf-8")
