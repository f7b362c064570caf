"""Rebuilds `arner/text/data/name_words.tsv`: the first words of Arabic names, with a weight each.

The weight says how often a word opens a name in the sources; `arner.text.clitics` weighs a word against the same word
without its first letter by it. Sources and licences: `arner/text/data/README.md`.

    python scripts/build_name_words.py SOURCES arner/text/data/name_words.tsv

SOURCES is a folder that holds the unpacked sources under the names used below; one that is missing is an error.
The lists kept by hand, head_words.txt and cut_words.txt, lie beside the output.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from arner.text import name_key

ARABIC_KEY: Final = re.compile("[\u0621-\u064a]+")
PROCLITIC_LETTERS: Final = "وفبلكس"
COUNTRY, CAPITAL, ZONE_CITY, HEAD_WORD = 150, 60, 20, 100
LEAST_ELSEWHERE: Final = 4
"""Words that start with no proclitic letter are only ever what is left after a cut: the frequent ones are enough."""


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def json_lines(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def add(weights: Counter[str], name: str, weight: int, *, surname: bool = False) -> None:
    parts = name_key(name.split("(")[0]).split()
    if parts and ARABIC_KEY.fullmatch(parts[0]):
        weights[parts[0]] += weight
    if surname and len(parts) > 1 and ARABIC_KEY.fullmatch(parts[-1]):
        weights[parts[-1]] += weight


def listed(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def collect(sources: Path, data: Path) -> Counter[str]:
    weights: Counter[str] = Counter()
    for word in listed(data / "head_words.txt"):
        add(weights, word, HEAD_WORD)
    for row in rows(sources / "wikidata_person_name_parts.tsv"):
        add(weights, row["ar"], int(row["count"]))
    for row in rows(sources / "arabic_name_romanizer" / "units.tsv"):
        add(weights, row["arabic_key"], int(row["count"]))
    wikicats = sources / "arwikicats"
    seen: set[str] = set()
    for file in ("cities", "clubs", "places_NEW_P17_FINAL", "regions_popopo", "misc_entities_yy2", "mixed_pf_keys2"):
        for row in rows(wikicats / f"{file}.tsv"):
            if row["ar"] not in seen:
                seen.add(row["ar"])
                add(weights, row["ar"], 1)
    for row in rows(wikicats / "people.tsv"):
        add(weights, row["ar"], 1, surname=True)
    for row in rows(sources / "merged_preview" / "cities.tsv"):
        for alias in row["ar_aliases"].split("|"):
            add(weights, alias, 1 + int(row["population"] or 0) // 200_000)
    for row in rows(sources / "country_codes_unterm" / "countries_ar.tsv"):
        for column in ("unsd_ar", "unterm_ar_short"):
            add(weights, row[column] or "", COUNTRY)
    for row in rows(sources / "cldr" / "territories_ar.tsv"):
        add(weights, row["ar"], COUNTRY // 3)
    for row in rows(sources / "cldr" / "tz_cities_ar.tsv"):
        add(weights, row["ar"], ZONE_CITY)
    for row in rows(sources / "pypi_world_countries" / "countries_ar.tsv"):
        add(weights, row["ar"], COUNTRY // 3)
        add(weights, row["capital_ar"] or "", CAPITAL)
    for file, surname in (("people", True), ("organisations", False)):
        for entry in json_lines(sources / "curated" / f"{file}.jsonl"):
            aliases = entry["aliases"]
            assert isinstance(aliases, list)
            for name in (entry["name"], *aliases):
                add(weights, str(name), 5, surname=surname)
    for word in listed(data / "cut_words.txt"):
        del weights[name_key(word)]
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    weights = collect(arguments.sources, arguments.output.parent)
    kept = {
        word: weight
        for word, weight in weights.items()
        if len(word) > 1 and (word[0] in PROCLITIC_LETTERS or weight >= LEAST_ELSEWHERE)
    }
    lines = (f"{word}\t{weight}\n" for word, weight in sorted(kept.items()))
    arguments.output.write_text("".join(lines), encoding="utf-8")
    print(f"{len(kept)} words, {arguments.output.stat().st_size} bytes")


if __name__ == "__main__":
    main()
