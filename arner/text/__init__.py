"""Raw Arabic text: folding with an offset map, words and their clitics, sentences, dates."""

from arner.text.clitics import proclitic_length, proclitics_of
from arner.text.dates import DateMention, find_dates
from arner.text.folding import FoldedText, fold, fold_plain, name_key
from arner.text.sentences import split_sentences
from arner.text.words import Word, WordKind, split_words

__all__ = [
    "DateMention",
    "FoldedText",
    "Word",
    "WordKind",
    "find_dates",
    "fold",
    "fold_plain",
    "name_key",
    "proclitic_length",
    "proclitics_of",
    "split_sentences",
    "split_words",
]
