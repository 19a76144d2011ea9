"""Test collections made from the training and development data, for what the development set does not show.

    python -m tests.bench_sets DATA OUT

Each is a BEIR folder: citizens' questions to answers with the noise of PDF and OCR, headings to the answers they were
taken from, and titles to long laws of which half look scanned. The bundled model has seen the laws (not their titles
as questions), so figures with and without vectors belong side by side.
"""

from __future__ import annotations

import json
import lzma
import random
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from eval.datasets.beir import BeirFolder, load_beir
from vectorstore.errors import WrongUse

_SEED = 11
_LONGEST_LINE = 85
_CONFUSED = dict(
    zip("ecliomthuans5", ("c", "e", "1", "l", "0", "rn", "f", "b", "ii", "o", "ri", "5", "s"), strict=True)
)
"""Characters and what OCR makes of them."""

_LAWS, _TITLES = 1490, 311
_SHORTEST_LAW, _LONGEST_LAW = 4_000, 30_000
_TITLE = re.compile(r"##\s*[^\n]*\(([^()]{15,140})\)\s*\n")
_HEADING = re.compile(r"[A-Z](?:\S*\s+){3,13}[^\s.;:,?!]*[^\s.;:,?!]")


def make(data: Path, out: Path) -> list[Path]:
    """Write the collections; the same call writes the same.

    Args:
        data: holds `train/laws.jsonl.xz` and `dev/rijksoverheid_faq`.
        out: folder to write them in.

    Raises:
        WrongUse: the data are not there.
    """
    questions = load_beir(data / "dev" / "rijksoverheid_faq")
    made = [noisy(questions), headings(questions), titles(data / "train" / "laws.jsonl.xz")]
    return [_write(folder, out) for folder in made]


def noisy(folder: BeirFolder) -> BeirFolder:
    """The same documents as PDF extraction and OCR would give them."""
    chance = random.Random(_SEED)
    documents = {i: (title, _extracted(_scanned(text, chance, 0.012), chance)) for i, (title, text) in _texts(folder)}
    return replace(folder, name=f"{folder.name}-noisy", documents=documents)


def headings(folder: BeirFolder) -> BeirFolder:
    """Headings within the documents as queries, taken out of the text they stand above."""
    documents: dict[str, tuple[str, str]] = {}
    queries: dict[str, str] = {}
    relevant: dict[str, dict[str, int]] = {}
    for identifier, (title, text) in _texts(folder):
        paragraphs = text.split("\n\n")
        found = [p for p in paragraphs[1:-1] if _HEADING.fullmatch(p) and p not in queries.values()]
        for heading in dict.fromkeys(found):
            relevant[f"h{len(queries)}"] = {identifier: 1}
            queries[f"h{len(queries)}"] = heading
        documents[identifier] = (title, "\n\n".join(p for p in paragraphs if p not in found))
    return BeirFolder(f"{folder.name}-headings", documents, queries, relevant)


def titles(laws: Path) -> BeirFolder:
    """Short titles of laws as queries for their texts, in which the titles are left out."""
    chance = random.Random(_SEED)
    documents: dict[str, tuple[str, str]] = {}
    queries: dict[str, str] = {}
    relevant: dict[str, dict[str, int]] = {}
    for text in _law_texts(laws, chance):
        identifier, title = f"law{len(documents)}", _TITLE.match(text)
        body = text.partition("\n")[2][:_LONGEST_LAW]
        if title and len(queries) < _TITLES and "wijzig" not in title[1].lower():
            queries[identifier], relevant[identifier] = title[1], {identifier: 1}
            body = re.sub(re.escape(title[1]), "deze regeling", body, flags=re.IGNORECASE)
        scanned = chance.random() < 0.5
        documents[identifier] = ("", _scanned(body, chance, chance.choice([0.003, 0.01, 0.02])) if scanned else body)
    return BeirFolder("law-titles", documents, queries, relevant)


def _texts(folder: BeirFolder) -> list[tuple[str, tuple[str, str]]]:
    return list(folder.documents.items())


def _law_texts(laws: Path, chance: random.Random) -> list[str]:
    """Texts of laws long enough, each beginning with its heading."""
    try:
        with lzma.open(laws, "rt", encoding="utf-8") as lines:
            texts = [str(json.loads(line)["text"]).lstrip() for line in lines]
    except OSError as error:
        raise WrongUse(f"{laws} cannot be read ({error}).") from error
    long = [text for text in texts if len(text) >= _SHORTEST_LAW and text.startswith("##")]
    return chance.sample(long, min(_LAWS, len(long)))


def _scanned(text: str, chance: random.Random, rate: float) -> str:
    """A text as OCR reads it: characters taken for others, spaces lost and spaces added."""
    read = []
    for character in text:
        luck = chance.random()
        if luck < rate and character in _CONFUSED:
            read.append(_CONFUSED[character])
        elif character != " " or luck >= 0.02:
            read.append(character + " " if character.isalpha() and luck > 1 - rate / 7 else character)
    return "".join(read)


def _extracted(text: str, chance: random.Random) -> str:
    """A text as PDF extraction gives it: short lines, words broken at their ends and words glued together."""
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > _LONGEST_LINE:
            cut = chance.randint(3, len(word) - 3) if len(word) > 7 and chance.random() < 0.3 else 0
            lines.append(f"{line} {word[:cut]}-" if cut else line)
            line = word[cut:]
        else:
            line += ("" if chance.random() < 0.04 else " ") + word
    return "\n".join([*lines, line])


def _write(folder: BeirFolder, out: Path) -> Path:
    path = out / folder.name
    (path / "qrels").mkdir(parents=True, exist_ok=True)
    documents = [{"_id": i, "title": title, "text": text} for i, (title, text) in folder.documents.items()]
    _write_rows(path / "corpus.jsonl", documents)
    _write_rows(path / "queries.jsonl", [{"_id": i, "text": text} for i, text in folder.queries.items()])
    grades = [f"{query}\t{i}\t{grade}" for query, found in folder.relevant.items() for i, grade in found.items()]
    (path / "qrels" / "test.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *grades]), encoding="utf-8")
    return path


def _write_rows(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")


if __name__ == "__main__":
    for made in make(Path(sys.argv[1]), Path(sys.argv[2])):
        print(made)
