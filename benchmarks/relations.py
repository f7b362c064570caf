"""Measure what the rule layer costs: words per second on one core, names given, and how the cost grows with the text.

    python benchmarks/relations.py                         # a text of this file, from 1 k to 1 M words
    python benchmarks/relations.py FOLDER_OR_FILE...       # documents with names: *.json and *.jsonl

A document is an object with "text" and "mentions" [start, end, type]: what `arner extract --format jsonl` writes, or
annotated by hand. Words are split, names linked and sentences cut before the clock starts; their own cost is told
beside. Times are processor times, the best of the repeats. The last line has the exponent of the growth: 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from arner.knowledge import Knowledge, load_knowledge
from arner.linking import LinkedText, link
from arner.relations import RuleSet, find_relations, load_rules
from arner.relations.examples import parse_example
from arner.text.sentences import split_sentences
from arner.text.words import Word, split_words

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
REPORT = """\
وصل الرئيس التونسي [خالد نعمان PER] مساء الأربعاء إلى [نيروبي LOC] في زيارة رسمية تستمر يومين، حيث كان في
استقباله نظيره الكيني [جون أوتينو PER] وعدد من الوزراء.

وقال المتحدث باسم [وزارة الخارجية الكينية ORG] [ديفيد موانغي PER] إن الجانبين بحثا سبل التعاون في مجالات الطاقة
والتعليم، ووقعا ثلاثة اتفاقات.

ولم يلتق الضيف زعيم المعارضة [سمير عوض PER]، الذي انتقد الزيارة وعدها دعاية انتخابية لا طائل منها.

وتعد [كينيا LOC] عضوا في [رابطة دول الشرق ORG]، التي تأسست عام 1987 ومقرها [أديس أبابا LOC].

وأضاف في مؤتمر صحفي أن الأمطار الغزيرة التي هطلت خلال الأسبوع الماضي ألحقت أضرارا كبيرة بالطرق والمزارع في عدة
مناطق، وأن فرق الإنقاذ ما زالت تعمل.

ومن المقرر أن يزور وزير المالية [عادل بن سالم PER] [القاهرة LOC] و[عمان LOC] الشهر المقبل لإجراء محادثات مع
مسؤولين من [صندوق التنمية ORG].

ونقلت صحيفة «[النهار الجديد ORG]» الكينية عن خبراء قولهم إن أسعار القمح ارتفعت بنسبة 12 بالمئة منذ بداية العام،
وهو ما أثر في ميزانيات الأسر.

ورفضت [تونس LOC] اتهامات [كينيا LOC] بشأن الحدود، مؤكدة أنها تدعم جهود [رابطة دول الشرق ORG] لحل النزاع بين
البلدين.

وفي سياق متصل، أعلنت شركة [بحر الشمال ORG] أنها استحوذت على حصة في [مصرف الوفاء ORG] بقيمة 40 مليون دولار.

ولد [خالد نعمان PER] في [صفاقس LOC] عام 1958، وتخرج في [جامعة تونس ORG]، وزوجته الطبيبة [ليلى عوض PER].

وأكد سكان القرية أنهم لم يتلقوا أي مساعدة حتى الآن، وأن المدارس ستبقى مغلقة إلى نهاية الأسبوع بسبب سوء الأحوال
الجوية.
"""
"""A report written for this benchmark, its names marked as in the examples of rule files."""


class Name(NamedTuple):
    """A marked name as linking takes it."""

    start: int
    end: int
    type: str
    score: float = 1.0


class Prepared(NamedTuple):
    """A text with all that the rule layer is given."""

    text: str
    words: list[Word]
    sentences: list[tuple[int, int]]
    linked: LinkedText
    count: int
    seconds: float
    """What preparing it took."""


def report(size: int) -> tuple[str, list[Name]]:
    """The report over and over, up to about `size` words, with its names."""
    parsed = [parse_example(" ".join(sentence.split())) for sentence in REPORT.split("\n\n")]
    lengths = [len(example.text.split()) for example in parsed]
    parts: list[str] = []
    names: list[Name] = []
    offset = words = n = 0
    while words < size:
        example = parsed[n % len(parsed)]
        names += [Name(offset + name.start, offset + name.end, name.type) for name in example.names]
        parts.append(example.text)
        offset += len(example.text) + 1
        words += lengths[n % len(parsed)]
        n += 1
    return "\n".join(parts), names


def documents(paths: Sequence[Path]) -> Iterator[tuple[str, list[Name]]]:
    """Text and names of each document in the files and folders."""
    for path in paths:
        files = sorted([*path.glob("*.json"), *path.glob("*.jsonl")]) if path.is_dir() else [path]
        for file in files:
            content = file.read_text("utf-8")
            for piece in content.splitlines() if file.suffix == ".jsonl" else [content]:
                if piece.strip():
                    data = json.loads(piece)
                    names = [m for m in data["mentions"] if m.get("kind", "name") == "name"]
                    yield data["text"], [Name(m["start"], m["end"], m["type"]) for m in names]


def prepare(text: str, names: Sequence[Name], knowledge: Knowledge) -> Prepared:
    """Words, sentences and linked names of a text."""
    begin = time.process_time()
    words = split_words(text)
    sentences = split_sentences(words, text)
    linked = link(text, words, names, knowledge)
    seconds = time.process_time() - begin
    count = sum(word.kind not in ("punctuation", "symbol") for word in words)
    return Prepared(text, words, sentences, linked, count, seconds)


def measure(prepared: Sequence[Prepared], knowledge: Knowledge, rules: RuleSet, repeats: int) -> tuple[float, int]:
    """The least seconds that reading all of them takes, and how many relations there are."""
    best, found = math.inf, 0
    for _ in range(repeats):
        begin = time.process_time()
        found = 0
        for text, words, sentences, linked, _, _ in prepared:
            found += len(find_relations(text, words, sentences, linked, knowledge, rules)[1])
        best = min(best, time.process_time() - begin)
    return best, found


def exponent(points: Sequence[tuple[int, float]]) -> float:
    """The slope of log seconds over log words: 1 for linear growth, 2 for quadratic.

    >>> round(exponent([(10, 1.0), (100, 10.0), (1000, 100.0)]), 2)
    1.0
    """
    xs, ys = [math.log(words) for words, _ in points], [math.log(seconds) for _, seconds in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line per size, or one for the documents."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path, nargs="*", help="folders or files of documents with names")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="WORDS", help="sizes of the text")
    parser.add_argument("--rules", type=Path, action="append", default=[], help="a rule file of your own")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(arguments)
    knowledge, rules = load_knowledge(), load_rules(options.rules)
    points: list[tuple[int, float]] = []
    if options.documents:
        texts = [list(documents(options.documents))]
        if not texts[0]:
            parser.error("no documents found")
    else:
        texts = [[report(size)] for size in options.sizes]
    print(
        f"{'documents':>9} {'words':>9} {'relations':>9} {'seconds':>8} {'words/s':>8}   splitting and linking, words/s"
    )
    for given in texts:
        prepared = [prepare(text, names, knowledge) for text, names in given]
        words = sum(one.count for one in prepared)
        repeats = options.repeats if words < 200_000 else 1
        seconds, found = measure(prepared, knowledge, rules, repeats)
        points.append((words, seconds))
        before = words / max(1e-9, sum(one.seconds for one in prepared))
        print(f"{len(prepared):9} {words:9} {found:9} {seconds:8.3f} {words / seconds:8.0f}   {before:.0f}", flush=True)
    if len(points) > 1:
        print(f"growth: seconds ~ words ^ {exponent(points):.3f}")


if __name__ == "__main__":
    main()
