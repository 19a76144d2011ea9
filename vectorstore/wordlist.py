"""Make the Dutch word list that compound splitting rests on: word forms and how often each occurs.

    python -m vectorstore.wordlist --data FOLDER

reads the laws, the Dutch side of Tatoeba and the Dutch side of Wiktionary in FOLDER (`train/laws.jsonl.xz`,
`train/tatoeba.nld`, `train/wiktionary_en-nl.txt`) and writes `vectorstore/data/words.tsv.gz`, word and count per line,
most frequent first. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from vectorstore.dutch import WORDS_FILE, fold

LEAST_COUNT = 8
"""A form seen less often in the laws is as often a slip as a word."""

_WORD = re.compile(r"[a-z]{3,30}")


def law_words(path: Path) -> Iterator[str]:
    """Folded word forms of the laws, in running text."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from _WORD.findall(fold(json.loads(line)["text"]))


def dictionary_words(path: Path) -> Iterator[str]:
    """Folded Dutch headwords of a Wiktionary glossary, single words only."""
    for line in path.read_text(encoding="utf-8").splitlines():
        _, _, translations = line.partition("::")
        for translation in translations.split(","):
            word = fold(translation.split("{")[0].strip())
            if _WORD.fullmatch(word):
                yield word


def count_words(data: Path) -> Counter[str]:
    """Counts of word forms; a dictionary headword counts as if it had been seen often enough to be trusted."""
    counts = Counter(law_words(data / "train" / "laws.jsonl.xz"))
    everyday = _WORD.findall(fold((data / "train" / "tatoeba.nld").read_text(encoding="utf-8")))
    for word in everyday:
        counts[word] += LEAST_COUNT
    counts = Counter({word: count for word, count in counts.items() if count >= LEAST_COUNT})
    for word in dictionary_words(data / "train" / "wiktionary_en-nl.txt"):
        counts[word] += LEAST_COUNT
    return counts


def main() -> None:
    """Write the word list."""
    parser = argparse.ArgumentParser(prog="python -m vectorstore.wordlist", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train/laws.jsonl.xz and the others")
    counts = count_words(parser.parse_args().data)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    lines = "".join(f"{word}\t{count}\n" for word, count in ordered)
    with gzip.GzipFile(WORDS_FILE, "wb", mtime=0) as out:
        out.write(lines.encode("utf-8"))


if __name__ == "__main__":
    main()
