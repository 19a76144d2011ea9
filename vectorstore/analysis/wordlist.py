"""Make the word lists that the analysis of Dutch and the translation of English questions rest on.

    python -m vectorstore.analysis.wordlist --data FOLDER

reads the laws, the Dutch side of Tatoeba and Wiktionary's English-Dutch glosses in FOLDER (`train/laws.jsonl.xz`,
`train/tatoeba.nld`, `train/wiktionary_en-nl.txt`) and writes two files in `vectorstore/data`: `words.tsv.gz` (folded
word form, how often it occurs in all, how often in everyday sentences, parts of speech as letters n, v and a; most
frequent first) and `dictionary.tsv.gz`
(English word or phrase, Dutch ones). The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from vectorstore.analysis.dutch import DICTIONARY_FILE, WORDS_FILE, fold, tokens

LEAST_COUNT = 8
"""A form seen less often than this in the laws is as likely a slip as a word."""

MOST_TRANSLATIONS = 4
"""Translations kept per English word; later ones are rarer senses."""

_WORD = re.compile(r"[a-z]{3,30}")
_ENTRY = re.compile(r"^(?P<english>[^{(:#]+?) \{(?P<speech>\w+)\}(?: \(.*?\))? :: (?P<dutch>\S.*)$")
_SPEECH = {"n": "n", "prop": "n", "v": "v", "adj": "a"}


def law_words(path: Path) -> Iterator[str]:
    """Yield the folded word forms of the laws, in running text."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from _WORD.findall(fold(json.loads(line)["text"]))


def entries(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yield English headword, part of speech and Dutch translations of each line of a Wiktionary glossary."""
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _ENTRY.match(line)
        if match:
            dutch = [re.sub(r"\{[^}]*\}|\[[^]]*\]|\([^)]*\)", "", item).strip() for item in match["dutch"].split(",")]
            yield match["english"].strip(), match["speech"], [word for word in dutch if word]


def dictionary_words(path: Path) -> dict[str, set[str]]:
    """Return the parts of speech (n, v, a) of the folded Dutch headwords (single words) of a Wiktionary glossary."""
    speech: dict[str, set[str]] = {}
    for _, part, dutch in entries(path):
        for word in map(fold, dutch):
            if _WORD.fullmatch(word):
                speech.setdefault(word, set()).add(_SPEECH.get(part, ""))
    return speech


def translations(path: Path) -> dict[str, list[str]]:
    """Return the Dutch translations of English words and short phrases, in the order of the glossary."""
    table: dict[str, list[str]] = {}
    for english, part, dutch in entries(path):
        key = " ".join(tokens(english.removeprefix("to ") if part == "v" else english))
        if key and len(key.split()) <= 3 and (part in _SPEECH or part == "adv"):
            found = table.setdefault(key, [])
            found += [word for word in dutch if word not in found and len(word.split()) <= 3]
    return {english: dutch[:MOST_TRANSLATIONS] for english, dutch in table.items() if dutch}


def everyday_words(path: Path) -> Counter[str]:
    """Count the folded word forms in everyday sentences."""
    return Counter(_WORD.findall(fold(path.read_text(encoding="utf-8"))))


def count_weighed_words(laws: Path, everyday: Counter[str]) -> Counter[str]:
    """Count word forms; an everyday form is kept however rare it is, others only if they occur often enough."""
    counts = Counter(law_words(laws))
    for word, count in everyday.items():
        counts[word] += LEAST_COUNT * count
    return Counter({word: count for word, count in counts.items() if count >= LEAST_COUNT})


def main() -> None:
    """Write the word list."""
    parser = argparse.ArgumentParser(prog="python -m vectorstore.analysis.wordlist", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train/laws.jsonl.xz and the others")
    data: Path = parser.parse_args().data
    glossary = data / "train" / "wiktionary_en-nl.txt"
    everyday, speech = everyday_words(data / "train" / "tatoeba.nld"), dictionary_words(glossary)
    counts = count_weighed_words(data / "train" / "laws.jsonl.xz", everyday)
    for word in speech:
        counts[word] += LEAST_COUNT
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    _write(WORDS_FILE, (_row(word, count, everyday, speech) for word, count in ordered))
    table = translations(glossary)
    _write(DICTIONARY_FILE, (f"{english}\t{' | '.join(dutch)}" for english, dutch in sorted(table.items())))


def _row(word: str, count: int, everyday: Counter[str], speech: dict[str, set[str]]) -> str:
    return f"{word}\t{count}\t{everyday[word]}\t{''.join(sorted(speech.get(word, ())))}"


def _write(path: Path, lines: Iterable[str]) -> None:
    with gzip.GzipFile(path, "wb", mtime=0) as out:
        out.write("".join(f"{line}\n" for line in lines).encode("utf-8"))


if __name__ == "__main__":
    main()
