"""What a fine-tuning run is made of: labels old and new, sequences, held-out texts, the order of learning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner.ner.labels import LabelScheme
from arner.training.data.labelled import LabelledSpan, LabelledText, Source, passages
from arner.training.data.split import hold_out
from arner.training.tuning.heads import fit_head, plan_labels
from arner.training.tuning.sampling import epoch_batches
from arner.training.tuning.sequences import IGNORED, encode

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")


def test_labels_of_the_new_model():
    bioes = LabelScheme(("O", "S-PER", "B-PER", "I-PER", "E-PER", "S-ORG", "B-ORG", "I-ORG", "E-ORG"))
    plan = plan_labels(bioes, ["DRUG", "PER"])
    assert plan.labels == ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-DRUG", "I-DRUG")
    assert (plan.kept, plan.unmarked, plan.new, plan.dropped) == (("PER",), ("ORG",), ("DRUG",), ())
    complete = plan_labels(bioes, ["DRUG", "PER"], complete=True)
    assert complete.labels == ("O", "B-PER", "I-PER", "B-DRUG", "I-DRUG")
    assert (complete.unmarked, complete.dropped) == ((), ("ORG",))
    assert plan_labels(None, ["PER"]).new == ("PER",)


def test_rows_of_old_types_are_taken_over(small_model):
    model = transformers.AutoModelForTokenClassification.from_pretrained(small_model)
    old = model.classifier.weight.detach().clone()
    base = LabelScheme(("O", "B-LOC", "I-LOC", "B-PER", "I-PER"))
    fit_head(model, base, plan_labels(base, ["DRUG", "PER"], complete=True), seed=1)
    new = model.classifier.weight
    assert torch.equal(new[0], old[0])
    assert torch.equal(new[1:3], old[3:5])
    assert torch.allclose(new[3], old[[1, 3]].mean(0), atol=0.1)
    assert model.config.id2label[3] == "B-DRUG"
    assert model(input_ids=torch.tensor([[0, 5, 2]])).logits.shape == (1, 3, 5)


def text(body, *spans, line=1):
    return LabelledText(body, tuple(LabelledSpan(*span) for span in spans), Source("a", line))


def test_a_long_sentence_is_read_in_windows_and_each_word_learnt_once(small_model):
    from arner.ner.word_tokenizer import WordTokenizer

    tokenizer = WordTokenizer.from_file(small_model / "tokenizer.json")
    sentence = text(" ".join(["وصل إلى باريس"] * 40))
    encoded = encode([sentence, text("وصل")], tokenizer, {"O": 0}, window=32, stride=7)
    assert len(encoded) > 3
    assert all(len(item.ids) == len(item.labels) <= 32 for item in encoded)
    assert sum(label != IGNORED for item in encoded for label in item.labels) == 121


def test_passages_join_sentences_of_one_file():
    tagged = [
        LabelledText("زار سامح", (LabelledSpan(4, 8, "PER"),), Source("a", n), ((0, 3), (4, 8))) for n in (1, 4, 7)
    ]
    first, second = passages(tagged, 2)
    assert first.text == "زار سامح\nزار سامح"
    assert first.labels == ("O", "B-PER") * 2
    assert second.text == "زار سامح"


def test_held_out_texts_do_not_leak():
    texts = [text(f"جملة {number % 10}", line=number) for number in range(60)]
    learn, judge = hold_out(texts, 0.2, seed=1)
    assert len(learn) + len(judge) == 60
    assert 10 <= len(judge) <= 20
    assert not {part.key for part in learn} & {part.key for part in judge}
    assert hold_out(texts, 0.2, seed=1) == (learn, judge)
    with pytest.raises(ValueError, match="two different"):
        hold_out([text("جملة"), text("جملة")], 0.5, seed=1)


def test_the_order_is_fixed_by_seed_and_epoch():
    lengths = [5, 90, 7, 80, 6, 85, 300] * 3
    first = epoch_batches(lengths, 200, seed=1, epoch=0)
    assert sorted(index for batch in first for index in batch) == list(range(21))
    assert first == epoch_batches(lengths, 200, seed=1, epoch=0)
    assert len({str(epoch_batches(lengths, 200, seed=1, epoch=epoch)) for epoch in range(5)}) == 5
    assert first != epoch_batches(lengths, 200, seed=2, epoch=0)


@given(st.lists(st.integers(2, 300), min_size=1, max_size=60), st.integers(16, 1000), st.integers(0, 9))
def test_batches_keep_their_budget(lengths, budget, epoch):
    batches = epoch_batches(lengths, budget, seed=1, epoch=epoch)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= budget
