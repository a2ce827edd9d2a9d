"""A synthetic corpus of search results with known duplicates, made from the project's references.

Nothing in it is a real record. Titles are chains of words that follow each other in the real
titles, with invented terms among them; names, journals and numbers are drawn. A third of the
reports stands there two or three times, as other databases write them; one in twenty is followed
by another report of the same study, which is no duplicate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pandas as pd
from reading.exports import FILES, LIBRARY

from synthesis.library.records import read_records

COLUMNS = ("record_id", "report", "title", "authors", "year", "journal", "volume", "number",
           "pages", "doi")  # fmt: skip
_SYLLABLES = re.findall("..", "bacedifoguhakilomunaperisotuvaxiyoze")
_SEQUELS = (": study protocol", ": economic evaluation", ": 24-month outcomes", " Part II")


def corpus(count: int, seed: int = 1) -> pd.DataFrame:
    """Return `count` records; those with one value of ``report`` are one report.

    Parameters
    ----------
    count : int
        How many.
    seed : int
        The same seed gives the same corpus.

    Returns
    -------
    DataFrame
        `COLUMNS`, all text.
    """
    random = Random(seed)
    read, _ = read_records([LIBRARY / name for name in FILES])
    chain = _chain(read["title"].tolist())
    journals = [*read["journal"].unique(), *(_journal(random) for _ in range(2000))]
    people = [name for row in read["authors"] for name in row.split("; ")]
    families = [
        *sorted({name.partition(",")[0] for name in people}),
        *(_term(random) for _ in range(20_000)),
    ]
    given = sorted({name.partition(", ")[2] for name in people if "." not in name})
    rows: list[tuple[str, ...]] = []
    report = 0
    while len(rows) < count:
        one = _report(random, chain, journals, families, given)
        series = [one]
        if random.random() < 0.05:
            series.append(_sequel(random, one))
        for each in series:
            report += 1
            copies = random.choices((0, 1, 2), (67, 22, 11))[0]
            for row in (each, *(_rewritten(random, each) for _ in range(copies))):
                rows.append((str(report), *row.values()))
    random.shuffle(rows)
    numbered = [(f"r{number}", *row) for number, row in enumerate(rows[:count])]
    return pd.DataFrame(numbered, columns=list(COLUMNS))


def _chain(titles: Sequence[str]) -> dict[str, list[str]]:
    """Return which words follow each word of the titles."""
    following: dict[str, list[str]] = {}
    for title in titles:
        words = ["", *re.findall(r"[\w-]+", title.lower())]
        for word, after in pairwise(words):
            following.setdefault(word, []).append(after)
    return following


def _term(random: Random) -> str:
    return "".join(random.choices(_SYLLABLES, k=random.randint(2, 4))).capitalize()


def _journal(random: Random) -> str:
    kind = random.choice(("Journal of", "Annals of", "Archives of", "International Journal of"))
    return f"{kind} {_term(random)} {random.choice(('Medicine', 'Care', 'Research', 'Nursing'))}"


def _report(
    random: Random,
    chain: dict[str, list[str]],
    journals: Sequence[str],
    families: Sequence[str],
    given: Sequence[str],
) -> dict[str, str]:
    words, word = [], ""
    for _ in range(random.randint(6, 15)):
        word = random.choice(chain.get(word) or chain[""])
        words.append(word)
    for _ in range(random.randint(1, 3)):
        words.insert(random.randrange(len(words)), _term(random).lower())
    number, year, page = random.randint(1, 12), random.randint(1990, 2025), random.randint(1, 2000)
    authors = [
        f"{random.choice(families)}, {random.choice(given)}" for _ in range(random.randint(1, 8))
    ]
    return {
        "title": " ".join(words).capitalize(),
        "authors": "; ".join(authors),
        "year": str(year),
        "journal": random.choice(journals),
        "volume": str(year - random.randint(1950, 1985)),
        "number": str(number),
        "pages": f"{page}-{page + random.randint(2, 15)}",
        "doi": f"10.{random.randint(1000, 9999)}/{_term(random).lower()}.{random.randrange(10**7)}",
    }


def _sequel(random: Random, one: dict[str, str]) -> dict[str, str]:
    """Return another report of the same study: one team and nearly one title, another place."""
    page = random.randint(1, 2000)
    return {
        **one,
        "title": one["title"] + random.choice(_SEQUELS),
        "year": str(int(one["year"]) + random.randint(0, 2)),
        "volume": str(int(one["volume"]) + random.randint(0, 2)),
        "number": str(random.randint(1, 12)),
        "pages": f"{page}-{page + 8}",
        "doi": f"{one['doi']}{random.randint(2, 9)}",
    }


def _rewritten(random: Random, one: dict[str, str]) -> dict[str, str]:
    """Return a record as another database would write it."""
    row = dict(one)
    if random.random() < 0.4:  # initials for given names
        row["authors"] = re.sub(r", (\w)[\w.\- ]*", r", \1.", row["authors"])
    if random.random() < 0.2:  # a full stop, or capitals
        row["title"] = row["title"].upper() if random.random() < 0.5 else f"{row['title']}."
    if random.random() < 0.1:  # a slip of typing
        at = random.randrange(len(row["title"]) - 1)
        row["title"] = row["title"][:at] + row["title"][at + 1 :]
    if random.random() < 0.03:  # the end of a title left out
        row["title"] = " ".join(row["title"].split()[: random.randint(4, 8)])
    if random.random() < 0.03:  # the first author's name split or spelled otherwise
        row["authors"] = row["authors"][:2] + row["authors"][3:]
    if random.random() < 0.02:  # authors missing
        row["authors"] = ""
    if random.random() < 0.3:  # first page alone, or the last one shortened
        begin, _, end = row["pages"].partition("-")
        row["pages"] = begin if random.random() < 0.5 else f"{begin}-{end[-2:]}"
    if random.random() < 0.3:  # the journal in short
        row["journal"] = " ".join(word[:4] for word in row["journal"].split() if word != "of")
    if random.random() < 0.1:  # the year it was first online
        row["year"] = str(int(row["year"]) - 1)
    for name, share in (("doi", 0.45), ("number", 0.2), ("pages", 0.05), ("volume", 0.05)):
        if random.random() < share:
            row[name] = ""
    return row
