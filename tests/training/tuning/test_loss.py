"""The loss of partial labels, and the base model's opinion in it."""

from __future__ import annotations

import numpy as np
import pytest

from arner.ner.labels import LabelScheme
from arner.training.tuning.heads import open_labels, plan_labels
from arner.training.tuning.teacher import translate

torch = pytest.importorskip("torch")

from arner.training.tuning.loss import partial_label_loss  # noqa: E402


def words(*rows):
    return torch.log(torch.tensor(rows))


def allow(*rows):
    return torch.tensor(rows, dtype=torch.bool)


def test_one_allowed_label_gives_cross_entropy():
    logits = words([0.7, 0.2, 0.1], [0.1, 0.6, 0.3]) + 3.0
    loss = partial_label_loss(logits, allow([1, 0, 0], [0, 0, 1]))
    assert float(loss) == pytest.approx(-np.log(0.7) - np.log(0.3), abs=1e-5)


def test_allowed_labels_are_summed_and_weighted():
    loss = partial_label_loss(words([0.5, 0.3, 0.2]), allow([1, 1, 0]), torch.tensor([2.0]))
    assert float(loss) == pytest.approx(-2 * np.log(0.8), abs=1e-5)
    assert float(partial_label_loss(words([0.5, 0.3, 0.2]), allow([1, 1, 1]))) == pytest.approx(0.0, abs=1e-5)


def test_the_teacher_speaks_of_open_labels_only():
    teacher = torch.tensor([[0.1, 0.9, 0.0]])
    given = {"teacher": teacher, "distil": 1.0}
    assert float(partial_label_loss(words([0.2, 0.3, 0.5]), allow([0, 0, 1]), **given)) == pytest.approx(
        -np.log(0.5), abs=1e-5
    )
    agreeing = float(partial_label_loss(words([0.08, 0.72, 0.2]), allow([1, 1, 0]), **given))
    assert agreeing == pytest.approx(-np.log(0.8), abs=1e-5)
    opposed = float(partial_label_loss(words([0.72, 0.08, 0.2]), allow([1, 1, 0]), **given))
    assert opposed > agreeing + 1


def test_a_temperature_teaches_doubt_and_keeps_the_goal():
    """A label that a sure teacher holds for far less unlikely than another one pulls on the weights."""
    sure = torch.tensor([[0.998, 0.0019, 0.0001]])
    gradients = {}
    for temperature in (1.0, 3.0):
        logits = words([0.998, 0.0001, 0.0019]).requires_grad_()
        given = {"teacher": sure, "distil": 1.0, "temperature": temperature}
        partial_label_loss(logits, allow([1, 1, 1]), **given).backward()
        gradients[temperature] = -float(logits.grad[0, 1])
        reached = words([0.998, 0.0019, 0.0001])
        assert float(partial_label_loss(reached, allow([1, 1, 1]), **given)) == pytest.approx(0.0, abs=1e-5)
    assert gradients[3.0] > 10 * gradients[1.0] > 0


def test_the_gradient_is_finite_where_the_teacher_knows_none_of_the_allowed_labels():
    logits = torch.zeros((2, 3), requires_grad=True)
    teacher = torch.tensor([[0.4, 0.6, 0.0], [1.0, 0.0, 0.0]])
    partial_label_loss(logits, allow([0, 0, 1], [1, 0, 0]), teacher=teacher).backward()
    assert torch.isfinite(logits.grad).all()


def test_a_gradient_step_moves_towards_the_teacher():
    logits = torch.zeros((1, 3), requires_grad=True)
    partial_label_loss(logits, allow([1, 1, 0]), teacher=torch.tensor([[0.1, 0.9, 0.0]])).backward()
    assert logits.grad[0, 1] < logits.grad[0, 0] < logits.grad[0, 2]


def test_a_file_leaves_open_what_it_never_marks():
    plan = plan_labels(LabelScheme(("O", "B-PER", "I-PER", "B-LOC", "I-LOC")), ["COMPANY"])
    assert plan.unmarked == ("PER", "LOC")
    assert open_labels(plan.labels, {"COMPANY"}) == (0, 1, 2, 3, 4)
    assert open_labels(plan.labels, {"PER", "LOC"}) == (0, 5, 6)
    assert open_labels(plan.labels, set()) == tuple(range(7))


def test_probabilities_of_other_schemes():
    bioes = LabelScheme(("O", "S-PER", "B-PER", "I-PER", "E-PER"))
    found = translate(np.array([[0.1, 0.2, 0.3, 0.25, 0.15]], dtype=np.float32), bioes, ("O", "B-PER", "I-PER"))
    assert found == pytest.approx(np.array([[0.1, 0.5, 0.4]]))
    dropped = translate(np.array([[0.4, 0.6]], dtype=np.float32), LabelScheme(("O", "B-X")), ("O", "B-PER", "I-PER"))
    assert dropped == pytest.approx(np.array([[0.4, 0.0, 0.0]]))
