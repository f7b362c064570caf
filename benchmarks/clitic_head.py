"""Measures a learned head for proclitics beside the rule: is it better learned or looked up where a name begins?

    python benchmarks/clitic_head.py SEGMENTED DETOKENISED [--model models/default]

The files and the words are those of `clitics.py`: words that open an entity and begin with a letter that may be a
proclitic. Heads are trained on the blocks "train" and measured on "held-out", where the rule is measured, too. They
read the model's states at the word, which stay as they are (first piece at a middle and the last layer, mean of the
pieces), or the word's first eight letters, or both, or both with the rule's answer; three seeds each. The model was
fine-tuned for names on the same sentences, held-out blocks among them, which favours the heads. Needs torch and
transformers.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from arner.text import fold_plain, proclitic_length
from benchmarks.clitics import ARABIC_WORD, BLOCK, PROCLITIC_LETTERS, gold_cut, read_entities

LETTERS: Final = 8
BATCH_TOKENS: Final = 4096
LONGEST: Final = 400
EPOCHS: Final = 12
SEEDS: Final = 3


@dataclass(frozen=True)
class Opening:
    """A word that opens an entity: where it stands, how many of its letters are proclitics, and its part."""

    sentence: int
    position: int
    word: str
    cut: int
    held_out: bool


def read_sentences(path: Path) -> list[list[tuple[str, str]]]:
    """The sentences of a CoNLL file as (word, tag)."""
    sentences: list[list[tuple[str, str]]] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, tag = line.partition("\t")
        if word:
            sentences[-1].append((word, tag))
        else:
            sentences.append([])
    return sentences


def openings(segmented: Path, written: Path, sentences: list[list[tuple[str, str]]]) -> Iterator[Opening]:
    """The words measured, in their order."""
    places = [
        (number, position)
        for number, sentence in enumerate(sentences)
        for position, (_, tag) in enumerate(sentence)
        if tag.startswith("B-")
    ]
    pairs = zip(read_entities(segmented), read_entities(written), places, strict=True)
    for split, whole, (number, position) in pairs:
        cut, word = gold_cut(split, whole), whole.words[0]
        if cut is not None and ARABIC_WORD.fullmatch(word) and fold_plain(word)[0] in PROCLITIC_LETTERS:
            yield Opening(number, position, word, cut, whole.sentence // BLOCK % 2 == 1)


def states(model_folder: str, sentences: list[list[tuple[str, str]]], words: list[Opening]) -> torch.Tensor:
    """What the model makes of each word in its sentence: (words, 3 × width)."""
    from tokenizers import Tokenizer
    from transformers import BertModel

    tokenizer = Tokenizer.from_file(str(Path(model_folder) / "tokenizer.json"))
    model: Any = BertModel.from_pretrained(model_folder, add_pooling_layer=False, dtype=torch.float32).eval()
    bos, eos, pad = (tokenizer.token_to_id(piece) for piece in ("<s>", "</s>", "<pad>"))
    wanted: dict[int, list[int]] = defaultdict(list)
    for number, opening in enumerate(words):
        wanted[opening.sentence].append(number)
    middle = model.config.num_hidden_layers // 2
    found = torch.zeros(len(words), 3 * model.config.hidden_size)

    def run(batch: list[tuple[int, list[int], dict[int, tuple[int, int]]]]) -> None:
        width = max(len(ids) for _, ids, _ in batch)
        ids = torch.tensor([[*row, *[pad] * (width - len(row))] for _, row, _ in batch])
        with torch.no_grad():
            layers = model(input_ids=ids, attention_mask=(ids != pad).long(), output_hidden_states=True).hidden_states
        for row, (sentence, _, spans) in enumerate(batch):
            for number in wanted[sentence]:
                if words[number].position in spans:
                    start, end = spans[words[number].position]
                    last = layers[-1][row]
                    found[number] = torch.cat([layers[middle][row, start], last[start], last[start:end].mean(0)])

    batch: list[tuple[int, list[int], dict[int, tuple[int, int]]]] = []
    for sentence in sorted(wanted, key=lambda number: len(sentences[number])):
        ids, spans = [bos], {}
        for position, (word, _) in enumerate(sentences[sentence]):
            pieces = tokenizer.encode(fold_plain(word) or word, add_special_tokens=False).ids
            if len(ids) + len(pieces) + 1 > LONGEST:
                break
            spans[position] = (len(ids), len(ids) + len(pieces))
            ids += pieces
        ids.append(eos)
        if batch and len(ids) * (len(batch) + 1) > BATCH_TOKENS:
            run(batch)
            batch = []
        batch.append((sentence, ids, spans))
    run(batch)
    return found


class Head(torch.nn.Module):
    """Two layers over dense features and letters; three classes: no letter, one, two are proclitics."""

    def __init__(self, dense: int, alphabet: int, *, letters: bool) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(alphabet, 24, padding_idx=0) if letters else None
        width = dense + (24 * LETTERS if letters else 0)
        self.layers = torch.nn.Sequential(
            torch.nn.Dropout(0.3), torch.nn.Linear(width, 128), torch.nn.GELU(), torch.nn.Dropout(0.3),
            torch.nn.Linear(128, 3),
        )  # fmt: skip

    def forward(self, dense: torch.Tensor, letters: torch.Tensor) -> torch.Tensor:
        """The classes' logits, from (words, features) and (words, letters)."""
        parts = [dense] if self.embedding is None else [dense, self.embedding(letters).flatten(1)]
        return self.layers(torch.cat(parts, 1))  # type: ignore[no-any-return]


def probabilities(
    dense: torch.Tensor, letters: torch.Tensor, target: torch.Tensor, train: torch.Tensor, seed: int, *, use: bool
) -> torch.Tensor:
    """A head trained on the words `train` marks, run over all words: (words, 3)."""
    torch.manual_seed(seed)
    head = Head(dense.shape[1], int(letters.max()) + 1, letters=use)
    optimiser = torch.optim.AdamW(head.parameters(), 1e-3, weight_decay=0.01)
    chosen = torch.nonzero(train)[:, 0]
    for _ in range(EPOCHS):
        head.train()
        for batch in chosen[torch.randperm(len(chosen))].split(128):
            loss = torch.nn.functional.cross_entropy(head(dense[batch], letters[batch]), target[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    head.eval()
    with torch.no_grad():
        return torch.softmax(head(dense, letters), -1)


def main() -> None:
    """Reads the arguments, trains the heads and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("segmented", type=Path, help="the corpus with clitics as tokens of their own")
    parser.add_argument("detokenised", type=Path, help="the same corpus with words as written")
    parser.add_argument("--model", default="models/default", help="model folder that transformers loads")
    arguments = parser.parse_args()
    sentences = read_sentences(arguments.detokenised)
    words = list(openings(arguments.segmented, arguments.detokenised, sentences))
    alphabet = {letter: n for n, letter in enumerate(sorted({c for w in words for c in fold_plain(w.word)}), 1)}
    plain = [fold_plain(opening.word)[:LETTERS] for opening in words]
    letters = torch.tensor([[alphabet[c] for c in word] + [0] * (LETTERS - len(word)) for word in plain])
    gold = torch.tensor([opening.cut for opening in words])
    held_out = torch.tensor([opening.held_out for opening in words])
    rule = torch.tensor([proclitic_length(opening.word) for opening in words])
    known = {opening.word for opening in words if not opening.held_out}
    unseen = held_out & torch.tensor([opening.word not in known for opening in words])

    dense = states(arguments.model, sentences, words)
    dense = (dense - dense[~held_out].mean(0)) / (dense[~held_out].std(0) + 1e-5)
    answer = torch.nn.functional.one_hot(rule.clamp(max=2), 3).float()
    nothing = dense[:, :0]

    def report(name: str, cut: torch.Tensor) -> None:
        right = cut == gold
        print(f"{name:<44} exact {right[held_out].float().mean():.4f}  unseen words {right[unseen].float().mean():.4f}")

    print(f"{int(held_out.sum())} held-out words, {int(unseen.sum())} of them not among the others")
    report("rule", rule)
    variants = (
        ("states", dense, False),
        ("letters", nothing, True),
        ("states, letters", dense, True),
        ("states, letters, the rule's answer", torch.cat([dense, answer], 1), True),
    )
    for name, features, use in variants:
        runs = [probabilities(features, letters, gold.clamp(max=2), ~held_out, seed, use=use) for seed in range(SEEDS)]
        for seed, run in enumerate(runs):
            report(f"{name}, seed {seed}", run.argmax(-1))
        report(f"{name}, mean of the seeds", torch.stack(runs).mean(0).argmax(-1))


if __name__ == "__main__":
    main()
